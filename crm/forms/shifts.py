"""A shift as a manager writes it down: a day, two clock times, a person."""

from datetime import date, datetime, time, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms

from crm.forms.desk_form import DeskForm
from crm.models import Shift, Site, User
from crm.selectors.rota import staff_of

DAY = timedelta(days=1)
AT_THE_DESK = ""
ON_CALL = [
    (AT_THE_DESK, "At the desk"),
    ("1", "On call, rung first"),
    ("2", "On call, second"),
    ("3", "On call, third"),
]


class ShiftForm(DeskForm):
    """Times are the site's own. A shift that ends no later than it starts ends the next day."""

    user = forms.ChoiceField(label="Who", error_messages={"required": "Choose who works."})
    day = forms.DateField(
        label="Day",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Enter the day.", "invalid": "Enter the day as a date."},
    )
    starts = forms.TimeField(
        label="From",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": "Enter when it starts.", "invalid": "Enter a time, such as 09:00."},
    )
    ends = forms.TimeField(
        label="To",
        help_text="An earlier time is on the next day.",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": "Enter when it ends.", "invalid": "Enter a time, such as 17:00."},
    )
    on_call = forms.ChoiceField(label="Where", choices=ON_CALL, required=False)

    def __init__(self, *args: Any, site: Site, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.staff = {str(user.pk): user for user in staff_of(site)}
        self.zone = ZoneInfo(site.time_zone)
        people = cast("forms.ChoiceField", self.fields["user"])
        people.choices = [("", "Choose"), *((key, str(user)) for key, user in self.staff.items())]

    def clean_user(self) -> User:
        return self.staff[self.cleaned_data["user"]]

    def clean_on_call(self) -> int | None:
        return int(self.cleaned_data["on_call"]) if self.cleaned_data["on_call"] else None

    def clean(self) -> dict[str, Any]:
        """Work out when the shift starts and ends, also in a night in which the clocks change."""
        data = self.cleaned_data
        if {"day", "starts", "ends"} <= data.keys():
            last_day = data["day"] + DAY if data["ends"] <= data["starts"] else data["day"]
            data["starts_at"] = self._moment(data["day"], data["starts"])
            data["ends_at"] = self._moment(last_day, data["ends"])
            if data["ends_at"] <= data["starts_at"]:
                self.add_error("ends", "The clocks change then: this shift has no length.")
        return data

    def _moment(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, tzinfo=self.zone)


def as_written(shift: Shift) -> dict[str, Any]:
    """Return a shift as the form shows it."""
    zone = ZoneInfo(shift.site.time_zone)
    starts, ends = shift.starts_at.astimezone(zone), shift.ends_at.astimezone(zone)
    values = {"user": str(shift.user_id), "on_call": str(shift.on_call or AT_THE_DESK)}
    return values | {"day": starts.date(), "starts": starts.time(), "ends": ends.time()}
