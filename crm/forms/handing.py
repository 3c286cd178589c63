"""Asking a colleague for a lead, and taking it over."""

from crm.forms.fields import text
from crm.forms.lead_form import LeadForm


class AskForm(LeadForm):
    name = "ask"
    note = text("Why, if it helps", "They see it on their screen.", required=False, rows=2)


class TakeOverForm(LeadForm):
    name = "take-over"
    reason = text("Why it cannot wait for them", "It stays on the timeline, and they are shown it.", rows=2)

    @property
    def slug(self) -> str:
        return "take_over"
