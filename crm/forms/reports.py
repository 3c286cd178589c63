"""The filters of the reports, and the figure whose leads are asked for."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError

from crm.enums import (
    FUNNEL,
    AlertEnding,
    AlertLevel,
    CohortGrain,
    Duty,
    FigureGroup,
    MessageFate,
    PromiseState,
    Role,
    StepsNeeded,
)
from crm.models import Site
from notifications.enums import Acknowledgement, ChannelName

DEFAULT_DAYS = 90
PERIODS = {7: "7 days", 30: "30 days", 90: "90 days", 365: "12 months"}
DATE = {"type": "date", "class": "form-control"}
YEARS = range(2000, 2101)
LONGEST = timedelta(days=5 * 366)


def _has_enquiries(day: date) -> None:
    if day.year not in YEARS:
        raise ValidationError(f"Choose dates from {YEARS.start} to {YEARS.stop - 1}.")


class ReportFilterForm(forms.Form):
    """Reads `period` (days that end today), or `start` and `end`, both included; one of them may be missing.

    The dates that are shown and checked are always filled in. `query()` says the filters in an address.
    """

    use_required_attribute = False

    start = forms.DateField(
        label="From", widget=forms.DateInput(DATE, "%Y-%m-%d"), validators=[_has_enquiries]
    )
    end = forms.DateField(label="To", widget=forms.DateInput(DATE, "%Y-%m-%d"), validators=[_has_enquiries])
    site = forms.ModelChoiceField(
        Site.objects.none(), label="Site", required=False, to_field_name="slug", empty_label="All my sites"
    )
    by = forms.ChoiceField(label="Cohorts", choices=CohortGrain.choices, required=False)

    def __init__(self, asked: Mapping[str, Any], *, sites: tuple[Site, ...], today: date) -> None:
        self.sites = sites
        self.period = _period(asked)
        super().__init__({**asked, **_dates(asked, self.period, today)})
        choices = cast("forms.ModelChoiceField[Site]", self.fields["site"])
        choices.widget.attrs["class"] = self.fields["by"].widget.attrs["class"] = "form-select"
        choices.queryset = Site.objects.filter(pk__in=[site.pk for site in sites]).order_by("name")

    def clean(self) -> dict[str, Any]:
        start, end = self.cleaned_data.get("start"), self.cleaned_data.get("end")
        if start and end and start > end:
            raise ValidationError("The first day is after the last day.")
        if start and end and end - start > LONGEST:
            raise ValidationError("The dates are more than five years apart.")
        return self.cleaned_data

    @property
    def chosen_sites(self) -> tuple[Site, ...]:
        site = self.cleaned_data["site"]
        return (site,) if site else self.sites

    @property
    def grain(self) -> CohortGrain:
        return CohortGrain(self.cleaned_data["by"] or CohortGrain.WEEK)

    def query(self) -> str:
        """Return the filters as a query string."""
        dates = {"start": self.cleaned_data["start"], "end": self.cleaned_data["end"]}
        return urlencode(({"period": self.period} if self.period else dates) | self._others())

    def presets(self) -> list[tuple[str, str, bool]]:
        """Return name, query string and "is it this one" of each period."""
        others = self._others()
        return [
            (name, urlencode({"period": days} | others), days == self.period)
            for days, name in PERIODS.items()
        ]

    def _others(self) -> dict[str, str]:
        asked = {name: str(self.data.get(name, "")) for name in ("site", "by")}
        return {name: value for name, value in asked.items() if value and name not in self.errors}


def _period(asked: Mapping[str, Any]) -> int | None:
    """Return the days of a known period; a date that was given wins, and no wish at all is the default."""
    if asked.get("start") or asked.get("end"):
        return None
    wish = str(asked.get("period", ""))
    return int(wish) if wish.isdecimal() and int(wish) in PERIODS else DEFAULT_DAYS


def _dates(asked: Mapping[str, Any], period: int | None, today: date) -> dict[str, Any]:
    """Return both dates. A missing end is today; a missing start, as many days before the end as usual."""
    days = timedelta(days=(period or DEFAULT_DAYS) - 1)
    if period:
        return {"start": today - days, "end": today}
    end = asked.get("end") or today
    return {"start": asked.get("start") or _sensible(end, today) - days, "end": end}


def _sensible(day: Any, today: date) -> date:
    """Return the day; today for what is no date, or none that enquiries can have. The field says so."""
    try:
        found = date.fromisoformat(str(day))
    except ValueError:
        return today
    return found if found.year in YEARS else today


class FigureForm(forms.Form):
    """Reads the conditions of a figure (crm.reports.figures); what is absent asks for nothing."""

    group = forms.ChoiceField(choices=FigureGroup.choices, required=False)
    step = forms.IntegerField(min_value=1, max_value=len(FUNNEL), required=False)
    untouched = forms.BooleanField(required=False)
    first = forms.DateField(required=False)
    latest = forms.DateField(required=False)
    old = forms.DateField(required=False)
    level = forms.CharField(max_length=2, required=False)
    hour = forms.IntegerField(min_value=0, max_value=23, required=False)
    promise = forms.ChoiceField(choices=[("", ""), *PromiseState.choices], required=False)
    spoken = forms.BooleanField(required=False)
    source = forms.CharField(max_length=12, required=False)
    campaign = forms.CharField(max_length=12, required=False)
    landing = forms.CharField(max_length=12, required=False)
    substance = forms.CharField(max_length=12, required=False)
    closed = forms.BooleanField(required=False)
    disposition = forms.CharField(max_length=20, required=False)
    closed_from = forms.CharField(max_length=10, required=False)
    alerted = forms.BooleanField(required=False)
    alert_level = forms.ChoiceField(choices=[("", ""), *AlertLevel.choices], required=False)
    alert_hour = forms.IntegerField(min_value=0, max_value=23, required=False)
    steps = forms.ChoiceField(choices=[("", ""), *StepsNeeded.choices], required=False)
    how = forms.ChoiceField(choices=[("", ""), *Acknowledgement.choices], required=False)
    ending = forms.ChoiceField(choices=[("", ""), *AlertEnding.choices], required=False)
    unanswered = forms.BooleanField(required=False)
    lapsed = forms.BooleanField(required=False)
    role = forms.ChoiceField(choices=[("", ""), *Role.choices], required=False)
    duty = forms.ChoiceField(choices=[("", ""), *Duty.choices], required=False)
    way = forms.ChoiceField(choices=[("", ""), *ChannelName.choices], required=False)
    fate = forms.ChoiceField(choices=[("", ""), *MessageFate.choices], required=False)
    reason = forms.CharField(max_length=12, required=False)

    def conditions(self) -> dict[str, Any]:
        """Return the conditions that are asked for. An empty level is one: not yet routed."""
        given = {name: value for name, value in self.cleaned_data.items() if value is not False}
        asked = {name: value for name, value in given.items() if value not in ("", None)}
        enums = {"group": FigureGroup, "promise": PromiseState}
        return {
            **({"level": ""} if self.data.get("level") == "" else {}),
            **{name: enums[name](value) if name in enums else value for name, value in asked.items()},
        }
