"""Sending ready-made words."""

from django import forms

from crm.forms.lead_actions import LeadForm
from crm.letters import LETTERS
from notifications.enums import MessageKind


class LetterForm(LeadForm):
    name = "letter"
    kind = forms.ChoiceField(
        choices=[(kind.value, kind.label) for kind in LETTERS],
        widget=forms.HiddenInput,
        error_messages={"required": "Choose what to send.", "invalid_choice": "Choose what to send."},
    )

    def clean_kind(self) -> MessageKind:
        return MessageKind(self.cleaned_data["kind"])
