"""What a coordinator has before them on a call: the script, and what is still to be asked."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from crm.call_guide import Question, questions_left
from crm.models import LeadEvent
from crm.public_words import Text, public_words
from crm.selectors.lead_record import LeadRecord


@dataclass(frozen=True, slots=True)
class CallGuide:
    """`say_instead` is for somebody else who answers: never who we are before we know who it is."""

    script: list[Text]
    questions: list[Question]
    ask_for: str
    say_instead: str


def guide_of(record: LeadRecord) -> CallGuide:
    """Return the guide for calling the caller of a lead."""
    lead = record.lead
    answers: dict[str, Any] = record.latest.placement.answers if record.latest else {}
    return CallGuide(
        script=public_words().script(keys_told(told.event for told in record.told)),
        questions=questions_left(answers, about_somebody_else=lead.caller_id != lead.patient_id),
        ask_for=lead.caller.ask_for or lead.caller.name,
        say_instead=lead.caller.say_instead,
    )


def keys_told(events: Iterable[LeadEvent]) -> list[str]:
    """Return the message keys that the caller was told, once each, those of the latest enquiry first."""
    keys = (message["key"] for event in events for message in event.data.get("told") or [])
    return list(dict.fromkeys(key for key in keys if key))
