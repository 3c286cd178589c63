"""Sending ready-made words."""

from django import forms

from crm.enums import ContactMethod, Party
from crm.forms.lead_form import LeadForm
from crm.letters import BY, LETTERS
from crm.models import Person
from notifications.enums import MessageKind, WhyMoved


class LetterForm(LeadForm):
    name = "letter"
    kind = forms.ChoiceField(
        choices=[(kind.value, kind.label) for kind in LETTERS],
        widget=forms.HiddenInput,
        error_messages={"required": "Choose what to send.", "invalid_choice": "Choose what to send."},
    )

    way = forms.ChoiceField(
        choices=[(way.value, way.label) for way in BY], required=False, widget=forms.HiddenInput
    )
    why = forms.ChoiceField(choices=WhyMoved, required=False, label="Why")
    to = forms.ChoiceField(choices=Party, required=False, widget=forms.HiddenInput)

    def clean_to(self) -> Person:
        """Return whom it is for: the caller, unless the form says the other."""
        return self.lead.patient if self.cleaned_data["to"] == Party.PATIENT else self.lead.caller

    def clean_way(self) -> ContactMethod:
        return ContactMethod(self.cleaned_data["way"] or ContactMethod.EMAIL)

    def clean_why(self) -> WhyMoved:
        return WhyMoved(self.cleaned_data["why"] or WhyMoved.OTHER)

    def clean_kind(self) -> MessageKind:
        return MessageKind(self.cleaned_data["kind"])
