from intake.models.content import CallerMessage, Guide, GuideApproval, HelpLine, HelpLineCheck
from intake.models.draft import Draft
from intake.models.enquiry import Enquiry
from intake.models.lead_import import LeadImport
from intake.models.ruleset import Replay, Rule, RuleFlag, RuleSet, RuleSetEvent
from intake.models.watch import Audit, CanaryRun

__all__ = [
    "Audit",
    "CallerMessage",
    "CanaryRun",
    "Draft",
    "Enquiry",
    "Guide",
    "GuideApproval",
    "HelpLine",
    "HelpLineCheck",
    "LeadImport",
    "Replay",
    "Rule",
    "RuleFlag",
    "RuleSet",
    "RuleSetEvent",
]
