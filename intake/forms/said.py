"""What was said, in words, for the page on which it is checked."""

from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy as _

from intake.forms.plan import DATE_PARTS
from intake.forms.steps import Step, StepForm, heading_of, steps_of
from intake.progress import Progress

NOT_ANSWERED = _("Not answered")


@dataclass(frozen=True, slots=True)
class Row:
    """One question and its answers. Several fields of one page bring their labels along."""

    step: Step
    question: str
    answers: list[str]


def rows_of(progress: Progress) -> list[Row]:
    """Return every question that applies, also those that were left empty: unknown is an answer."""
    rows = []
    for step in steps_of(progress):
        form = StepForm(progress, step)
        rows.append(Row(step, str(heading_of(step, form)), _answers(form) or [str(NOT_ANSWERED)]))
    return rows


def _answers(form: StepForm) -> list[str]:
    said = {name: ", ".join(_words(form[name])) for name in form.shown}
    if form.step and form.step.heading:
        labels = {name: str(form.fields[name].label).rstrip("?") for name in said}
        return [f"{labels[name]}: {word}" for name, word in said.items() if word]
    day = " ".join(said.pop(part) for part in DATE_PARTS if said.get(part))
    return [word for word in (*said.values(), day) if word]


def _words(field: forms.BoundField) -> list[str]:
    value = field.value()
    given = value if isinstance(value, list) else [value]
    labels = dict(getattr(field.field, "choices", ()))
    return [str(labels.get(each, each)) for each in given if each]
