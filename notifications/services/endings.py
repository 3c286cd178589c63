"""After a try: what came of it, and what that means for the message, its way and its address."""

import random
import time
from datetime import datetime, timedelta

import structlog
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from jobs.clock import database_now
from jobs.errors import Postpone
from jobs.models import Job
from jobs.services.running import PROCESS_LOST
from notifications.channels.base import AddressGone, DeliveryError, Handed, Stopped
from notifications.channels.registry import can_be_asked, has_receipts
from notifications.enums import ChannelName, DeliveryOutcome, MessageState, Why
from notifications.guards import tell_of_gone, tell_of_result, tell_of_stop
from notifications.models import LONGEST_PROVIDER_ID, Delivery, Message
from notifications.services.circuits import circuit_of, note_failure, note_success
from notifications.services.failover import fail_over, has_time_for_another_try, take_up_an_earlier_way
from notifications.services.outbox import DELIVER

log = structlog.get_logger(__name__)

TRIES = 14  # with the pauses of jobs.services.running: about 40 minutes, longer than most greylisting
RECORDING_TRIES = 10  # a second apart: what a database takes to restart
LONGEST_WAIT = timedelta(minutes=15)  # that a provider may ask for: an alert has no more time
LONGEST_PAUSE = 600  # seconds
NETWORK_PAUSE = 5.0  # seconds, when our own network failed
NO_NETWORK = {"gaierror", "herror"}  # no name server: not the message's fault, nor its provider's
# One statement, for it is asked of every message. It is locked before its try, as receipts do it: in another
# order, each could wait for the other. What its provider has reported already stands.
ACCEPT = """
    WITH message AS (
        SELECT id FROM notifications_message WHERE id = %(message)s FOR UPDATE
    ), ended AS (
        UPDATE notifications_delivery
           SET finished_at = statement_timestamp(),
               outcome = CASE WHEN reported_at IS NULL THEN %(outcome)s ELSE outcome END,
               provider_id = CASE WHEN reported_at IS NULL THEN %(known_as)s ELSE provider_id END
         WHERE id = %(delivery)s AND message_id = (SELECT id FROM message)
     RETURNING reported_at IS NULL AS by_us
    )
    UPDATE notifications_message
       SET state = %(sent)s, sent_at = statement_timestamp(), failed_at = NULL, held_until = NULL, why = ''
     WHERE id = (SELECT id FROM message) AND state <> %(sent)s AND (SELECT by_us FROM ended)
"""
_jitter = random.SystemRandom()


def record_acceptance_surely(delivery: Delivery, handed: Handed) -> None:
    """Record it on a new connection if the old one broke: unrecorded, it would be sent a second time."""
    for _ in range(RECORDING_TRIES):
        try:
            return _record_acceptance(delivery, handed)
        except (OperationalError, InterfaceError):
            connection.close()
            time.sleep(1)
    return _record_acceptance(delivery, handed)


@transaction.atomic
def _record_acceptance(delivery: Delivery, handed: Handed) -> None:
    """Note that it has gone out. That is true whoever holds the job by now.

    Unless its provider has reported already what became of it: then that has been noted, too.
    """
    _accept(delivery, known_as=handed.provider_id[:LONGEST_PROVIDER_ID])
    note_success(circuit_of(delivery.message))
    if not has_receipts(ChannelName(delivery.message.channel)):
        _tell_of_result(delivery.message, wrong="", at=delivery.started_at)


def _accept(delivery: Delivery, *, known_as: str) -> None:
    told = {"known_as": known_as, "outcome": DeliveryOutcome.ACCEPTED, "sent": MessageState.SENT}
    with connection.cursor() as cursor:
        cursor.execute(ACCEPT, {"message": delivery.message_id, "delivery": delivery.pk, **told})


@transaction.atomic
def record_failure(delivery: Delivery, error: Exception) -> bool:
    """Note why it did not go out; return whether that was the end of this way.

    What is wrong with its address comes first: whoever obeys locks leads, and then their messages.
    """
    at, reason = database_now(), _reason_of(error)
    _tell_of_address(delivery, error)
    _end(delivery, _outcome_of(error), reason)
    message = delivery.message
    message.refresh_from_db(fields=["state"])
    note_failure(circuit_of(message), error=error, tries=message.tries, at=at)
    if message.state != MessageState.QUEUED:
        return True  # its provider was quicker to report what became of it, or nobody wants it any more
    message.uncounted += reason in NO_NETWORK
    if _is_over(message, error):
        _tell_of_result(message, wrong=reason, at=at)
        _go_another_way_or_fail(message, reason, at)
        return True
    if _has_to_leave(message, error, at) and fail_over(message, why=reason, at=at):
        _tell_of_result(message, wrong=reason, at=at)
        return True
    _note_pause(message, error, at)
    return False


