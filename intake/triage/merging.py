"""What was said first and what was said later, as one set of answers: it can only become more serious.

Lists are united, unknown gives way to known, and of two known answers the more serious one stays. Of how
long ago something was used the first answer stays: neither is the more serious one. A wish, such as when help
should start, is the latest one.
"""

from collections.abc import Sequence
from typing import Any

from intake.enums import (
    AgeBand,
    Frequency,
    PersonAware,
    Pregnancy,
    Route,
    Source,
    Suicide,
    ToleranceBreak,
    Unit,
    UseStatus,
)
from intake.triage.answers import MOST_SUBSTANCES, Answers, Substance, parse_answers

# Least serious first.
SERIOUSNESS: dict[str, Sequence[str]] = {
    "person_aware": (PersonAware.UNKNOWN, PersonAware.YES, PersonAware.NO),
    "age_band": (
        AgeBand.UNKNOWN,
        AgeBand.AGE_18_64,
        AgeBand.AGE_65_PLUS,
        AgeBand.AGE_16_17,
        AgeBand.UNDER_16,
    ),
    "suicide": (
        Suicide.UNKNOWN,
        Suicide.NONE_DISCLOSED,
        Suicide.THOUGHTS_SAFE_NOW,
        Suicide.PLAN_OR_MEANS,
        Suicide.NOT_SAFE_NOW,
    ),
    "pregnancy": (
        Pregnancy.UNKNOWN,
        Pregnancy.NOT_APPLICABLE,
        Pregnancy.NO,
        Pregnancy.POSTNATAL_12M,
        Pregnancy.YES,
    ),
    "tolerance_break": (
        ToleranceBreak.UNKNOWN,
        ToleranceBreak.NONE,
        ToleranceBreak.SELF_BREAK,
        ToleranceBreak.HOSPITAL_28D,
        ToleranceBreak.PRISON_28D,
        ToleranceBreak.DETOX_28D,
    ),
}
SERIOUSNESS_OF_USE: dict[str, Sequence[str]] = {
    "freq": (
        Frequency.UNKNOWN,
        Frequency.NONE,
        Frequency.LESS,
        Frequency.WEEKLY,
        Frequency.MOST_DAYS,
        Frequency.DAILY,
    ),
    "status": (
        UseStatus.UNKNOWN,
        UseStatus.MEDICAL_DETOX_DONE,
        UseStatus.USING,
        UseStatus.PLANS_TO_STOP_ALONE,
        UseStatus.SUPPLY_ENDS_72H,
        UseStatus.CUT_DOWN,
        UseStatus.STOPPED,
    ),
    "source": (Source.PRESCRIBED, Source.OTC, Source.STREET),
    "route": (Route.ORAL, Route.NASAL, Route.SMOKED, Route.INJECTED),
}
LISTS = ("behaviours", "symptoms", "history", "situation", "medical")
SCORES = ("pgsi", "audit_total", "sadq_total")


def merged(first: Answers, later: Answers) -> Answers:
    """Return both as one. Who is asking stays as it was said first."""
    said_later = {name: getattr(later, name) for name in later.model_fields_set}
    together: dict[str, Any] = {
        **first.to_dict(),
        **said_later,
        "enquirer": first.enquirer,
        "substances": _substances(first.substances, later.substances),
        "timing_assumed": (later if "timing" in said_later else first).timing_assumed,
        "professional_urgent": first.professional_urgent or later.professional_urgent,
        "free_text": _text(first.free_text, later.free_text),
    }
    together |= {name: [*getattr(first, name), *getattr(later, name)] for name in LISTS}
    together |= {name: _larger(getattr(first, name), getattr(later, name)) for name in SCORES}
    together |= {name: more_serious(name, getattr(first, name), getattr(later, name)) for name in SERIOUSNESS}
    return parse_answers(together)


def more_serious(name: str, first: str | None, later: str | None) -> str | None:
    """Return the more serious of two answers to one question, None if there is none."""
    return _more_serious(SERIOUSNESS[name], first, later)


def _more_serious(order: Sequence[str], first: str | None, later: str | None) -> str | None:
    known = [said for said in (first, later) if said is not None]
    return max(known, key=order.index, default=None)


def _larger(first: float | None, later: float | None) -> float | None:
    return max((said for said in (first, later) if said is not None), default=None)


def _text(first: str, later: str) -> str:
    """Return both, unless one says all of the other: an addition holds all that was said before it, and
    fifty of them must not be told 2^50 times.
    """
    if _holds(first, later):
        return first
    return later if _holds(later, first) else f"{first}\n{later}"


def _holds(text: str, part: str) -> bool:
    """Return whether these lines stand in the text, whole and in this order."""
    return not part or f"\n{part}\n" in f"\n{text}\n"


def _substances(first: Sequence[Substance], later: Sequence[Substance]) -> list[dict[str, Any]]:
    """Return one entry for each that was named; what is said later of one belongs to its first entry."""
    together = [substance.model_dump(mode="json") for substance in first]
    for substance in later:
        said = substance.model_dump(mode="json")
        known = next((index for index, each in enumerate(together) if each["name"] == said["name"]), None)
        if known is not None:
            together[known] = _use(together[known], said)
        elif len(together) < MOST_SUBSTANCES:
            together.append(said)
    return together


def _use(first: dict[str, Any], later: dict[str, Any]) -> dict[str, Any]:
    hours = first["hours_since_last"]
    together = {
        name: _more_serious(order, first[name], later[name]) for name, order in SERIOUSNESS_OF_USE.items()
    }
    return {
        **first,
        **together,
        **_amount(first, later),
        "hours_since_last": later["hours_since_last"] if hours is None else hours,
    }


def _amount(first: dict[str, Any], later: dict[str, Any]) -> dict[str, float | Unit | None]:
    """Return the larger of two amounts; those in different units cannot be compared."""
    known, said = first["amount_per_day"], later["amount_per_day"]
    is_more = said is not None and (known is None or (first["unit"] == later["unit"] and said > known))
    chosen = later if is_more else first
    return {"amount_per_day": chosen["amount_per_day"], "unit": chosen["unit"]}
