"""The outbox: a message is a row in the caller's transaction, and a job that will deliver it."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from jobs.enums import JobQueue
from jobs.services.enqueue import enqueue_job
from notifications.catalogue import CATALOGUE, Entry, MessageKind
from notifications.enums import Audience, MessageState
from notifications.guards import check_is_safe
from notifications.models import Message

DELIVER = "notifications.tasks.deliver_message"


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
) -> Message:
    """Write a message and the job that delivers it; the same dedupe_key returns the message already there.

    `expires_at` takes the place of the kind's usual expiry. Raises ContextRefused for a context that the
    catalogue does not allow, and NotSafeToSend for a caller who did not say that this is safe.
    """
    entry = CATALOGUE[kind]
    entry.check_context(context)
    check_is_safe(entry.audience, to=to, about=about)
    draft = Message(
        kind=kind,
        channel=entry.channels[0],
        to=to,
        context=dict(context),
        about=about,
        dedupe_key=dedupe_key,
        created_at=at,
        expires_at=expires_at or _usual_expiry(entry, at),
    )
    return _write(draft)


@transaction.atomic(savepoint=False)
def _write(draft: Message) -> Message:
    """Insert the message with its job, unless there is one of its key: then return that one."""
    Message.objects.bulk_create([draft], ignore_conflicts=True)
    message = Message.objects.get(dedupe_key=draft.dedupe_key)
    if message.pk == draft.pk:
        _enqueue(message, dedupe_key=f"deliver:{message.pk}", at=message.created_at)
    return message


@transaction.atomic
def resend_message(*, message: Message, at: datetime) -> None:
    """Try a failed message again from the start, whatever its expiry was. Raises MessageNotFailed."""
    _leave_failed(message, state=MessageState.QUEUED, failed_at=None, expires_at=None, tries=0)
    _enqueue(message, dedupe_key=f"deliver:{message.pk}:{at.isoformat()}", at=at)


def discard_message(*, message: Message) -> None:
    """Take a failed message off the list for good; its deliveries are kept. Raises MessageNotFailed."""
    _leave_failed(message, state=MessageState.CANCELLED)


def cancel_unsent_messages(*, about: UUID, audience: Audience) -> int:
    """Cancel what is queued or has failed for one audience; return how many messages that were."""
    kinds = [kind for kind, entry in CATALOGUE.items() if entry.audience == audience]
    unsent = Message.objects.filter(about=about, kind__in=kinds)
    unsent = unsent.filter(state__in=[MessageState.QUEUED, MessageState.FAILED])
    return unsent.update(state=MessageState.CANCELLED)


def _leave_failed(message: Message, **changes: object) -> None:
    if not Message.objects.filter(pk=message.pk, state=MessageState.FAILED).update(**changes):
        raise MessageNotFailed(message.pk)


def _enqueue(message: Message, *, dedupe_key: str, at: datetime) -> None:
    urgent = CATALOGUE[MessageKind(message.kind)].urgent
    queue = JobQueue.ALERTS if urgent else JobQueue.OUTBOUND
    enqueue_job(kind=DELIVER, subject=message.pk, due_at=at, dedupe_key=dedupe_key, queue=queue)


def _usual_expiry(entry: Entry, at: datetime) -> datetime | None:
    return at + entry.expires_after if entry.expires_after else None
