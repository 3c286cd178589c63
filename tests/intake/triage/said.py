"""Short ways to say what an enquiry says: calm and complete, but for what a test changes."""

from typing import Any

from intake.triage.answers import Answers, parse_answers
from intake.triage.engine import Triage, triage
from intake.triage.rules import shipped_rules

CALM: dict[str, Any] = {
    "enquirer": "self",
    "age_band": "18_64",
    "suicide": "none_disclosed",
    "pregnancy": "no",
    "tolerance_break": "none",
    "timing": "flexible",
}


def said(**changes: Any) -> Answers:
    """Answers with nothing to worry about, and these changes."""
    return parse_answers(CALM | changes)


def took(name: str, **changes: Any) -> dict[str, Any]:
    """One substance, used daily, two hours ago."""
    return {"name": name, "freq": "daily", "hours_since_last": 2, "status": "using"} | changes


def triaged(**changes: Any) -> Triage:
    """What the shipped rules make of `said(**changes)`."""
    return triage(shipped_rules(), said(**changes))


def fired(**changes: Any) -> set[str]:
    return {rule.id for rule in triaged(**changes).rules}
