"""What providers report of messages that they took: in whatever order, and however often, it comes.

A report moves a try in one direction only (taken, arrived, read; or did not arrive, which later good news
does not undo), so that one that comes twice or is played again changes nothing. It may come before our own
note that the message was taken, or in place of it: then it is that note, and nothing is sent a second time.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import QuerySet

from notifications.enums import UNKNOWN, ChannelName, DeliveryOutcome, MessageState, Why
from notifications.guards import tell_of_gone, tell_of_result, tell_of_stop
from notifications.hooks.receipts import Receipt, ReceiptState
from notifications.models import LONGEST_PROVIDER_ID, Delivery, Message
from notifications.services.failover import cancel_next_ways, fail_over

log = structlog.get_logger(__name__)

TWILIO = (ChannelName.SMS, ChannelName.VOICE)
REACHED = {ReceiptState.DELIVERED, ReceiptState.READ}
OPEN = ("", *UNKNOWN)
ARRIVED = (DeliveryOutcome.DELIVERED, DeliveryOutcome.READ)
UNTAKEN = {MessageState.QUEUED, MessageState.FAILED, MessageState.REPLACED}
TAKEN = (DeliveryOutcome.ACCEPTED, *ARRIVED)
MOVES: dict[ReceiptState, tuple[DeliveryOutcome, tuple[str, ...]]] = {  # to what, and from where
    ReceiptState.ON_ITS_WAY: (DeliveryOutcome.ACCEPTED, OPEN),
    ReceiptState.DELIVERED: (DeliveryOutcome.DELIVERED, (*OPEN, DeliveryOutcome.ACCEPTED)),
    ReceiptState.READ: (
        DeliveryOutcome.READ,
        (*OPEN, DeliveryOutcome.ACCEPTED, DeliveryOutcome.DELIVERED, DeliveryOutcome.UNDELIVERED),
    ),
}
DID_NOT_ARRIVE = (DeliveryOutcome.UNDELIVERED, (*OPEN, DeliveryOutcome.ACCEPTED, DeliveryOutcome.DELIVERED))


def note_receipts(*, receipts: Iterable[Receipt], provider: str, at: datetime) -> bool:
    """Note each report; False if one is of a message that we do not know, and so may come to know."""
    known = [_note(receipt, provider, at) for receipt in receipts]
    return all(known)


@transaction.atomic
def _note(receipt: Receipt, provider: str, at: datetime) -> bool:
    delivery = _delivery_of(receipt, provider)
    if delivery is None:
        return bool(receipt.message)  # ours, and deleted since: there is nothing to wait for
    outcome, before = MOVES.get(receipt.state, DID_NOT_ARRIVE)
    if delivery.outcome in before:
        _tell_of_address(delivery.message, receipt, at)
    _lock(delivery)
    if delivery.outcome in before:
        _move(delivery, receipt, outcome, at)
        _tell_of_result(delivery.message, receipt, at)
    return True


def _delivery_of(receipt: Receipt, provider: str) -> Delivery | None:
    """Return the try that is reported on: by its provider's id, else the first open."""
    channels = TWILIO if provider == "twilio" else (ChannelName.EMAIL,)
    tries = Delivery.objects.filter(message__channel__in=channels).order_by("started_at")
    known_as = receipt.provider_id[:LONGEST_PROVIDER_ID]
    return tries.filter(provider_id=known_as).last() or _open_try(tries.filter(provider_id=""), receipt)


def _lock(delivery: Delivery) -> None:
    """Lock the message of a try, and have the try as it is now."""
    delivery.message = Message.objects.select_for_update().get(pk=delivery.message_id)
    delivery.refresh_from_db(fields=["outcome", "provider_id"])


def _open_try(tries: QuerySet[Delivery], receipt: Receipt) -> Delivery | None:
    """Return the first try of the message that was named whose provider's id we do not know."""
    try:
        message = UUID(receipt.message)
    except ValueError:
        return None
    return tries.filter(message=message, outcome__in=[*OPEN, DeliveryOutcome.ACCEPTED]).first()


def _move(delivery: Delivery, receipt: Receipt, outcome: DeliveryOutcome, at: datetime) -> None:
    delivery.outcome, delivery.reason, delivery.reported_at = outcome, receipt.reason[:60], at
    delivery.provider_id = receipt.provider_id[:LONGEST_PROVIDER_ID]
    delivery.save(update_fields=["outcome", "reason", "reported_at", "provider_id"])
    if outcome in TAKEN:
        _note_arrival(delivery.message, outcome, at)
    else:
        _note_loss(delivery, at)


def _note_arrival(message: Message, outcome: DeliveryOutcome, at: datetime) -> None:
    """Note how far it has come. One that still waited for our own note has gone out: it is not sent again."""
    if message.state == MessageState.REPLACED:
        cancel_next_ways(message, why=Why.ARRIVED_BEFORE)
    if message.state in UNTAKEN:
        message.state, message.sent_at, message.failed_at = MessageState.SENT, at, None
        message.why, message.held_until = "", None
    if outcome in ARRIVED:
        message.delivered_at = message.delivered_at or at
    if outcome == DeliveryOutcome.READ:
        message.read_at = message.read_at or at
    message.save(
        update_fields=["state", "sent_at", "failed_at", "delivered_at", "read_at", "why", "held_until"]
    )


def _note_loss(delivery: Delivery, at: datetime) -> None:
    """Show a message as failed that did not arrive, unless another try of it did.

    A call that nobody picked up is none of that: it was made, and the next one is up to whoever asked for it.
    """
    message = delivery.message
    if message.channel == ChannelName.VOICE or message.deliveries.filter(outcome__in=TAKEN).exists():
        return
    if message.state not in {MessageState.QUEUED, MessageState.SENT}:
        return
    if not fail_over(message, why=delivery.reason, at=at):
        message.state, message.failed_at, message.why = MessageState.FAILED, at, delivery.reason
        message.sent_at = message.delivered_at = None
        message.save(update_fields=["state", "failed_at", "sent_at", "delivered_at", "why"])
        log.error("message_failed", message=str(message.pk), kind=message.kind, reason=delivery.reason)


def _tell_of_address(message: Message, receipt: Receipt, at: datetime) -> None:
    """Tell of an address that wants or gets nothing more, before its message is locked.

    Whoever obeys locks leads, and then their messages; two who lock in two orders wait for each other.
    """
    channel = ChannelName(message.channel)
    if receipt.state == ReceiptState.STOPPED:
        tell_of_stop(channel, to=message.to, at=at)
    elif receipt.state == ReceiptState.GONE:
        tell_of_gone(channel, to=message.to, at=at)


def _tell_of_result(message: Message, receipt: Receipt, at: datetime) -> None:
    channel = ChannelName(message.channel)
    if receipt.state in REACHED:
        tell_of_result(channel, to=message.to, wrong="", at=at)
    elif receipt.state.is_bad_news and channel != ChannelName.VOICE:  # that nobody picks up says nothing
        tell_of_result(channel, to=message.to, wrong=receipt.reason[:60] or receipt.state, at=at)
