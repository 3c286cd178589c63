"""Setting a call for a time, taking it back, and going on after the last planned try."""

from typing import Any

from django import forms

from crm.contact_rules import rules_of
from crm.forms.lead_actions import LeadForm, moment, text
from crm.models import Lead, Person


class CallBackForm(LeadForm):
    name = "callback"
    person = forms.ChoiceField(label="Whom", widget=forms.RadioSelect)
    call_at = moment(
        "When", "By the clock of the site. Somebody is reminded five minutes before.", required=True
    )
    note = text("What to say or ask", required=False, rows=2)
    override_reason = text(
        "Reason to set the contact rules aside", "Only where a call is not safe then.", required=False, rows=2
    )

    def __init__(self, *args: Any, lead: Lead, **kwargs: Any) -> None:
        super().__init__(*args, lead=lead, **kwargs)
        people = [
            (str(rules.person.pk), f"{rules.person.name or 'No name given'} ({rules.role.lower()})")
            for rules in rules_of(lead)
        ]
        self.offer("person", people)
        self.fields["person"].initial = people[0][0]

    def clean_person(self) -> Person:
        lead = self.lead
        return lead.caller if self.cleaned_data["person"] == str(lead.caller_id) else lead.patient


class CancelCallBackForm(LeadForm):
    name = "cancelcall"
    reason = text("Why it is not needed", rows=2)


class NewPlanForm(CallBackForm):
    name = "plan"
    reason = text("Why we go on trying", rows=2)
    field_order = ("reason",)


CALL_BACK_FORMS = (CallBackForm, CancelCallBackForm, NewPlanForm)
