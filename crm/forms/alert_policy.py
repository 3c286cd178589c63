"""Who is alerted after how long: up to eight lines, each with a time, a group and its channels."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any, cast

from django import forms
from django.forms import BoundField

from crm.alert_plan_words import BY, LONGEST_REPEAT, ROLES, problems_of
from crm.alert_steps import Line, Plan, Step
from crm.enums import AlertLevel, Role, Who
from crm.services.alert_policies import NewPlan
from notifications.enums import ChannelName

MOST_LINES = 8
LATEST = 24 * 60  # minutes
NOBODY = ("", "Nobody: leave this line out")
FormLine = tuple[int, BoundField, BoundField, BoundField]  # its number, and after, who, by
GROUPS = [(who.value, who.label) for who in Who if who != Who.ROLE]
IN_ROLE = [(f"ROLE:{role.value}", words[0].upper() + words[1:]) for role, words in ROLES.items()]
CHANNELS = [(channel.value, words[0].upper() + words[1:]) for channel, words in BY.items()][:4]


def _minutes(label: str, most: int, *, least: int = 0, required: bool = False) -> forms.IntegerField:
    wrong = f"Give whole minutes from {least} to {most}."
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=most,
        required=required,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "form-control input-short"}),
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), wrong),
    )


class AlertPolicyForm(forms.Form):
    """`plan` is the one in force. Nothing is saved without a reason; a preview needs none."""

    instead_of = forms.IntegerField(widget=forms.HiddenInput)
    repeat = _minutes(
        "Repeat the last step every so many minutes", LONGEST_REPEAT // 60, least=1, required=True
    )
    reason = forms.CharField(
        label="Why",
        help_text="To save it, at least 10 characters. Colleagues read it beside the change.",
        max_length=300,
        required=False,
    )

    def __init__(self, *args: Any, plan: Plan, level: AlertLevel, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.level = level
        known = [(step.after, line) for step in plan.steps for line in step.lines]
        self.initial = {"instead_of": plan.version, "repeat": plan.repeat_after // 60}
        for number in range(MOST_LINES):
            self._add_line(number, *(known[number] if number < len(known) else (None, None)))
        self.use_required_attribute = False

    @property
    def lines(self) -> list[FormLine]:
        """Return the lines that name somebody, and the next one."""
        used = sum(bool(line[2].value()) for line in self._every_line())
        return list(self._every_line())[: used + 1]

    @property
    def spare_lines(self) -> list[FormLine]:
        """Return the rest."""
        return list(self._every_line())[len(self.lines) :]

    def wanted(self) -> NewPlan:
        """Return what a valid form asks for."""
        return NewPlan(
            self._plan(), cast("str", self.cleaned_data["reason"]), self.cleaned_data["instead_of"]
        )

    def clean(self) -> dict[str, Any]:
        for number in range(MOST_LINES):
            if self.cleaned_data.get(f"who_{number}") and self.cleaned_data.get(f"after_{number}") is None:
                self.add_error(f"after_{number}", "Say after how many minutes. At once is 0.")
        if not self.errors:
            for problem in problems_of(self._plan(), self.level):
                self.add_error(None, problem)
        return self.cleaned_data

    def _every_line(self) -> Iterator[FormLine]:
        for number in range(MOST_LINES):
            yield number + 1, self[f"after_{number}"], self[f"who_{number}"], self[f"by_{number}"]

    def _add_line(self, number: int, after: int | None, line: Line | None) -> None:
        self.fields[f"after_{number}"] = _minutes("After minutes", LATEST)
        self.fields[f"who_{number}"] = forms.ChoiceField(
            label="Tell", choices=[NOBODY, *GROUPS, *IN_ROLE], required=False
        )
        self.fields[f"by_{number}"] = forms.MultipleChoiceField(
            label="By", choices=CHANNELS, required=False, widget=forms.CheckboxSelectMultiple
        )
        if line is not None and after is not None:
            who = f"ROLE:{line.role.value}" if line.role else line.who.value
            self.initial[f"after_{number}"], self.initial[f"who_{number}"] = after // 60, who
            self.initial[f"by_{number}"] = [channel.value for channel in line.channels]

    def _plan(self) -> Plan:
        said = self.cleaned_data
        lines = [
            (said[f"after_{number}"] * 60, _line(said[f"who_{number}"], said[f"by_{number}"]))
            for number in range(MOST_LINES)
            if said.get(f"who_{number}")
        ]
        lines.sort(key=lambda each: each[0])
        steps = [
            Step(after, tuple(line for _, line in some)) for after, some in groupby(lines, key=lambda x: x[0])
        ]
        return Plan(tuple(steps), said["repeat"] * 60)


def _line(who: str, channels: list[str]) -> Line:
    group, _, role = who.partition(":")
    return Line(Who(group), tuple(ChannelName(each) for each in channels), Role(role) if role else None)
