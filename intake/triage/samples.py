"""Answers to try a rule set with before it is published: one sign at a time, and at random from a seed."""

from collections.abc import Iterator
from random import Random
from typing import Any

from django.db.models import TextChoices

from crm.enums import CallerRole
from intake.enums import (
    AgeBand,
    Behaviour,
    Frequency,
    History,
    Medical,
    PersonAware,
    Pregnancy,
    Route,
    Situation,
    Source,
    SubstanceName,
    Suicide,
    Symptom,
    Timing,
    ToleranceBreak,
    Unit,
    UseStatus,
)
from intake.triage.answers import Answers, parse_answers

_CHOICES: dict[str, type[TextChoices]] = {
    "enquirer": CallerRole,
    "person_aware": PersonAware,
    "age_band": AgeBand,
    "suicide": Suicide,
    "pregnancy": Pregnancy,
    "tolerance_break": ToleranceBreak,
    "timing": Timing,
}
_LISTS: dict[str, type[TextChoices]] = {
    "behaviours": Behaviour,
    "symptoms": Symptom,
    "history": History,
    "situation": Situation,
    "medical": Medical,
}
SIGNS: dict[str, tuple[str, ...]] = {
    "symptoms": tuple(Symptom.values),
    "history": tuple(History.values),
    "situation": tuple(Situation.values),
    "medical": tuple(Medical.values),
}
_CALM = {"age_band": AgeBand.AGE_18_64, "suicide": Suicide.NONE_DISCLOSED, "pregnancy": Pregnancy.NO}


def single_sign_answers() -> Iterator[Answers]:
    """Yield answers that give no reason to worry but one sign, for every sign."""
    for group, signs in SIGNS.items():
        for sign in signs:
            yield parse_answers(_CALM | {group: [sign]})


def random_answers(count: int, *, seed: int = 1) -> Iterator[Answers]:
    """Yield so many answers, each valid, mostly with few signs, so that most levels occur."""
    dice = Random(seed)  # noqa: S311 - repeatable samples, not secrets
    for _ in range(count):
        yield parse_answers(_random_input(dice))


def _random_input(dice: Random) -> dict[str, Any]:
    return {
        **{key: dice.choice(choices.values) for key, choices in _CHOICES.items()},
        **{key: dice.sample(choices.values, dice.choice([0, 0, 0, 1, 2])) for key, choices in _LISTS.items()},
        "substances": [_random_substance(dice) for _ in range(dice.choice([0, 1, 1, 2, 3]))],
        "pgsi": dice.choice([None, 7, 8]),
        "audit_total": dice.choice([None, 19, 20]),
        "sadq_total": dice.choice([None, 30, 31]),
        "professional_urgent": dice.random() < 0.1,
    }


def _random_substance(dice: Random) -> dict[str, Any]:
    return {
        "name": dice.choice(SubstanceName.values),
        "freq": dice.choice(Frequency.values),
        "amount_per_day": dice.choice([None, 5, 15, 29, 30]),
        "unit": dice.choice([None, *Unit.values]),
        "hours_since_last": dice.choice([None, 0, 1, 6, 168, 336, 400]),
        "status": dice.choice(UseStatus.values),
        "source": dice.choice([None, *Source.values]),
        "route": dice.choice([None, *Route.values]),
    }
