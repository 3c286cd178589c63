"""A form about one lead, and one about one of its people."""

from collections.abc import Iterable
from typing import Any, cast
from uuid import uuid4

from django import forms

from crm.contact_rules import rules_of
from crm.forms.desk_form import DeskForm
from crm.models import Lead, Person


class LeadForm(DeskForm):
    """A form about one lead. `name` is its place on the page, and begins the ids of its fields.

    What `is_kept` is kept in the browser's tab while it is typed, and sent later if there is no connection.
    """

    name: str
    is_kept = False

    def __init__(self, *args: Any, lead: Lead, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = f"{self.name}-%s"
        self.lead = lead

    @property
    def slug(self) -> str:
        """Return what tells this form from every other one on the page."""
        return self.name

    @property
    def key(self) -> str:
        """Return what tells one sending of the form from every other (crm.services.sending)."""
        return str(uuid4())

    def offer(self, field: str, choices: Iterable[tuple[str, str]]) -> None:
        """Set the choices of a field."""
        cast("forms.ChoiceField", self.fields[field]).choices = list(choices)


class PersonForm(LeadForm):
    """A form about the caller or the patient, whichever was chosen."""

    person = forms.ChoiceField(label="Whom", widget=forms.RadioSelect)

    def __init__(self, *args: Any, lead: Lead, **kwargs: Any) -> None:
        super().__init__(*args, lead=lead, **kwargs)
        people = [(str(rules.person.pk), _who(rules.person, rules.role)) for rules in rules_of(lead)]
        self.offer("person", people)
        self.fields["person"].initial = people[0][0]

    def clean_person(self) -> Person:
        lead = self.lead
        return lead.caller if self.cleaned_data["person"] == str(lead.caller_id) else lead.patient


def _who(person: Person, role: str) -> str:
    note = ": do not contact" if person.no_contact else ""
    return f"{person.name or 'No name given'} ({role.lower()}{note})"
