"""A lead's history as it is read: events, contact attempts and messages in one list, latest first."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from uuid import UUID

from crm.enums import Party
from crm.event_words import event_details, event_title
from crm.models import ContactAttempt, Lead, LeadEvent
from crm.selectors.alert_history import names_told, told_in_words
from crm.selectors.leads import attempts_on, events_of
from crm.selectors.open_leads import merged_into
from notifications.catalogue import WORDED
from notifications.enums import MessageKind, MessageState
from notifications.models import Message
from notifications.selectors import messages_about
from notifications.times import moment_in_words

ASKED = ("GOT_WORSE", "ASKED_SOONER", "ASKED_TO_STOP", "ASKED_TO_ERASE")
RANG = ("CALL_MISSED", "TEXT_RECEIVED")
ALARMS = frozenset(
    {
        "NOT_PLACED_IN_TIME",
        "REVIEW_WAITING",
        "NOT_CALLED",
        "ANSWER_LAPSED",
        "MORE_SEVERE",
        "LEVEL_RAISED",
        "REPEAT_ENQUIRY",
        *ASKED,
        *RANG,
    }
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened. `words` is what a person typed, `on` the merged lead that it happened to.

    `person` is whose words they are, or who was reached: a merged lead's caller may be another one.
    """

    at: datetime
    title: str
    by: str = ""
    details: list[str] = field(default_factory=list)
    words: str = ""
    is_alarm: bool = False
    on: str = ""
    person: UUID | None = None


def timeline_of(lead: Lead) -> list[Entry]:
    """Return everything that happened to the lead and to those that went into it, latest first."""
    entries = _own_entries(lead)
    for merged in merged_into(lead):
        entries += [replace(entry, on=merged.reference) for entry in _own_entries(merged)]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def _own_entries(lead: Lead) -> list[Entry]:
    attempts = {str(attempt.pk): attempt for attempt in attempts_on(lead)}
    events = list(events_of(lead))
    names = names_told(events)
    entries = [_of_event(event, attempts, names) for event in events]
    return entries + _of_messages(messages_about(lead.pk), lead.site.time_zone)


def _of_event(event: LeadEvent, attempts: dict[str, ContactAttempt], names: dict[str, str]) -> Entry:
    attempt = attempts.get(str(event.data.get("attempt")))
    return Entry(
        at=event.occurred_at,
        title=event_title(event),
        by=str(event.by) if event.by else "",
        details=_attempt_details(attempt) if attempt else event_details(event) + told_in_words(event, names),
        words=attempt.note if attempt else event.note,
        is_alarm=_is_alarm(event) or bool(attempt and attempt.override_reason),
        person=attempt.person_id if attempt else _who_said(event),
    )


def _is_alarm(event: LeadEvent) -> bool:
    return event.kind in ALARMS or event.data.get("people") == 0


def said_by(entries: Iterable[Entry], person: UUID) -> list[Entry]:
    """Return what one person said, and what was written down when we reached them."""
    return [entry for entry in entries if entry.person == person and entry.words]


def _who_said(event: LeadEvent) -> UUID | None:
    """Return whose words a note is; None for what staff wrote themselves."""
    people = {Party.CALLER: event.lead.caller_id, Party.PATIENT: event.lead.patient_id}
    said = event.data.get("said_by")
    return people[Party(said)] if said else None


def _attempt_details(attempt: ContactAttempt) -> list[str]:
    who = attempt.person.name or "no name given"
    details = [f"{attempt.get_method_display()} to {who}: {attempt.get_outcome_display().lower()}."]
    if attempt.inbound:
        details.append("They came to us.")
    if attempt.two_way:
        details.append("Two-way contact.")
    if attempt.minutes:
        details.append(f"{attempt.minutes} minute{'s' if attempt.minutes > 1 else ''}.")
    if attempt.disposition:
        details.append(f"{attempt.get_disposition_display()}.")
    if attempt.override_reason:
        details.append(f"The contact rules were set aside: {attempt.override_reason}")
    return details


def _of_messages(messages: Iterable[Message], time_zone: str) -> list[Entry]:
    """One entry for all copies of a message that went out together: an alert has many recipients."""
    groups = groupby(messages, key=lambda message: (message.created_at, message.kind))
    return [_of_copies(at, kind, list(copies), time_zone) for (at, kind), copies in groups]


def _of_copies(at: datetime, kind: str, copies: list[Message], time_zone: str) -> Entry:
    states = Counter(message.state for message in copies)
    details = [f"{MessageState(state).label}: {number}." for state, number in sorted(states.items())]
    received = {
        "Arrived": sum(message.delivered_at is not None for message in copies),
        "Read": sum(message.read_at is not None for message in copies),
    }
    details += [f"{words}: {number}." for words, number in received.items() if number]
    if twice := sum(message.possible_duplicate for message in copies):
        details.append(f"Possibly the second copy: {twice}.")
    details += [words for copy in copies if kind in WORDED for words in _of_letter(copy, time_zone)]
    channels = dict.fromkeys(message.get_channel_display() for message in copies)
    title = f"{MessageKind(kind).label} ({', '.join(channels)})"
    return Entry(at=at, title=title, details=details, is_alarm=MessageState.FAILED in states)


def _of_letter(message: Message, time_zone: str) -> list[str]:
    """Return why a message to a caller waits or has ended, and which version of its words they got."""
    words = []
    if message.state != MessageState.SENT and message.why:
        words.append(f"{message.why_in_words()}.")
    if message.state == MessageState.QUEUED and message.held_until:
        words.append(f"It goes out at {moment_in_words(message.held_until, time_zone=time_zone)}.")
    if message.wording_version is not None:
        words.append(f"Version {message.wording_version} of its words.")
    return words
