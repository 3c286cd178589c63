"""By what a site's queues are ordered, and when rows warn."""

from dataclasses import fields
from typing import Any, cast

from crispy_forms.layout import HTML, Fieldset, Layout
from django import forms

from crm.clocks import LATEST_WARNING, LEAST_WARNING, WARN_AT
from crm.enums import Level
from crm.forms.desk_form import DeskForm
from crm.models.policy import MOST
from crm.ordering import Weights
from crm.selectors.policies import Policy
from crm.services.policies import NewPolicy

WEIGHTS = {
    "repeat": ("Enquired again", "Earlier, for each further enquiry. Three count at most."),
    "sooner": ("Asks to be called sooner", "Earlier."),
    "worse": ("Says that it has got worse", "Earlier."),
    "today": ("Wants to start today", "Earlier. Who comes by the urgent form counts so until asked."),
    "soon": ("Wants to start within 72 hours", "Earlier."),
    "tried": ("Tried without an answer", "Later, for each try. Five count at most."),
}
BOUNDS = "<p>No weight moves anybody past a more severe level that came at the same time.</p>"


def _percent(label: str, hint: str, least: int, most: int) -> forms.IntegerField:
    attrs = {"inputmode": "numeric", "class": "form-control input-short"}
    wrong = f"{label}: give a whole number from {least} to {most}."
    return forms.IntegerField(
        label=label,
        help_text=hint,
        min_value=least,
        max_value=most,
        widget=forms.NumberInput(attrs=attrs),
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), wrong),
    )


class PolicyForm(DeskForm):
    """`policy` is the one in force. Nothing is saved without a reason; a preview needs none."""

    instead_of = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label="Why",
        help_text="To save it, at least 10 characters. Colleagues read it beside the change.",
        max_length=300,
        required=False,
    )

    def __init__(self, *args: Any, policy: Policy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (label, hint) in WEIGHTS.items():
            self.fields[name] = _percent(label, hint, 0, MOST)
        for level in Level:
            self.fields[f"warn_{level.value}"] = _percent(level.label, "", LEAST_WARNING, LATEST_WARNING)
        self.initial = {"instead_of": policy.version} | self._values(policy)
        self.helper.layout = self._layout()

    def wanted(self) -> NewPolicy:
        """Return what a valid form asks for."""
        said = self.cleaned_data
        return NewPolicy(
            weights=Weights(**{each.name: said[each.name] for each in fields(Weights)}),
            warn_at={level: said[f"warn_{level}"] for level in WARN_AT},
            reason=cast("str", said["reason"]),
            instead_of=said["instead_of"],
        )

    def _values(self, policy: Policy) -> dict[str, int]:
        weights = {each.name: getattr(policy.weights, each.name) for each in fields(Weights)}
        return weights | {f"warn_{level}": percent for level, percent in policy.warn_at.items()}

    def _layout(self) -> Layout:
        return Layout(
            "instead_of",
            Fieldset(f"Per cent of the promise, 0 to {MOST}", HTML(BOUNDS), *WEIGHTS),
            Fieldset("Warn after this per cent of the promise", *(f"warn_{level.value}" for level in Level)),
            "reason",
        )
