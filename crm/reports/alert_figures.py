"""The conditions of figures about alerts, the messages of alerts, and tries at sending those.

All that a figure asks of alerts must be so of one and the same alert; the same holds for messages and tries.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from crm.enums import AlertEnding, AlertLevel, Duty, MessageFate, Role, StepsNeeded
from notifications.enums import Acknowledgement, ChannelName

OF_ALERTS = {
    "alerted": "TRUE",
    "alert_level": "told_level = %(alert_level)s",
    "alert_hour": "alert_hour = %(alert_hour)s",
    "steps": "steps = %(steps)s",
    "how": "how = %(how)s",
    "ending": "ending = %(ending)s",
    "unanswered": "how = ''",
    "lapsed": "lapsed",
    "role": "role = %(role)s",
    "duty": "duty = %(duty)s",
}
OF_TRIES = {
    "way": "channel = %(way)s",
    "fate": "%(fate)s = ANY(fates)",
    "reason": "left(encode(sha256(convert_to(reason, 'UTF8')), 'hex'), 12) = %(reason)s",
}
NAMES = (*OF_ALERTS, *OF_TRIES)


def conditions(asked: Mapping[str, Any]) -> Iterator[str]:
    """Yield the SQL conditions that the lead `known` has such an alert, and such a message."""
    if alerts := [words for name, words in OF_ALERTS.items() if name in asked]:
        yield f"EXISTS (SELECT FROM alert WHERE alert.lead_id = known.id AND {' AND '.join(alerts)})"
    if any(name in asked for name in OF_TRIES):
        yield _of_message(asked)


def phrases(asked: Mapping[str, Any]) -> Iterator[str]:
    """Yield the words of those conditions."""
    if any(name in asked for name in OF_ALERTS):
        yield " ".join(["with an alert", *_of_alert(asked)])
    if any(name in asked for name in OF_TRIES):
        yield " ".join(["with a message of an alert", *_of_try(asked)])


def _of_message(asked: Mapping[str, Any]) -> str:
    """A try that failed has a reason; without one, the message itself is asked for."""
    source = "alert_try" if "reason" in asked else "alert_message"
    wanted = [words for name, words in OF_TRIES.items() if name in asked]
    return f"EXISTS (SELECT FROM {source} AS sent WHERE sent.lead_id = known.id AND {' AND '.join(wanted)})"


def _of_alert(asked: Mapping[str, Any]) -> Iterator[str]:
    yield from _which_alert(asked)
    yield from _answered_by(asked)


def _which_alert(asked: Mapping[str, Any]) -> Iterator[str]:
    if "alert_level" in asked:
        yield f"at level {AlertLevel(asked['alert_level']).label}"
    if "alert_hour" in asked:
        yield f"that began between {asked['alert_hour']:02}:00 and {asked['alert_hour']:02}:59"
    if "ending" in asked:
        yield AlertEnding(asked["ending"]).label
    if "unanswered" in asked:
        yield "that nobody answered"
    if "lapsed" in asked:
        yield "answered, then alerted again because nobody called"
    if "steps" in asked:
        yield f"that went as far as: {StepsNeeded(asked['steps']).label.lower()}"


def _answered_by(asked: Mapping[str, Any]) -> Iterator[str]:
    if "how" in asked:
        yield f"answered {_lower(Acknowledgement(asked['how']).label)}"
    if "role" in asked:
        yield f"by a {Role(asked['role']).label.lower()}"
    if "duty" in asked:
        yield f"by somebody {_lower(Duty(asked['duty']).label)}"


def _of_try(asked: Mapping[str, Any]) -> Iterator[str]:
    if "way" in asked:
        yield f"by {_lower(ChannelName(asked['way']).label)}"
    if "fate" in asked:
        yield MessageFate(asked["fate"]).label
    if "reason" in asked:
        yield "a try of which failed in one way"


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
