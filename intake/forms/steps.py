"""The pre-booked journey: one question a page, each with a number that never changes.

The numbers are in addresses, where they say nothing; the order is that of STEPS, and what does not apply is
left out. All pages are views of one form, so that whatever the form checks is checked on its page.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from crm.enums import CallerRole
from intake.enums import SubstanceName
from intake.forms import choices
from intake.forms.layout import PageGroup, PageQuestion
from intake.forms.plan import DATE_PARTS
from intake.forms.prebooked import PrebookedForm
from intake.forms.substances import FOLLOW_UPS
from intake.forms.wording import Voices, in_voice, speak, voice_of
from intake.progress import Progress
from intake.triage.facts import OPIOID

Applies = Callable[[Progress], bool]
FIRST = 1
FIRST_OF_SUBSTANCES = 31


def _always(_: Progress) -> bool:
    return True


def _about_another(progress: Progress) -> bool:
    return progress.first("enquirer") in {CallerRole.LOVED_ONE, CallerRole.PROFESSIONAL}


def _uses(*names: SubstanceName) -> Applies:
    return lambda progress: bool({*names} & {*progress.said.get("uses", [])})


@dataclass(frozen=True, slots=True)
class Step:
    """One page. Several fields answer one question, which is then `heading`, in three voices.

    One that `is_needed` cannot be left.
    """

    number: int
    fields: tuple[str, ...]
    heading: Voices | None = None
    hint: StrOrPromise = ""
    applies: Applies = _always
    hidden: tuple[str, ...] = ()
    is_needed: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.fields, *self.hidden)


def _substance_steps() -> list[Step]:
    return [
        Step(
            FIRST_OF_SUBSTANCES + place,
            tuple(f"{name}_{key}" for key in FOLLOW_UPS),
            (format_lazy(_("{substance}: how is it used?"), substance=label),) * 3,
            _("With some of these, stopping suddenly is dangerous. Leave what you do not know."),
            _uses(SubstanceName(name)),
        )
        for place, (name, label) in enumerate(choices.SUBSTANCES.items())
    ]


STEPS: tuple[Step, ...] = (
    Step(FIRST, ("enquirer",), hidden=("shown_at", "homepage"), is_needed=True),
    Step(2, ("person_aware",), applies=_about_another),
    Step(3, ("patient_name",), applies=_about_another),
    Step(4, ("age_band",)),
    Step(5, ("happening",)),
    Step(6, ("suicide",)),
    Step(7, ("free_text",)),
    Step(8, ("uses",)),
    *_substance_steps(),
    Step(9, ("tolerance_break",), applies=_uses(*OPIOID)),
    Step(10, ("behaviours",)),
    Step(11, ("symptoms",)),
    Step(12, ("pregnancy",)),
    Step(13, ("history",)),
    Step(14, ("medical",)),
    Step(15, ("situation",)),
    Step(16, ("travel",)),
    Step(17, ("programme",)),
    Step(18, ("timing", *DATE_PARTS)),
    Step(19, ("name",)),
    Step(
        20,
        ("phone", "email"),
        (_("How can we reach you?"),) * 3,
        _("Give at least one of the two."),
        is_needed=True,
    ),
    Step(21, ("safe_ways", "address"), (_("How may we contact you?"),) * 3),
    Step(
        22,
        ("safe_times", "ask_for", "say_instead", "safe_note"),
        (_("What should we know before we contact you?"),) * 3,
        _("We ask so that nobody learns of this from us by accident. Leave what does not matter."),
    ),
    Step(23, ("interpreter",)),
)
BY_NUMBER = {step.number: step for step in STEPS}


def steps_of(progress: Progress) -> list[Step]:
    """Return the questions that fit what was answered so far, in order."""
    return [step for step in STEPS if step.applies(progress)]


def next_step(progress: Progress) -> Step | None:
    """Return the first question that was not seen yet, None when all were."""
    return next((step for step in steps_of(progress) if step.number not in progress.seen), None)


def step_before(progress: Progress, step: Step) -> Step | None:
    earlier = [each for each in steps_of(progress) if STEPS.index(each) < STEPS.index(step)]
    return earlier[-1] if earlier else None


class StepForm(PrebookedForm):
    """The whole form, of which one step is shown and checked. Reads what was said before as well."""

    form_version = "prebooked-2"

    def __init__(self, progress: Progress, step: Step | None = None, *, today: date | None = None) -> None:
        super().__init__(as_data(progress))
        self.today, self.step = today, step
        self.voice = voice_of(progress.first("enquirer"))
        if step:
            self._lay_out(step, progress)

    @property
    def shown(self) -> list[str]:
        """Return the fields of this step that this form has."""
        return [name for name in self.step.fields if name in self.fields] if self.step else []

    def full_clean(self) -> None:
        """Only this step's errors count on its page; the last page checks everything."""
        super().full_clean()
        if self.step and self._errors:
            for name in self._errors.keys() - {*self.step.names}:
                del self._errors[name]

    def without_errors(self) -> "StepForm":
        """Show what was said before, without a word about what is missing."""
        self._errors = ErrorDict()
        return self

    def _says_something(self) -> bool:
        """Words may be left out on their own page: later answers may say enough."""
        return bool(self.step) or super()._says_something()

    def _lay_out(self, step: Step, progress: Progress) -> None:
        for name in progress.said.get("uses", []):
            if name in choices.SUBSTANCES:
                self._add_follow_ups(name)
        speak(self.fields, self.shown, self.voice)
        self.helper = FormHelper()
        self.helper.form_tag, self.helper.disable_csrf = False, True
        self.helper.layout = Layout(self._page(step), *self._hidden(step))

    def _page(self, step: Step) -> Any:
        if step.heading:
            return PageGroup(in_voice(step.heading, self.voice), *self.shown, hint=step.hint)
        name, *follow_ups = self.shown
        if name == "timing":
            return PageQuestion(name, Div(*follow_ups, css_class="if-date"))
        return PageQuestion(name)

    def _hidden(self, step: Step) -> list[Any]:
        if "homepage" not in step.hidden:
            return []
        return ["shown_at", Div("homepage", css_class="not-for-people", aria_hidden="true")]


def heading_of(step: Step, form: StepForm) -> StrOrPromise:
    """Return the question of a step, in the voice of the form."""
    if step.heading:
        return in_voice(step.heading, form.voice)
    return str(form.fields[step.fields[0]].label)


def as_data(progress: Progress) -> QueryDict:
    """Return what was said as a browser would send it."""
    data = QueryDict(mutable=True)
    for name, values in progress.said.items():
        data.setlist(name, values)
    return data
