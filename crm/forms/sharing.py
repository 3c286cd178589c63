"""What the person discussed said, when they were asked whether the caller may be told."""

from typing import Any

from django import forms

from crm.forms.fields import text
from crm.forms.lead_form import LeadForm
from crm.models import Lead


class SharingForm(LeadForm):
    name = "sharing"
    may_share = forms.ChoiceField(
        widget=forms.RadioSelect,
        choices=[("yes", "Yes"), ("no", "No")],
        error_messages={"required": "Choose what they said."},
    )
    how = text("When and how they said it", rows=2)

    def __init__(self, *args: Any, lead: Lead, **kwargs: Any) -> None:
        super().__init__(*args, lead=lead, **kwargs)
        caller, patient = lead.caller.name or "the caller", lead.patient.name or "the person discussed"
        self.fields["may_share"].label = f"Did {patient} agree that {caller} may be told how they are?"

    def clean_may_share(self) -> bool:
        return bool(self.cleaned_data["may_share"] == "yes")
