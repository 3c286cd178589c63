"""What is being used: one tick a substance, and a few follow-up questions under each that is ticked."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from intake.enums import Route, SubstanceName, Unit
from intake.forms import choices
from intake.forms.fields import AnyOf, Pick, TickedFields, Words
from intake.triage.facts import BENZO, OPIOID

TABLETS = frozenset({*BENZO, SubstanceName.GABAPENTINOID})
HAS_A_SOURCE = TABLETS | {SubstanceName.OPIOID}
FOLLOW_UPS = ("freq", "last", "status", "amount", "source", "route", "what")


class SubstanceFields(TickedFields):
    """`uses` and its follow-ups, named `alcohol_freq`, `alcohol_last` and so on; all of them optional."""

    uses = AnyOf(
        label=_("Is anything being used?"),
        help_text=_("Tick all that fit. A few short questions open under each."),
        choices=choices.SUBSTANCES.items(),
        why=_("We ask because some of these are dangerous to stop suddenly."),
        or_none=True,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Only what was ticked is read, and the rest is made when it is shown: 60 fields cost 2 ms a POST."""
        super().__init__(*args, **kwargs)
        ticked = self.fields["uses"].widget.value_from_datadict(
            self.data, self.files, self.add_prefix("uses")
        )
        for name in ticked or []:  # not self["uses"], which would keep the words that the field has by now
            if name in choices.SUBSTANCES:
                self._add_follow_ups(name)

    def follow_ups(self, name: str) -> list[forms.BoundField]:
        """Return the bound questions that belong under one substance, none under "none of these"."""
        if name not in choices.SUBSTANCES:
            return []
        self._add_follow_ups(name)
        return [self[f"{name}_{key}"] for key in FOLLOW_UPS if f"{name}_{key}" in self.fields]

    def _add_follow_ups(self, name: str) -> None:
        if f"{name}_freq" not in self.fields:
            self.fields |= {f"{name}_{key}": field for key, field in _follow_ups(name).items()}

    def to_substances(self) -> list[dict[str, Any]]:
        """Return what was ticked, in the order of the answers schema; what was not answered stays unknown."""
        return [self._substance(name) for name in choices.stated(self.cleaned_data.get("uses", []))]

    def other_words(self) -> str:
        """Return what "something else" is."""
        is_ticked = SubstanceName.OTHER in self.cleaned_data.get("uses", [])
        return str(self.cleaned_data.get("other_what", "")) if is_ticked else ""

    def _substance(self, name: str) -> dict[str, Any]:
        said = {key: self.cleaned_data.get(f"{name}_{key}") or None for key in FOLLOW_UPS}
        amount = choices.UNITS_A_DAY.get(said["amount"] or "")
        last = choices.LAST_TIME.get(said["last"] or "")
        return {
            "name": name,
            "freq": said["freq"],
            "status": said["status"],
            "source": said["source"],
            "route": said["route"] or (Route.ORAL.value if name == SubstanceName.ALCOHOL else None),
            "hours_since_last": last[1] if last else None,
            "amount_per_day": amount[1] if amount else None,
            "unit": Unit.UK_UNITS.value if amount else None,
        }


def _follow_ups(name: str) -> dict[str, forms.Field]:
    status = choices.STATUS_OF_TABLETS if name in TABLETS else choices.STATUS
    found: dict[str, forms.Field] = {
        "freq": Pick(label=_("How often?"), choices=choices.HOW_OFTEN),
        "last": Pick(label=_("When was the last time?"), choices=_labels(choices.LAST_TIME)),
        "status": Pick(label=_("Still using it, or stopped?"), choices=status),
    }
    if name == SubstanceName.ALCOHOL:
        found["amount"] = Pick(
            label=_("About how much on a drinking day?"), choices=_labels(choices.UNITS_A_DAY)
        )
    if name in HAS_A_SOURCE:
        found["source"] = Pick(label=_("Where from?"), choices=choices.BOUGHT_OR_PRESCRIBED)
    if name in OPIOID:
        found["route"] = Pick(label=_("How is it taken?"), choices=choices.labelled(Route))
    if name == SubstanceName.OTHER:
        found["what"] = Words(
            label=_("What is it?"), max_length=200, widget=forms.TextInput(attrs={"class": "form-control"})
        )
    return found


def _labels(named: dict[str, tuple[StrOrPromise, float]]) -> list[tuple[str, StrOrPromise]]:
    return [(value, label) for value, (label, _) in named.items()]
