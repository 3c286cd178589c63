from intake.models.content import CallerMessage, Guide, HelpLine
from intake.models.draft import Draft
from intake.models.enquiry import Enquiry
from intake.models.ruleset import Rule, RuleSet

__all__ = ["CallerMessage", "Draft", "Enquiry", "Guide", "HelpLine", "Rule", "RuleSet"]
