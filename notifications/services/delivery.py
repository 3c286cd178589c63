"""One try at delivering a message: claim → render → channel → record. Never inside a transaction."""

import time
from datetime import datetime
from uuid import UUID

import structlog
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models.functions import Now

from jobs.durable import check_lease
from jobs.models import Job
from notifications.catalogue import CATALOGUE
from notifications.channels.base import DeliveryError
from notifications.channels.registry import channel_for
from notifications.enums import ChannelName, DeliveryOutcome, MessageKind, MessageState
from notifications.guards import NotSafeToSend, check_is_safe
from notifications.models import Delivery, Message
from notifications.services.outbox import DELIVER
from notifications.services.rendering import render_message

log = structlog.get_logger(__name__)

RECORDING_TRIES = 10  # a second apart: what a database takes to restart
TRIES = 14  # with the pauses of jobs.services.running: about 40 minutes, longer than most greylisting


def deliver(*, message: UUID, at: datetime) -> None:
    """Hand a waiting message to its channel and record how that went.

    Raises what went wrong while there are tries left; the last failure is recorded as the message's own.
    """
    delivery = _start_try(message, at)
    if delivery is None:
        return
    check_lease()
    try:
        _send(delivery.message)
    except Exception as error:
        if not _record_failure(delivery, error):
            raise
    else:
        _record_acceptance_surely(delivery)


@transaction.atomic
def _start_try(message_id: UUID, at: datetime) -> Delivery | None:
    """Open a delivery, on disk before anything is sent; None when there is nothing to send any more."""
    message = Message.objects.select_for_update().filter(pk=message_id, state=MessageState.QUEUED).first()
    if message is None:
        return None
    if message.is_expired(at) or not _is_still_safe(message):
        _cancel(message)
        return None
    message.deliveries.filter(outcome="").update(outcome=DeliveryOutcome.INTERRUPTED, finished_at=at)
    message.tries += 1
    message.save(update_fields=["tries"])
    return Delivery.objects.create(message=message, started_at=at)


def _is_still_safe(message: Message) -> bool:
    if message.kind not in MessageKind.values:
        return True  # of a newer release: nothing here can render it
    audience = CATALOGUE[MessageKind(message.kind)].audience
    try:
        check_is_safe(audience, to=message.to, about=message.about)
    except NotSafeToSend:
        return False
    return True


def _cancel(message: Message) -> None:
    log.warning("message_cancelled", message=str(message.pk), kind=message.kind)
    Message.objects.filter(pk=message.pk).update(state=MessageState.CANCELLED)


def _send(message: Message) -> None:
    outgoing = render_message(message)
    channel_for(ChannelName(message.channel))(outgoing)


def _record_acceptance_surely(delivery: Delivery) -> None:
    """Record it on a new connection if the old one broke: unrecorded, it would be sent a second time."""
    for _ in range(RECORDING_TRIES):
        try:
            return _record_acceptance(delivery)
        except (OperationalError, InterfaceError):
            connection.close()
            time.sleep(1)
    return _record_acceptance(delivery)


@transaction.atomic
def _record_acceptance(delivery: Delivery) -> None:
    """Note that it has gone out. That is true whoever holds the job by now."""
    _end(delivery, DeliveryOutcome.ACCEPTED)
    unsent = Message.objects.filter(pk=delivery.message_id).exclude(state=MessageState.SENT)
    unsent.update(state=MessageState.SENT, sent_at=Now(), failed_at=None)


@transaction.atomic
def _record_failure(delivery: Delivery, error: Exception) -> bool:
    """Note why it did not go out; return whether that was the end of it."""
    refused = isinstance(error, DeliveryError) and error.permanent
    reason = error.reason if isinstance(error, DeliveryError) else type(error).__name__
    gives_up = refused or delivery.message.tries >= TRIES
    _end(delivery, DeliveryOutcome.PERMANENT_ERROR if refused else DeliveryOutcome.TRANSIENT_ERROR, reason)
    if gives_up:
        message = delivery.message
        _fail(message.pk)
        log.error("message_failed", message=str(message.pk), kind=message.kind, reason=reason)
    return gives_up


def _end(delivery: Delivery, outcome: DeliveryOutcome, reason: str = "") -> None:
    Delivery.objects.filter(pk=delivery.pk).update(outcome=outcome, reason=reason[:60], finished_at=Now())


def _fail(message_id: UUID) -> None:
    waiting = Message.objects.filter(pk=message_id, state=MessageState.QUEUED)
    waiting.update(state=MessageState.FAILED, failed_at=Now())


def fail_message_of_dead_job(job: Job) -> None:
    """Show the message as failed when its job died in another way (killed each time, keys missing)."""
    if job.kind == DELIVER and job.subject:
        _fail(job.subject)
