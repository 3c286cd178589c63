"""The answers of an enquiry as a person reads them: one line a subject, what was not asked left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from crm.answer_labels import label
from crm.promises import in_words

# The line that the short urgent form puts into their words for its tick (intake.forms.choices.THOUGHTS): it
# does not ask how safe they are.
THOUGHTS = "Thoughts such as “I want to end my life”"
THOUGHTS_LINE = f"[{THOUGHTS}]"
SAID_OF_SUICIDE = frozenset({"thoughts_safe_now", "plan_or_means", "not_safe_now"})
NOT_KNOWN = "Not known yet: ask"
SAFE_UNKNOWN = "How safe they are is not known yet: ask"

# Shown even when it was not answered: unknown is not "no", so it is asked on the call.
SINGLE = {
    "age_band": "Age",
    "suicide": "Suicide",
    "pregnancy": "Pregnancy",
    "tolerance_break": "Break from opioids",
    "timing": "Wants to start",
    "programme": "Would like",
    "person_aware": "Do they know of this enquiry",
}
LISTS = {
    "symptoms": "Signs now",
    "history": "Before",
    "situation": "Situation",
    "medical": "Health",
    "behaviours": "Behaviours",
}
SCORES = {"pgsi": "Gambling score (PGSI)", "audit_total": "AUDIT score", "sadq_total": "SADQ score"}
SUBJECTS = SINGLE | LISTS | SCORES | {"substances": "What is used", "free_text": "In their own words"}
NOT_WORTH_A_LINE = {
    ("tolerance_break", "none"),
    ("tolerance_break", "unknown"),
    ("pregnancy", "no"),
    ("pregnancy", "not_applicable"),
    ("person_aware", "yes"),
    ("programme", "unsure"),
    ("programme", "unknown"),
    ("timing", "unknown"),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One line: what was asked, what was answered."""

    asked: str
    answered: str
    is_danger: bool = False


@dataclass(frozen=True, slots=True)
class AnswersInWords:
    """All answers: the caller's own words, and the facts."""

    said: str
    facts: list[Fact]


def answers_in_words(answers: Mapping[str, Any]) -> AnswersInWords:
    """Return the answers in words, danger to life first.

    Liberal: an old snapshot may lack keys, or have ones of its own.
    """
    facts = [
        *_substances(answers.get("substances") or []),
        *_lists(answers),
        *_single(answers),
        *_scores(answers),
    ]
    if answers.get("preferred_date"):
        facts.append(Fact("Would like to start around", _day(str(answers["preferred_date"]))))
    if answers.get("professional_urgent"):
        facts.append(Fact("Marked as urgent", "Yes, by the professional"))
    facts = sorted(facts, key=lambda fact: not fact.is_danger)
    return AnswersInWords(said=str(answers.get("free_text") or "").strip(), facts=facts if answers else [])


def ticked_thoughts(answers: Mapping[str, Any]) -> bool:
    """Return whether the tick for thoughts of suicide was made, on a page that asks no more about them."""
    return THOUGHTS_LINE in str(answers.get("free_text") or "").splitlines()


def timing_said(answers: Mapping[str, Any]) -> str:
    """Return how soon they want to start, "" if the form stands for it: nobody was asked."""
    return "" if answers.get("timing_assumed") else str(answers.get("timing") or "")


def _substances(entries: Sequence[Mapping[str, Any]]) -> list[Fact]:
    return [Fact(label(str(entry["name"])), _use(entry)) for entry in entries if entry.get("name")]


def _use(entry: Mapping[str, Any]) -> str:
    parts = [_how_often(entry), _amount(entry), _latest_use(entry)]
    parts += [label(str(entry[key])) for key in ("status", "source", "route") if entry.get(key) not in _BLANK]
    return ", ".join(part for part in parts if part) or label("unknown")


_BLANK = (None, "", "unknown")


def _how_often(entry: Mapping[str, Any]) -> str:
    freq = entry.get("freq")
    return "not at the moment" if freq == "none" else "" if freq in _BLANK else label(str(freq))


def _amount(entry: Mapping[str, Any]) -> str:
    if entry.get("amount_per_day") is None:
        return ""
    unit = str(entry.get("unit") or "")
    return (
        f"about {entry['amount_per_day']:g} {label(unit) if unit == 'uk_units' else unit}".strip() + " a day"
    )


def _latest_use(entry: Mapping[str, Any]) -> str:
    hours = entry.get("hours_since_last")
    return "" if hours is None else f"last {in_words(timedelta(hours=hours))} before the enquiry"


def _lists(answers: Mapping[str, Any]) -> list[Fact]:
    named = {asked: [label(str(code)) for code in answers.get(key) or []] for key, asked in LISTS.items()}
    return [Fact(asked, "; ".join(words)) for asked, words in named.items() if words]


def _single(answers: Mapping[str, Any]) -> list[Fact]:
    given = {key: str(answers.get(key) or "unknown") for key in SINGLE}
    given["timing"] = timing_said(answers) or "unknown"
    lines = {key: code for key, code in given.items() if (key, code) not in NOT_WORTH_A_LINE}
    return [_suicide(answers, code) if key == "suicide" else _line(key, code) for key, code in lines.items()]


def _line(key: str, code: str) -> Fact:
    return Fact(SINGLE[key], _words(code))


def _words(code: str) -> str:
    if code == "unknown":
        return NOT_KNOWN
    return label(code).capitalize() if code in {"yes", "no"} else label(code)


def _suicide(answers: Mapping[str, Any], code: str) -> Fact:
    """Words, never a grade. What was ticked stays beside what was said when it was asked."""
    ticked = ticked_thoughts(answers)
    answered = SAFE_UNKNOWN if ticked and code == "unknown" else _words(code)
    words = f"Ticked: {THOUGHTS}. {answered}" if ticked else answered
    return Fact(SINGLE["suicide"], words, is_danger=ticked or code in SAID_OF_SUICIDE)


def _day(iso: str) -> str:
    return f"{date.fromisoformat(iso):%A %-d %B %Y}"


def _scores(answers: Mapping[str, Any]) -> list[Fact]:
    return [Fact(asked, str(answers[key])) for key, asked in SCORES.items() if answers.get(key) is not None]