def wait_as_told(error: Exception) -> None:
    """Raise Postpone if somebody says when to come again; our own pauses grow with the job's attempts."""
    if (pause := _pause_asked_for(error)) is not None:
        raise Postpone(database_now() + pause) from None


def fail_message_of_dead_job(job: Job) -> None:
    """Show the message as failed when its job died in another way (killed each time, keys missing)."""
    if job.kind != DELIVER or job.subject is None:
        return
    waiting = Message.objects.filter(pk=job.subject, state=MessageState.QUEUED)
    if job.error_class == PROCESS_LOST and _leave_after_kills(waiting):
        return
    waiting.update(state=MessageState.FAILED, failed_at=Now(), why=job.error_class[:60], held_until=None)
    open_try = Delivery.objects.filter(message=job.subject, outcome="")
    open_try.update(outcome=DeliveryOutcome.INTERRUPTED, finished_at=Now())


def _leave_after_kills(waiting: QuerySet[Message]) -> bool:
    """Have the next way take over from one in which the process was killed each time."""
    message, at = waiting.select_for_update().first(), database_now()
    if message is None:
        return False
    message.deliveries.filter(outcome="").update(outcome=DeliveryOutcome.INTERRUPTED, finished_at=at)
    return fail_over(message, why=PROCESS_LOST, at=at)


def _is_over(message: Message, error: Exception) -> bool:
    refused = isinstance(error, DeliveryError) and error.permanent
    return refused or message.tries - message.uncounted >= TRIES


def _has_to_leave(message: Message, error: Exception, at: datetime) -> bool:
    """Another way takes over when this one has no time left, or may have sent it and cannot be asked."""
    if _outcome_of(error) == DeliveryOutcome.AMBIGUOUS and not can_be_asked(ChannelName(message.channel)):
        return True
    pause = _pause_asked_for(error) or timedelta(seconds=min(2**message.tries, LONGEST_PAUSE))
    return not has_time_for_another_try(message, pause=pause, at=at)


def _go_another_way_or_fail(message: Message, reason: str, at: datetime) -> None:
    if fail_over(message, why=reason, at=at) or take_up_an_earlier_way(message, why=reason, at=at):
        return
    message.state, message.failed_at, message.why, message.held_until = MessageState.FAILED, at, reason, None
    message.save(update_fields=["state", "failed_at", "why", "held_until", "uncounted"])
    log.error("message_failed", message=str(message.pk), kind=message.kind, reason=reason)


def _note_pause(message: Message, error: Exception, at: datetime) -> None:
    """Say on the managers' page why it waits, if that is not just the pause between two tries."""
    pause = _pause_asked_for(error)
    if pause is None:
        return
    no_network = _reason_of(error) in NO_NETWORK
    message.held_until, message.why = at + pause, Why.NO_NETWORK if no_network else Why.RETRY_AFTER
    message.save(update_fields=["held_until", "why", "uncounted"])


def _pause_asked_for(error: Exception) -> timedelta | None:
    """Return the pause that the provider asks for, or that a network of ours without an answer needs."""
    if _reason_of(error) in NO_NETWORK:
        return timedelta(seconds=NETWORK_PAUSE * _jitter.uniform(0.4, 1))
    if isinstance(error, DeliveryError) and error.retry_after is not None:
        return min(timedelta(seconds=max(error.retry_after, 1)), LONGEST_WAIT)
    return None


def _tell_of_address(delivery: Delivery, error: Exception) -> None:
    channel, to = ChannelName(delivery.message.channel), delivery.message.to
    if isinstance(error, Stopped):
        tell_of_stop(channel, to=to, at=delivery.started_at)
    elif isinstance(error, AddressGone):
        tell_of_gone(channel, to=to, at=delivery.started_at)


def _tell_of_result(message: Message, *, wrong: str, at: datetime) -> None:
    tell_of_result(ChannelName(message.channel), to=message.to, wrong=wrong, at=at)


def _reason_of(error: Exception) -> str:
    return (error.reason if isinstance(error, DeliveryError) else type(error).__name__)[:60]


def _outcome_of(error: Exception) -> DeliveryOutcome:
    if isinstance(error, DeliveryError) and error.permanent:
        return DeliveryOutcome.PERMANENT_ERROR
    if isinstance(error, DeliveryError) and error.ambiguous:
        return DeliveryOutcome.AMBIGUOUS
    return DeliveryOutcome.TRANSIENT_ERROR


def _end(delivery: Delivery, outcome: DeliveryOutcome, reason: str) -> None:
    """Note how the try failed, unless its provider was quicker to report what became of it.

    The message is locked first, as receipts do it: in another order, each could wait for the other.
    """
    list(Message.objects.select_for_update().filter(pk=delivery.message_id).values_list("pk"))
    this = Delivery.objects.filter(pk=delivery.pk)
    if not this.filter(reported_at=None).update(outcome=outcome, finished_at=Now(), reason=reason):
        this.update(finished_at=Now())
