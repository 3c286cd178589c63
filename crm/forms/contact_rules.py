"""How a person is reached, and which ways of contact they call safe."""

from typing import Any

from django import forms

from crm.contact_rules import rules_of
from crm.forms.fields import text
from crm.forms.lead_form import LeadForm
from crm.models import Lead, Person

LONGEST = 2000


class ContactRulesForm(LeadForm):
    """The rules of one person of the lead: `person`, or whoever was sent."""

    name = "rules"
    person = forms.ChoiceField(widget=forms.HiddenInput)
    phone = forms.CharField(
        label="Number",
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    email = forms.EmailField(
        label="E-mail address",
        required=False,
        max_length=254,
        error_messages={"invalid": "Write the whole address, with an @ in it."},
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    may_call = forms.BooleanField(label="Calls are safe", required=False)
    may_voicemail = forms.BooleanField(label="Voicemail is safe", required=False)
    may_text = forms.BooleanField(label="Texts are safe", required=False)
    may_email = forms.BooleanField(label="E-mail is safe", required=False)
    may_post = forms.BooleanField(label="Letters are safe", required=False)
    postal_address = text("Address for letters", required=False, rows=2)
    safe_times = forms.CharField(
        label="Safe times",
        help_text="Such as weekdays after 18:00, or Saturday 9am to 1pm. Take next keeps to times that it "
        "can read; other words are shown to whoever takes the lead.",
        required=False,
        max_length=LONGEST,
    )
    ask_for = forms.CharField(label="Ask for", required=False, max_length=LONGEST)
    say_instead = forms.CharField(
        label="What to say if somebody else answers", required=False, max_length=LONGEST
    )
    contact_note = text("Anything else to mind", required=False, rows=2)
    whose = forms.CharField(
        label="Name",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    field_order = ("person", "whose")

    def __init__(self, *args: Any, lead: Lead, person: Person | None = None, **kwargs: Any) -> None:
        super().__init__(*args, lead=lead, **kwargs)
        people = {str(rules.person.pk): rules.person for rules in rules_of(lead)}
        self.offer("person", [(pk, pk) for pk in people])
        self.subject = person or people.get(str(self.data.get("person"))) or lead.caller
        self.auto_id = f"{self.slug}-%s"
        own = [name for name in self.fields if name not in {"person", "whose"}]
        self.initial = {name: getattr(self.subject, name) for name in own}
        self.initial |= {"person": self.subject.pk, "whose": self.subject.name}

    @property
    def slug(self) -> str:
        return "rules-caller" if self.subject == self.lead.caller else "rules-patient"

    @property
    def title(self) -> str:
        """The person as the heading of the form names them."""
        return self.subject.name or ("the caller" if self.subject == self.lead.caller else "the patient")

    def clean_person(self) -> Person:
        return self.subject

    def clean(self) -> dict[str, Any]:
        """Leave what the form that was sent did not ask about as it is."""
        said = super().clean() or {}
        unasked = [name for name in ("phone", "email", "postal_address", "whose") if name not in self.data]
        return said | {name: self.initial[name] for name in unasked}

    def clean_phone(self) -> str:
        typed = str(self.cleaned_data["phone"])
        if typed and not any(character.isdigit() for character in typed):
            raise forms.ValidationError("Write the number in digits.")
        return typed
