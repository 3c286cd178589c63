"""How people of one level are tried again: one wait a line, at which parts of the day, and why."""

import re
from collections.abc import Iterable
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms

from crm.cadence import LONGEST_WAIT, MOST_WAITS, Cadence
from crm.enums import PartOfDay
from crm.services.cadences import NewCadence

UNITS = {"minutes": 1, "hours": 60, "days": 24 * 60}
LINE = re.compile(r"(\d{1,5})\s*([a-z]+)\.?", re.IGNORECASE)
SPELT = {
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), "minutes"),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), "hours"),
    **dict.fromkeys(("d", "day", "days"), "days"),
}
WRONG_LINE = "Line {number}: write a number of minutes, hours or days, such as “4 hours”, up to 14 days."


class CadenceForm(forms.Form):
    """`version` is the one that holds now. Nothing is saved without a reason; a preview needs none."""

    use_required_attribute = False
    instead_of = forms.IntegerField(widget=forms.HiddenInput)
    waits = forms.CharField(
        label="How long to wait after each try, one a line",
        help_text="Five lines are six tries. After the last one somebody decides; nothing closes by itself.",
        widget=forms.Textarea(attrs={"rows": 8, "class": "form-control input-short", "spellcheck": "false"}),
        error_messages={"required": "Write at least one wait, such as “4 hours”."},
    )
    parts = forms.MultipleChoiceField(
        label="At which parts of the day",
        help_text="For waits of four hours or more: the next try comes at a part that was tried least, while "
        "somebody is there. A shorter wait keeps its minute.",
        choices=[
            (PartOfDay.MORNING.value, "Morning, 9 to 12"),
            (PartOfDay.AFTERNOON.value, "Afternoon, 12 to 17"),
            (PartOfDay.EVENING.value, "Evening, 17 to 20"),
        ],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one part of the day."},
    )
    reason = forms.CharField(
        label="Why",
        help_text="To save it, at least 10 characters. Colleagues read it beside the change.",
        max_length=300,
        required=False,
    )

    def __init__(self, *args: Any, cadence: Cadence, version: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        waits = in_lines(cadence.waits)
        self.initial = {"instead_of": version, "waits": waits, "parts": sorted(cadence.parts)}
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout("instead_of", "waits", "parts", "reason")

    def clean_waits(self) -> tuple[int, ...]:
        lines = [line.strip() for line in str(self.cleaned_data["waits"]).splitlines()]
        waits = [_minutes(line, number) for number, line in enumerate(lines, 1) if line]
        if len(waits) > MOST_WAITS:
            raise forms.ValidationError(f"Write {MOST_WAITS} waits at most.")
        return tuple(waits)

    def wanted(self) -> NewCadence:
        """Return what a valid form asks for."""
        said = self.cleaned_data
        parts = frozenset(PartOfDay(part) for part in said["parts"])
        return NewCadence(Cadence(said["waits"], parts), said["reason"], said["instead_of"])


class SpreadForm(forms.Form):
    """Fill in waits of one length: so many tries over so many days."""

    use_required_attribute = False
    tries = forms.IntegerField(
        label="Tries",
        min_value=2,
        max_value=MOST_WAITS + 1,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "form-control input-short"}),
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            f"Tries: give a number from 2 to {MOST_WAITS + 1}.",
        ),
    )
    days = forms.IntegerField(
        label="Over how many days",
        min_value=1,
        max_value=60,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "form-control input-short"}),
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), "Days: give a number from 1 to 60."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "spread_%s"
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


def in_lines(waits: Iterable[int]) -> str:
    """Return waits as the form takes them."""
    return "\n".join(wait_in_words(minutes) for minutes in waits)


def wait_in_words(minutes: int) -> str:
    """Return a wait as the form takes it: in the largest unit that needs no fraction."""
    unit = next(unit for unit in ("days", "hours", "minutes") if minutes % UNITS[unit] == 0)
    number = minutes // UNITS[unit]
    return f"{number} {unit.removesuffix('s') if number == 1 else unit}"


def _minutes(line: str, number: int) -> int:
    read = LINE.fullmatch(line)
    unit = SPELT.get(read[2].casefold(), "") if read else ""
    minutes = int(read[1]) * UNITS[unit] if read and unit else 0
    if not 0 < minutes <= LONGEST_WAIT:
        raise forms.ValidationError(WRONG_LINE.format(number=number))
    return minutes
