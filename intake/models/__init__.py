from intake.models.content import CallerMessage, Guide, GuideApproval, HelpLine, HelpLineCheck
from intake.models.draft import Draft
from intake.models.enquiry import Enquiry
from intake.models.lead_import import LeadImport
from intake.models.ruleset import Replay, Rule, RuleFlag, RuleSet, RuleSetEvent

__all__ = [
    "CallerMessage",
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
