"""When the managers of a site get its daily summary."""

from datetime import time
from typing import Any

from django import forms

from crm.forms.desk_form import DeskForm
from crm.models import Site
from crm.services.summary_times import NewSummaryTime

WRONG = "Give a time of the day, such as 07:30."
SENDS = (("yes", "Every day at this time"), ("no", "Never"))


class SummaryTimeForm(DeskForm):
    """`site` is the one that it is about, `version` what the manager looks at."""

    instead_of = forms.IntegerField(widget=forms.HiddenInput)
    sends = forms.ChoiceField(
        label="Send it",
        choices=SENDS,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether it is sent."},
    )
    clock = forms.TimeField(
        label="Time",
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "form-control input-short"}),
        error_messages={"invalid": WRONG},
    )
    reason = forms.CharField(
        label="Why",
        help_text="At least 10 characters. Colleagues read it beside the change.",
        max_length=300,
        required=False,
    )

    def __init__(self, *args: Any, site: Site, version: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        clock = site.day_summary_at
        sends = "no" if clock is None else "yes"
        self.initial = {"instead_of": version, "sends": sends, "clock": clock or time(7, 30)}
        self.fields[
            "clock"
        ].help_text = f"By the clock of {site.name} ({site.time_zone}). It tells of the day before."

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("sends") == "yes" and said.get("clock") is None and "clock" not in self.errors:
            self.add_error("clock", WRONG)
        return said

    def wanted(self) -> NewSummaryTime:
        """Return what a valid form asks for."""
        said = self.cleaned_data
        clock = said["clock"] if said["sends"] == "yes" else None
        return NewSummaryTime(clock, said["reason"], said["instead_of"])
