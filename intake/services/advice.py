"""What a caller must be told before anything is stored, or although it could not be stored."""

from dataclasses import dataclass

import structlog
from django.db import DatabaseError, InterfaceError

from crm.enums import CallerRole, Level
from intake.enums import Outcome, Voice
from intake.selectors import caller_texts, known_words, said_here
from intake.services.answering import IN_A_CRISIS, VOICES, triage_in_request
from intake.triage.answers import Answers
from intake.triage.engine import LAST_MESSAGE, Triage, triage
from intake.triage.messages import CallerText, texts_for
from intake.triage.rules import shipped_rules

log = structlog.get_logger(__name__)

FOR_MINORS = "MU18"


def emergency_advice(answers: Answers) -> list[CallerText]:
    """Return the texts for an emergency in these answers, complete or not; none if there is none."""
    result = _triage(answers)
    if result.outcome != Outcome.EMERGENCY_SIGNPOST:
        return []
    return caller_texts(result.messages, _voice(answers))


@dataclass(frozen=True, slots=True)
class Interruption:
    """What is read before anything else. `is_for_999`: what to do at once, by the emergency number.

    `is_crisis`: no emergency by what was said, but there are people to talk to at any hour.
    """

    texts: list[CallerText]
    is_for_999: bool = False
    is_crisis: bool = False

    @property
    def keys(self) -> list[str]:
        """Return what to remember it by: the same words are read again when it becomes an emergency."""
        return ["crisis"] if self.is_crisis else [text.key for text in self.texts]


def interruption_for(answers: Answers) -> Interruption | None:
    """Return the emergency, or the crisis, in these answers, complete or not; None if there is none."""
    result = _triage(answers)
    if result.outcome == Outcome.EMERGENCY_SIGNPOST:
        texts = [text for text in emergency_advice(answers) if text.key != LAST_MESSAGE]
        return Interruption(texts, is_for_999=result.level == Level.E1) if texts else None
    if IN_A_CRISIS not in result.messages:
        return None
    return Interruption(caller_texts((IN_A_CRISIS,), _voice(answers)), is_crisis=True)


def advice_for_minors(answers: Answers) -> list[CallerText]:
    """Return what somebody under 18, or whoever writes for them, is told first."""
    return caller_texts((FOR_MINORS,), _voice(answers))


def advice_without_database(answers: Answers) -> list[CallerText]:
    """Return what the shipped rules tell, without waiting for a database that is away."""
    texts = texts_for(triage(shipped_rules(), answers).messages, _voice(answers))
    return said_here(texts, known_words())


def _voice(answers: Answers) -> Voice:
    return VOICES.get(CallerRole(answers.enquirer), Voice.SELF)


def _triage(answers: Answers) -> Triage:
    """Without a database the shipped rules decide: a caller in danger is never left without an answer."""
    try:
        return triage_in_request(answers)
    except (DatabaseError, InterfaceError) as error:
        log.warning("advice_from_shipped_rules", error=type(error).__name__)
        return triage(shipped_rules(), answers)
