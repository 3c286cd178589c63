"""Setting a lead aside."""

from typing import Any

from django import forms

from crm.enums import PauseKind, PauseReason
from crm.forms.fields import moment, text
from crm.forms.lead_form import LeadForm


class PauseForm(LeadForm):
    name = "pause"
    kind = forms.ChoiceField(
        label="How",
        choices=(
            (PauseKind.SNOOZE, "Snooze: it is back at that time, and its clock runs on"),
            (PauseKind.CLOCK, "Stop the clock until then"),
        ),
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how to set it aside."},
    )
    reason = forms.ChoiceField(
        label="Why",
        choices=[("", "Choose"), *PauseReason.choices],
        error_messages={"required": "Choose a reason."},
    )
    until = moment("Until", "Your site's time.", required=True)
    note = text("Note", required=False, rows=2)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("kind") == PauseKind.CLOCK and said.get("reason") == PauseReason.TRY_AGAIN:
            self.add_error("reason", "That nobody answers does not stop the clock. Snooze the lead instead.")
        return said
