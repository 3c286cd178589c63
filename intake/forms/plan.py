"""What somebody would like: which programme, and when. A wish that people read, never a booking."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from intake.enums import Timing
from intake.forms import choices
from intake.forms.fields import OneOf, Words

DATE_PARTS = ("start_day", "start_month", "start_year")
NO_SUCH_DATE = _("Give a day, a month and a year, such as 27 3 2027. Or choose another answer.")
DATE_HAS_PASSED = _("That date has passed. Give one from today on, or choose another answer.")


def _part(label: StrOrPromise, digits: int) -> Words:
    attrs = {"inputmode": "numeric", "autocomplete": "off", "class": "form-control input-short"}
    return Words(label=label, max_length=digits + 6, widget=forms.TextInput(attrs=attrs))


class PlanFields(forms.Form):
    """`today` is the site's date; without it (no database) a past date is taken and people read it."""

    today: date | None = None

    programme = OneOf(
        label=_("What would you like us to look at first?"),
        help_text=_("This is a wish. Nothing is booked, and a nurse or doctor looks at what is safe."),
        choices=choices.PROGRAMMES,
        why=_("So that we talk about what you have in mind."),
    )
    timing = OneOf(
        label=_("When would you like help to start?"),
        choices=choices.TIMING_OR_DATE,
        why=_("We cannot promise a date. We ask so that we can plan towards it."),
    )
    start_day = _part(_("Day"), 2)
    start_month = _part(_("Month"), 2)
    start_year = _part(_("Year"), 4)

    def clean(self) -> dict[str, Any]:
        super().clean()
        if self._wants_a_date() and not self.errors.keys() & {"timing", *DATE_PARTS}:
            self._check_date()
        return self.cleaned_data

    def preferred_date(self) -> date | None:
        """Return the date that was wished for, None when there is none or when it makes no sense."""
        said = [self.cleaned_data.get(part, "") for part in DATE_PARTS]
        if not self._wants_a_date() or not all(each.isdecimal() for each in said):
            return None
        day, month, year = (int(each) for each in said)
        try:
            return date(year + 2000 if year < 100 else year, month, day)
        except ValueError:
            return None

    def timing_said(self) -> str:
        """Return the timing of the answers schema, "" for none; a date is read as how soon it is."""
        if not self._wants_a_date():
            return str(self.cleaned_data.get("timing", ""))
        wished = self.preferred_date()
        return _how_soon(wished, self.today) if wished and self.today else Timing.FLEXIBLE.value

    def _wants_a_date(self) -> bool:
        timing = self.cleaned_data.get("timing", "")
        given = any(self.cleaned_data.get(part) for part in DATE_PARTS)
        return timing == choices.ON_A_DATE or (not timing and given)

    def _check_date(self) -> None:
        wished = self.preferred_date()
        if wished is None:
            self.add_error("start_day", NO_SUCH_DATE)
        elif self.today and wished < self.today:
            self.add_error("start_day", DATE_HAS_PASSED)


def _how_soon(wished: date, today: date) -> str:
    for timing, days in ((Timing.NOW, 0), (Timing.WITHIN_72H, 3), (Timing.WITHIN_2_WEEKS, 14)):
        if wished <= today + timedelta(days=days):
            return timing.value
    return Timing.FLEXIBLE.value
