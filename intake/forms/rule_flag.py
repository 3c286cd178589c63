"""Saying that a rule looks wrong, and what somebody answered to that."""

from typing import Any

from django import forms

from crm.forms.fields import text
from crm.forms.lead_form import LeadForm
from crm.models import Lead
from crm.selectors.leads import latest_placement

MISSING = "missing"  # no rule is wrong: one is missing


class RuleFlagForm(LeadForm):
    name = "rule-flag"
    rule = forms.ChoiceField(label="Which rule", error_messages={"required": "Choose the rule."})
    note = text("What looks wrong", "Managers and clinical leads read this. The lead stays as it is.", rows=2)

    def __init__(self, *args: Any, lead: Lead, **kwargs: Any) -> None:
        super().__init__(*args, lead=lead, **kwargs)
        placement = latest_placement(lead)
        fired = [(rule["id"], rule["reason"]) for rule in (placement.rules if placement else [])]
        self.offer("rule", [("", "Choose"), *fired, (MISSING, "None of these: a rule is missing")])

    def clean_rule(self) -> str:
        """Return the rule's id; empty for a missing one."""
        rule = str(self.cleaned_data["rule"])
        return "" if rule == MISSING else rule
