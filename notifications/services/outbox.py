"""The outbox: a message is a row in the caller's transaction, and a job that will deliver it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from jobs.enums import JobQueue
from jobs.services.enqueue import enqueue_job
from notifications.catalogue import CATALOGUE, ChannelRefused, Entry, MessageKind
from notifications.enums import Audience, ChannelName, MessageState, Why
from notifications.guards import check_consent, check_is_safe
from notifications.models import Escalation, Message
from vault.tokens import token, tokens_for_search

DELIVER = "notifications.tasks.deliver_message"


@dataclass(frozen=True, slots=True)
class Way:
    """One way to reach somebody: a channel, and what that channel calls an address."""

    channel: ChannelName
    to: str


AFRESH: dict[str, object] = {
    "state": MessageState.QUEUED,
    "failed_at": None,
    "held_until": None,
    "why": "",
    "tries": 0,
    "uncounted": 0,
    "wording_version": None,
}


class MessageNotFailed(Exception):
    """The message is not, or no longer, one that could not be sent."""


def queue_message(  # noqa: PLR0913 (what a message is)
    *,
    kind: MessageKind,
    to: str,
    context: Mapping[str, str],
    dedupe_key: str,
    about: UUID | None,
    at: datetime,
    expires_at: datetime | None = None,
    channel: ChannelName | None = None,
    escalation: Escalation | None = None,
    ways: Sequence[Way] = (),
    person: UUID | None = None,
) -> Message:
    """Write a message and the job that delivers it; the same dedupe_key returns the message already there.

    `expires_at` and `channel` take the place of the kind's usual ones. To staff, it goes by the next of
    `ways` when it does not get through: see services.failover. What is said for an `escalation` is not sent
    any more when that has ended. `person` says whose address it is, as two of the staff may give the same.
    Raises ContextRefused and ChannelRefused for what the catalogue does not allow, and NotSafeToSend for
    somebody who did not say that this is safe.
    """
    entry = CATALOGUE[kind]
    draft = Message(kind=kind, to=to, context=dict(context), about=about, dedupe_key=dedupe_key)
    draft.channel = channel or entry.channels[0]
    draft.ways = [asdict(way) for way in ways] or None
    draft.escalation, draft.person = escalation, person
    draft.created_at, draft.expires_at = at, expires_at or _usual_expiry(entry, at)
    return write_message(_checked(draft, entry), due_at=at)


@transaction.atomic(savepoint=False)
def write_message(draft: Message, *, due_at: datetime) -> Message:
    """Insert the message with its job, unless there is one of its key: then return that one."""
    Message.objects.bulk_create([draft], ignore_conflicts=True)
    message = Message.objects.get(dedupe_key=draft.dedupe_key)
    if message.pk == draft.pk:
        enqueue_delivery(message, dedupe_key=f"deliver:{message.pk}", at=due_at)
    return message


def _checked(draft: Message, entry: Entry) -> Message:
    """Return a message that may be said, by ways that may be used, to somebody who may be written to."""
    entry.check_context(draft.context)
    _check_ways(draft, entry)
    channel = ChannelName(draft.channel)
    check_is_safe(entry.audience, channel=channel, to=draft.to, about=draft.about)
    check_consent(entry.purpose, to=draft.to, about=draft.about)
    draft.recipient = recipient_token(draft.to)
    return draft


def _check_ways(draft: Message, entry: Entry) -> None:
    """Only staff have several ways: what is safe for a caller is one way, and no other stands in for it."""
    entry.check_channel(ChannelName(draft.channel))
    if draft.ways and entry.audience != Audience.STAFF:
        raise ChannelRefused("Only staff have other ways.")


@transaction.atomic
def resend_message(*, message: Message, at: datetime) -> None:
    """Try a failed message again from the start, whatever its expiry was, and though an alert was answered.

    Raises MessageNotFailed.
    """
    _leave_failed(message, **AFRESH, expires_at=None, escalation=None)
    enqueue_delivery(message, dedupe_key=f"deliver:{message.pk}:{at.isoformat()}", at=at)


@transaction.atomic
def resend_messages(*, messages: QuerySet[Message], at: datetime) -> int:
    """Try many failed messages again, each once however often this is asked; return how many there were.

    Unlike one that a person chose, they still expire and still end with the alert that they are part of:
    after an outage nobody is told at noon what was so in the night.
    """
    failed = messages.filter(state=MessageState.FAILED).order_by("failed_at")
    again = list(failed.select_for_update(skip_locked=True, of=("self",)))
    Message.objects.filter(pk__in=[message.pk for message in again]).update(**AFRESH)
    for message in again:
        enqueue_delivery(message, dedupe_key=f"deliver:{message.pk}:{at.isoformat()}", at=at)
    return len(again)


def discard_message(*, message: Message) -> None:
    """Take a failed message off the list for good; its deliveries are kept. Raises MessageNotFailed."""
    _leave_failed(message, state=MessageState.CANCELLED, why=Why.DISCARDED)


def mark_possible_duplicates() -> int:
    """Have every message that is not sent yet say that it may have come before; return how many there are.

    After a restore: whatever was sent since the point in time is waiting again, and is sent once more.
    """
    unsent = Message.objects.filter(state__in=[MessageState.QUEUED, MessageState.FAILED])
    return unsent.update(possible_duplicate=True)


def cancel_unsent_messages(*, about: UUID, audience: Audience, to: str = "") -> int:
    """Cancel what is queued or has failed for one audience, or one address; return how many that were."""
    kinds = [kind for kind, entry in CATALOGUE.items() if entry.audience == audience]
    unsent = Message.objects.filter(about=about, kind__in=kinds)
    unsent = unsent.filter(state__in=[MessageState.QUEUED, MessageState.FAILED])
    unsent = unsent.filter(recipient__in=recipient_search(to)) if to else unsent
    return unsent.update(state=MessageState.CANCELLED, why=Why.NOT_SAFE)


def cancel_unsent_kinds(*, about: UUID, kinds: Collection[MessageKind], why: Why) -> int:
    """Cancel what is queued or has failed of some kinds, because it is no longer so; return how many."""
    unsent = Message.objects.filter(about=about, kind__in=kinds)
    unsent = unsent.filter(state__in=[MessageState.QUEUED, MessageState.FAILED])
    return unsent.update(state=MessageState.CANCELLED, why=why, held_until=None)


def _leave_failed(message: Message, **changes: object) -> None:
    if not Message.objects.filter(pk=message.pk, state=MessageState.FAILED).update(**changes):
        raise MessageNotFailed(message.pk)


def recipient_token(to: str) -> int:
    """Return what an address is counted by: the same however it is written, and nobody's in clear."""
    return token("address", to.strip().casefold())


def recipient_search(to: str) -> list[int]:
    """Return the tokens of which a row with this address has one, also from before a rotation of keys."""
    return tokens_for_search("address", to.strip().casefold())


def enqueue_delivery(message: Message, *, dedupe_key: str, at: datetime) -> None:
    """Write the job that delivers a message; urgent ones go in the queue of alerts."""
    urgent = CATALOGUE[MessageKind(message.kind)].urgent
    queue = JobQueue.ALERTS if urgent else JobQueue.OUTBOUND
    enqueue_job(kind=DELIVER, subject=message.pk, due_at=at, dedupe_key=dedupe_key, queue=queue)


def _usual_expiry(entry: Entry, at: datetime) -> datetime | None:
    return at + entry.expires_after if entry.expires_after else None
