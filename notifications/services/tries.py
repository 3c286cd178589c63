"""Before a try: is it still wanted, its way open, and its turn? Then the try is on disk, before sending."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db import transaction

from notifications.catalogue import CATALOGUE, WORDED
from notifications.enums import ChannelName, DeliveryOutcome, MessageKind, MessageState, Why
from notifications.guards import (
    NotSafeToSend,
    SafeSpan,
    check_consent,
    check_is_safe,
    is_in_use,
    safe_span,
    said_now,
    why_not_true,
)
from notifications.models import Delivery, Message
from notifications.selectors import version_in_force
from notifications.services.circuits import circuit_of, may_pass
from notifications.services.failover import fail_over, may_have_reached, take_up_an_earlier_way
from notifications.services.gathering import gather, is_said_by_a_newer_one
from notifications.services.limits import hold
from notifications.worded import Worded

log = structlog.get_logger(__name__)

_jitter = random.SystemRandom()
NEWER_RELEASE_IN = timedelta(seconds=30)
SPREAD = 0.5  # seconds over which those that wait for the same moment come back


@dataclass(frozen=True, slots=True)
class Held:
    """The message has to wait; that costs it no try."""

    until: datetime


@transaction.atomic
def start_try(message_id: UUID, at: datetime) -> Delivery | Held | None:
    """Open a try; None when there is nothing to send any more, or another way or message takes over."""
    message = Message.objects.select_for_update().filter(pk=message_id, state=MessageState.QUEUED).first()
    if message is None:
        return None
    if message.tries:
        message.deliveries.filter(outcome="").update(outcome=DeliveryOutcome.INTERRUPTED, finished_at=at)
    if not _is_known_here(message):
        return _wait_for_a_newer_release(message, at)
    return _start(message, at)


def _start(message: Message, at: datetime) -> Delivery | Held | None:
    span = _why_not_any_more(message, at) or safe_span_of(message, at)
    if isinstance(span, str):
        _cancel(message, span)
        return None
    if span.begins > at:
        return _hold(message, span.begins, Why.SAFE_HOURS)
    if not _is_in_use(message):
        _leave(message, at)
        return None
    return None if gather(message, at) else _open_or_wait(message, at)


def _is_in_use(message: Message) -> bool:
    kind, channel = MessageKind(message.kind), ChannelName(message.channel)
    audience, person = CATALOGUE[kind].audience, message.person
    return is_in_use(audience, kind, channel=channel, to=message.to, person=person)


def _leave(message: Message, at: datetime) -> None:
    """Send nothing to an address that was taken back since, or texted STOP: another way takes over."""
    why = Why.WAY_ENDED
    if not (fail_over(message, why=why, at=at) or take_up_an_earlier_way(message, why=why, at=at)):
        _cancel(message, why)


def _open_or_wait(message: Message, at: datetime) -> Delivery | Held | None:
    waits = _wait_for_way(message, at)
    if waits is None:
        return _open(message, at)
    until, reason = waits
    if reason == Why.CIRCUIT_OPEN and fail_over(message, why=reason, at=at):
        return None
    return _hold(message, until, reason)


def _is_known_here(message: Message) -> bool:
    return message.kind in MessageKind.values and message.channel in ChannelName.values


def _wait_for_a_newer_release(message: Message, at: datetime) -> Held | None:
    """Nothing here can write it, or send it that way: a newer worker will, unless it is too late by then."""
    if message.is_expired(at):
        _cancel(message, Why.EXPIRED)
        return None
    return _hold(message, at + NEWER_RELEASE_IN, Why.NEWER_RELEASE)


def _why_not_any_more(message: Message, at: datetime) -> str:
    """Return why the message is not wanted any more, "" if it is. Wishes of people come first."""
    kind = MessageKind(message.kind)
    try:
        channel = ChannelName(message.channel)
        check_is_safe(CATALOGUE[kind].audience, channel=channel, to=message.to, about=message.about)
        check_consent(CATALOGUE[kind].purpose, to=message.to, about=message.about)
    except NotSafeToSend:
        return Why.NOT_SAFE
    if message.is_expired(at):
        return Why.EXPIRED
    if message.escalation and message.escalation.ended_at:
        return Why.ANSWERED
    if is_said_by_a_newer_one(message, at):
        return Why.NEWER
    return why_not_true(kind, about=message.about, at=at)


def safe_span_of(message: Message, at: datetime) -> SafeSpan | str:
    """Return when a message may arrive, or why it is not sent: too late by then, among others."""
    if message.kind not in MessageKind.values:
        return SafeSpan(at)
    kind, channel = MessageKind(message.kind), ChannelName(message.channel)
    audience = CATALOGUE[kind].audience
    span = safe_span(audience, kind, channel=channel, to=message.to, about=message.about, at=at)
    too_late = isinstance(span, SafeSpan) and span.begins > at and message.is_expired(span.begins)
    return Why.NO_SAFE_HOUR if too_late else span


def _cancel(message: Message, why: str) -> None:
    log.warning("message_cancelled", message=str(message.pk), kind=message.kind, reason=why)
    Message.objects.filter(pk=message.pk).update(state=MessageState.CANCELLED, why=why[:60], held_until=None)


def _wait_for_way(message: Message, at: datetime) -> tuple[datetime, Why] | None:
    """Return until when it has to wait and why, None if it may go now.

    An urgent message without another way does not wait for one that seems out of order: it tries.
    """
    probe_at = may_pass(circuit_of(message), at=at)
    if probe_at and (message.ways or not _is_urgent(message)):
        return probe_at, Why.CIRCUIT_OPEN
    return hold(message, at=at)


def _hold(message: Message, until: datetime, why: Why) -> Held:
    message.held_until, message.why = until, why
    message.save(update_fields=["held_until", "why"])
    return Held(until + timedelta(seconds=_jitter.uniform(0, SPREAD)))


def _open(message: Message, at: datetime) -> Delivery:
    again = message.tries > 0 and may_have_reached(message)
    if not again:  # else they may have read it as it was, and a provider is asked for it by its words
        _say_anew(message, at)
    message.tries += 1
    message.held_until, message.why = None, ""
    message.wording_version = _wording_version(message)
    message.save(update_fields=["tries", "held_until", "why", "wording_version"])
    unsure = message.possible_duplicate or again
    return Delivery.objects.create(message=message, started_at=at, possible_duplicate=unsure)


def _say_anew(message: Message, at: datetime) -> None:
    """Bring what the message says of this moment up to date."""
    kind = MessageKind(message.kind)
    if fresh := said_now(kind, about=message.about, at=at):
        message.context = {**message.context, **fresh}
        CATALOGUE[kind].check_context(message.context)
        message.save(update_fields=["context"])


def _wording_version(message: Message) -> int | None:
    """Return the version of its words, which stays from its first try on; None for a message to staff.

    One whose wording cannot be told has none: it then fails alone, when it is put together.
    """
    if message.kind not in WORDED or message.wording_version is not None:
        return message.wording_version
    try:
        worded = Worded.of(kind=message.kind, channel=message.channel, context=message.context)
    except (KeyError, ValueError):
        return None
    return version_in_force(worded)


def _is_urgent(message: Message) -> bool:
    return message.kind in MessageKind.values and CATALOGUE[MessageKind(message.kind)].urgent
