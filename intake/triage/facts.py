"""What a rule's condition can see: the answers, plus the few names that triage/SPEC section 4 defines.

Beside the answers themselves (names and values as in section 5, except the free text and what
somebody would like: programme and date) a condition may use

- of each entry `s` of `substances`: `s.regular` (daily or most days), `s.stopped` (stopped or cut down),
  `s.detox_done`, `s.hours` (since last use, unknown counts as 0), `s.amount` (a day, unknown counts as 0),
  `s.amount_known`, and the groups `s.sedative`, `s.benzo`, `s.opioid`, `s.depressant` and `s.stimulant`;
- `minor` (under 18), `complexity` (a medical item that makes detox harder to plan) and `red_flag_words`
  (the free text holds one of the rule set's phrases);
- `fired` and `asked`: ids of the rules above that fired, and the levels that they asked for.

Handing a word to CEL costs 1 µs, a truth value a fifth of that: so groups and phrases come as truth values.
"""

import re
from typing import Any

from intake.enums import AgeBand, Frequency, Medical, SubstanceName, UseStatus
from intake.triage.answers import Answers, Substance

_N = SubstanceName
BENZO = (_N.BENZODIAZEPINE, _N.Z_DRUG, _N.BARBITURATE)
SEDATIVE = (_N.ALCOHOL, *BENZO, _N.GABAPENTINOID, _N.GHB_GBL)
OPIOID = (_N.OPIOID, _N.NITAZENE_OR_UNKNOWN)
STIMULANT = (_N.COCAINE, _N.CRACK, _N.METHAMPHETAMINE, _N.AMPHETAMINE, _N.MDMA)
MINOR = frozenset({AgeBand.UNDER_16, AgeBand.AGE_16_17})
COMPLEXITY = frozenset(
    {
        Medical.HEART_DISEASE,
        Medical.INSULIN_DIABETES,
        Medical.LIVER_DISEASE,
        Medical.LEARNING_DISABILITY,
        Medical.COGNITIVE_IMPAIRMENT,
        Medical.SERIOUS_MENTAL_ILLNESS,
    }
)
GROUPS: dict[str, frozenset[SubstanceName]] = {
    "sedative": frozenset(SEDATIVE),
    "benzo": frozenset(BENZO),
    "opioid": frozenset(OPIOID),
    "depressant": frozenset({*SEDATIVE, *OPIOID}),
    "stimulant": frozenset(STIMULANT),
}

DERIVED = frozenset({"minor", "complexity", "red_flag_words", "fired", "asked"})
WISHES = {"programme", "preferred_date"}  # what somebody would like changes nobody's urgency
_FOR_PEOPLE = {"free_text", "timing_assumed"}
NAMES = (frozenset(Answers.model_fields) - {*_FOR_PEOPLE, *WISHES}) | DERIVED

_NOT_SHOWN = {"substances", *_FOR_PEOPLE, *WISHES}
_REGULAR = {Frequency.DAILY, Frequency.MOST_DAYS}
_STOPPED = {UseStatus.STOPPED, UseStatus.CUT_DOWN}
# every mark that keyboards put for an apostrophe, and what is there but cannot be seen
_DROPPED = {ord(mark): None for mark in "'’‘‛ʼ′`´＇\u00ad\u200b\u200c\u200d\u2060\ufeff"}
_SPACES = re.compile(r"\s+")


def plain(text: str) -> str:
    """Return lower case without apostrophes and with single spaces, so that spellings of "can't" agree."""
    return _SPACES.sub(" ", text.lower().translate(_DROPPED)).strip()


def facts_of(answers: Answers, *, phrases: tuple[str, ...]) -> dict[str, Any]:
    """Return the variables that every condition is evaluated with. `phrases` are plain already."""
    facts = answers.model_dump(mode="json", exclude=_NOT_SHOWN)
    facts["substances"] = [_substance_facts(substance) for substance in answers.substances]
    words = plain(answers.free_text)
    return facts | {
        "minor": answers.age_band in MINOR,
        "complexity": not COMPLEXITY.isdisjoint(answers.medical),
        "red_flag_words": any(phrase in words for phrase in phrases),
    }


def _substance_facts(substance: Substance) -> dict[str, Any]:
    facts = {group: substance.name in names for group, names in GROUPS.items()}
    return facts | {
        "name": substance.name.value,
        "freq": substance.freq.value,
        "status": substance.status.value,
        "unit": substance.unit and substance.unit.value,
        "source": substance.source and substance.source.value,
        "route": substance.route and substance.route.value,
        "regular": substance.freq in _REGULAR,
        "stopped": substance.status in _STOPPED,
        "detox_done": substance.status == UseStatus.MEDICAL_DETOX_DONE,
        "hours": substance.hours_since_last or 0.0,
        "amount": substance.amount_per_day or 0.0,
        "amount_known": substance.amount_per_day is not None,
    }
