from intake.models.content import CallerMessage, Guide, HelpLine
from intake.models.enquiry import Enquiry
from intake.models.ruleset import Rule, RuleSet

__all__ = ["CallerMessage", "Enquiry", "Guide", "HelpLine", "Rule", "RuleSet"]
