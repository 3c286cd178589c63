"""Setting a lead aside."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from crm.enums import PauseKind, PauseReason
from crm.forms.lead_actions import LeadForm, text

WHEN = "%Y-%m-%dT%H:%M"


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
    until = forms.CharField(
        label="Until",
        help_text="Your site's time.",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=WHEN),
        error_messages={"required": "Give a day and a time."},
    )
    note = text("Note", required=False, rows=2)

    def clean_until(self) -> datetime:
        """Read the time as the clocks of the lead's site show it."""
        try:
            naive = datetime.strptime(self.cleaned_data["until"][:16], WHEN)  # noqa: DTZ007  the zone is the site's
        except ValueError:
            raise forms.ValidationError("Give a day and a time, such as 2027-03-27T14:30.") from None
        return naive.replace(tzinfo=ZoneInfo(self.lead.site.time_zone)).astimezone(UTC)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("kind") == PauseKind.CLOCK and said.get("reason") == PauseReason.TRY_AGAIN:
            self.add_error("reason", "That nobody answers does not stop the clock. Snooze the lead instead.")
        return said
