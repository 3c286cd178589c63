from intake.models.content import CallerMessage, Guide, GuideApproval, HelpLine, HelpLineCheck
from intake.models.draft import Draft
from intake.models.enquiry import Enquiry
from intake.models.ruleset import Rule, RuleSet

__all__ = [
    "CallerMessage",
    "Draft",
    "Enquiry",
    "Guide",
    "GuideApproval",
    "HelpLine",
    "HelpLineCheck",
    "Rule",
    "RuleSet",
]
