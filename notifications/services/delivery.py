"""One try at delivering a message: claim → render → channel → record. Never inside a transaction."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from jobs.durable import Postpone, check_lease
from notifications.channels.base import Handed, Outgoing
from notifications.channels.registry import channel_for
from notifications.enums import UNKNOWN, ChannelName
from notifications.models import Delivery, Message
from notifications.services.endings import record_acceptance_surely, record_failure, wait_as_told
from notifications.services.failover import latest_tries, patience_of
from notifications.services.rendering import render_surely
from notifications.services.tries import Held, safe_span_of, start_try


def deliver(*, message: UUID, at: datetime) -> None:
    """Hand a waiting message to its channel and record how that went.

    Raises what went wrong while this way may be tried again, or Postpone if it is known when. The last
    failure is recorded as the message's own, unless another way takes over.
    """
    delivery = start_try(message, at)
    if delivery is None:
        return
    if isinstance(delivery, Held):
        raise Postpone(delivery.until)
    check_lease()
    try:
        handed = _send(delivery)
    except Exception as error:
        if not record_failure(delivery, error):
            wait_as_told(error)
            raise
    else:
        record_acceptance_surely(delivery, handed)


def _send(delivery: Delivery) -> Handed:
    message = delivery.message
    return channel_for(ChannelName(message.channel), message.to)(_outgoing(delivery))


def _outgoing(delivery: Delivery) -> Outgoing:
    """Return the rendered message and what its channel has to know of this try and those before."""
    message = delivery.message
    outgoing = replace(
        render_surely(message),
        series=str(_first_of_series(delivery)),
        queued_at=message.created_at,
        tried_at=delivery.started_at,
        maybe_taken_at=_maybe_taken_at(message),
        patience=patience_of(message, at=delivery.started_at),
    )
    ends = [moment for moment in (message.expires_at, _end_of_safe_hours(delivery)) if moment]
    if not ends:
        return outgoing
    left = (min(ends) - delivery.started_at).total_seconds()
    return replace(outgoing, useful_for=max(int(left), 1))


def _first_of_series(delivery: Delivery) -> UUID:
    """Return the first try since the message was queued, or sent again by hand."""
    if delivery.message.tries == 1:
        return delivery.pk
    return latest_tries(delivery.message)[-1].pk


def _end_of_safe_hours(delivery: Delivery) -> datetime | None:
    """Return until when a text may arrive: its provider keeps it while the phone is off."""
    if delivery.message.channel != ChannelName.SMS:
        return None
    span = safe_span_of(delivery.message, delivery.started_at)
    return None if isinstance(span, str) else span.ends


def _maybe_taken_at(message: Message) -> datetime | None:
    """Return when the first try began that may have gone out, since it was queued or sent again by hand."""
    if message.tries == 1:
        return None
    unsure = (each.started_at for each in latest_tries(message) if each.outcome in UNKNOWN)
    return min(unsure, default=None)
