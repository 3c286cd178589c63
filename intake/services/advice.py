"""What a caller must be told before anything is stored, or although it could not be stored."""

import structlog
from django.db import DatabaseError, InterfaceError

from crm.enums import CallerRole
from intake.enums import Outcome, Voice
from intake.selectors import caller_texts
from intake.services.answering import VOICES, triage_in_request
from intake.triage.answers import Answers
from intake.triage.engine import Triage, triage
from intake.triage.messages import CallerText, texts_for
from intake.triage.rules import shipped_rules

log = structlog.get_logger(__name__)


def emergency_advice(answers: Answers) -> list[CallerText]:
    """Return the texts for an emergency in these answers, complete or not; none if there is none."""
    result = _triage(answers)
    if result.outcome != Outcome.EMERGENCY_SIGNPOST:
        return []
    return caller_texts(result.messages, _voice(answers))


def advice_without_database(answers: Answers) -> list[CallerText]:
    """Return what the shipped rules tell, without waiting for a database that is away."""
    return texts_for(triage(shipped_rules(), answers).messages, _voice(answers))


def _voice(answers: Answers) -> Voice:
    return VOICES.get(CallerRole(answers.enquirer), Voice.SELF)


def _triage(answers: Answers) -> Triage:
    """Without a database the shipped rules decide: a caller in danger is never left without an answer."""
    try:
        return triage_in_request(answers)
    except (DatabaseError, InterfaceError) as error:
        log.warning("advice_from_shipped_rules", error=type(error).__name__)
        return triage(shipped_rules(), answers)
