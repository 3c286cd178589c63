"""Which questions follow an urgent enquiry: one a page, each with a number that never changes.

The numbers are in addresses, where they say nothing; the order is that of QUESTIONS. What is known already,
or does not fit, is not asked.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from intake.enums import AgeBand, SubstanceName
from intake.forms import choices
from intake.forms.choices import UNKNOWN
from intake.forms.substances import FOLLOW_UPS
from intake.triage.answers import Answers, Substance
from intake.triage.facts import OPIOID

FIRST_OF_SUBSTANCES = 31
NOTHING = ((), UNKNOWN)  # an answer that says nothing

Condition = Callable[[Answers], bool]


def _always(_: Answers) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Question:
    """One page. `is_known` says from the first page that it need not be asked, `fits` that it makes sense.

    `key` is what an answer to it adds: a name of the answers schema, or of a substance.
    """

    number: int
    name: str
    key: str
    is_known: Condition
    fits: Condition = _always
    substance: str = ""

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(f"{self.substance}_{key}" for key in FOLLOW_UPS) if self.substance else (self.name,)

    def is_answered(self, answers: Answers, added: frozenset[str]) -> bool:
        return self.key in added or self.is_known(answers)

    def is_due(self, answers: Answers, added: frozenset[str]) -> bool:
        return self.fits(answers) and not self.is_answered(answers, added)


def _question(number: int, name: str, *, key: str = "", fits: Condition = _always) -> Question:
    key = key or name
    return Question(number, name, key, lambda answers: getattr(answers, key) not in NOTHING, fits)


def _is_said_of(name: SubstanceName, answers: Answers) -> bool:
    return any(use.name == name and use != Substance(name=name) for use in answers.substances)


def _about_use(number: int, name: SubstanceName) -> Question:
    """Ask how a substance that was named is used, until anything is known of it."""
    return Question(
        number,
        name=name.value,
        key=name.value,
        is_known=partial(_is_said_of, name),
        fits=lambda answers: any(use.name == name for use in answers.substances),
        substance=name.value,
    )


def _uses_opioids(answers: Answers) -> bool:
    return any(use.name in OPIOID for use in answers.substances)


def _may_be_pregnant(answers: Answers) -> bool:
    return answers.age_band != AgeBand.AGE_65_PLUS


def _never_known(number: int, name: str) -> Question:
    """Ask it even if the first page said something of it: it said only what was worst."""
    return Question(number, name, name, is_known=lambda _: False)


def _about_uses() -> list[Question]:
    return [
        _about_use(number, SubstanceName(name))
        for number, name in enumerate(choices.SUBSTANCES, FIRST_OF_SUBSTANCES)
    ]


QUESTIONS: tuple[Question, ...] = (
    _question(1, "suicide"),
    _question(2, "uses", key="substances"),
    *_about_uses(),
    _never_known(3, "symptoms"),
    _question(4, "history"),
    _question(5, "age_band"),
    _question(6, "pregnancy", fits=_may_be_pregnant),
    _question(7, "medical"),
    _never_known(8, "situation"),
    _question(9, "tolerance_break", fits=_uses_opioids),
    _never_known(10, "timing"),
    _never_known(11, "free_text"),
)
BY_NUMBER = {question.number: question for question in QUESTIONS}


def next_question(answers: Answers, added: frozenset[str], *, after: int | None = None) -> Question | None:
    """Return the next question worth asking after the one with this number, None when there is none."""
    place = -1 if after is None else QUESTIONS.index(BY_NUMBER[after])
    return next((each for each in QUESTIONS[place + 1 :] if each.is_due(answers, added)), None)


def question_before(answers: Answers, question: Question) -> Question | None:
    """Return the question that stands before this one: answered already, or worth asking."""
    earlier = QUESTIONS[: QUESTIONS.index(question)]
    return next((each for each in reversed(earlier) if each.fits(answers)), None)
