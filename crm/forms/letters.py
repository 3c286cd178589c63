"""Sending ready-made words."""

from django import forms

from crm.enums import Party
from crm.forms.lead_form import LeadForm
from crm.letters import LETTERS
from crm.models import Person
from notifications.enums import MessageKind


class LetterForm(LeadForm):
    name = "letter"
    kind = forms.ChoiceField(
        choices=[(kind.value, kind.label) for kind in LETTERS],
        widget=forms.HiddenInput,
        error_messages={"required": "Choose what to send.", "invalid_choice": "Choose what to send."},
    )

    to = forms.ChoiceField(choices=Party, required=False, widget=forms.HiddenInput)

    def clean_to(self) -> Person:
        """Return whom it is for: the caller, unless the form says the other."""
        return self.lead.patient if self.cleaned_data["to"] == Party.PATIENT else self.lead.caller

    def clean_kind(self) -> MessageKind:
        return MessageKind(self.cleaned_data["kind"])
