"""The call guide: what to say, and what is still to be asked, in the order in which triage needs it.

Unknown is not "no": a blank answer raised the level until somebody asks. The questions are for a person to
put in their own words; the one about suicide is asked as it stands (NICE NG225: ask, record, never grade).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crm.answer_labels import label
from crm.answer_words import ticked_thoughts, timing_said

Answers = Mapping[str, Any]
OPIOIDS = {"opioid", "nitazene_or_unknown"}
SEDATIVES = {
    "alcohol",
    "benzodiazepine",
    "z_drug",
    "barbiturate",
    "gabapentinoid",
    "ghb_gbl",
}


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to ask, and why it matters."""

    ask: str
    why: str


def questions_left(answers: Answers, *, about_somebody_else: bool) -> list[Question]:
    """Return what is not known yet, what decides about danger first."""
    whom = "they" if about_somebody_else else "you"
    asked: Iterable[Iterable[Question]] = (
        _now(answers, whom),
        _agreement(answers, about_somebody_else),
        _substances(answers, whom),
        _body(answers, whom),
        _life(answers, whom),
        _plans(answers, whom),
    )
    return [question for group in asked for question in group]


def _now(answers: Answers, whom: str) -> list[Question]:
    found = []
    if not answers.get("symptoms"):
        ask = f"How are {whom} now: any fit, confusion, shaking, chest pain or trouble breathing?"
        found.append(Question(ask, "Some of these need an ambulance before anything else."))
    if answers.get("suicide", "unknown") in {"unknown", "none_disclosed"}:
        found.append(_about_suicide(whom, ticked=ticked_thoughts(answers)))
    return found


def _about_suicide(whom: str, *, ticked: bool) -> Question:
    their = "their" if whom == "they" else "your"
    if ticked:
        ask = f"The thoughts of ending {their} life: is there a plan or a way, and are {whom} safe now?"
        return Question(ask, "They ticked it; nobody has asked more. Write down what they say, no score.")
    ask = f"Are {whom} having thoughts of ending {their} life?"
    return Question(ask, "Ask everybody, in these words. Write down what they say, no score.")


def _agreement(answers: Answers, about_somebody_else: bool) -> list[Question]:
    if about_somebody_else and answers.get("person_aware", "unknown") != "yes":
        why = "Until they agree we do not contact them, and tell nobody anything about them."
        return [Question("Do they know of this, and do they agree?", why)]
    return []


def _substances(answers: Answers, whom: str) -> list[Question]:
    entries: Sequence[Answers] = answers.get("substances") or []
    if not entries and not answers.get("behaviours"):
        ask = f"What are {whom} using, how often, and when was the last time?"
        return [Question(ask, "With some of these, to stop suddenly is dangerous.")]
    return [question for entry in entries for question in _use(entry, whom)]


def _use(entry: Answers, whom: str) -> list[Question]:
    name, found = label(str(entry.get("name", ""))), []
    if entry.get("hours_since_last") is None:
        found.append(Question(f"{name}: when was the last time?", "Unknown counts as just now."))
    if entry.get("freq", "unknown") == "unknown":
        found.append(Question(f"{name}: how often?", "Whether it is regular decides how urgent it is."))
    if entry.get("status", "unknown") == "unknown":
        ask = f"{name}: have {whom} stopped or cut down, or plan to?"
        found.append(Question(ask, "To stop suddenly is the danger with alcohol, sedatives and G."))
    if entry.get("amount_per_day") is None and entry.get("name") in SEDATIVES:
        found.append(
            Question(f"{name}: how much on a usual day?", "The amount decides how safe stopping is.")
        )
    return found


def _body(answers: Answers, whom: str) -> list[Question]:
    found = []
    if answers.get("age_band", "unknown") == "unknown":
        found.append(Question(f"How old are {whom}?", "Under 18 we help them reach the right service."))
    if answers.get("pregnancy", "unknown") == "unknown":
        ask = f"Are {whom} pregnant, or is there a baby under one?"
        found.append(Question(ask, "Then they come first, and nothing is stopped suddenly."))
    names = {entry.get("name") for entry in answers.get("substances") or []}
    if names & OPIOIDS and answers.get("tolerance_break", "unknown") == "unknown":
        ask = f"Have {whom} had a break lately: prison, hospital, detox?"
        found.append(Question(ask, "After a break a usual amount can kill."))
    if not answers.get("history"):
        ask = f"Have {whom} ever had a fit or seen things when stopping, or an overdose lately?"
        found.append(Question(ask, "It happened before, so it can happen again."))
    if not answers.get("medical"):
        found.append(Question("Any illness or daily medicine?", "A clinician looks at it before an offer."))
    return found


def _life(answers: Answers, whom: str) -> list[Question]:
    if answers.get("situation"):
        return []
    ask = f"Are {whom} alone, and is it safe where {whom} live? Are there children?"
    return [
        Question(ask, "Nobody should come off a sedative alone, and children may need help of their own.")
    ]


def _plans(answers: Answers, whom: str) -> list[Question]:
    if timing_said(answers):
        return []
    return [Question(f"When would {whom} like help to start?", "It decides when we talk about a place.")]
