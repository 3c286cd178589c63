"""To the next way when one does not get through: a message of its own, and at most one possible duplicate.

A way that refused for good, or is out of order, is left at once. One that may have taken the message is left
too, and the copy by the next way says that it may be the second: once in a chain, never twice, so that
nobody gets three. When the last way fails, one that was only out of order for a while is taken up again.
"""

from datetime import datetime, timedelta
from hashlib import sha256

import structlog
from django.conf import settings

from notifications.catalogue import CATALOGUE
from notifications.channels.registry import timeout_of
from notifications.enums import UNKNOWN, ChannelName, DeliveryOutcome, MessageKind, MessageState
from notifications.models import Delivery, Message
from notifications.services.outbox import Way, enqueue_delivery, recipient_token, write_message

log = structlog.get_logger(__name__)

PASSING = {DeliveryOutcome.TRANSIENT_ERROR}
SHORTEST_TRY = 3.0  # seconds: most providers have answered long before


def latest_tries(message: Message) -> list[Delivery]:
    """Return the tries since it was queued or sent again by hand, the latest first."""
    return list(message.deliveries.order_by("-started_at", "-id")[: message.tries])


def may_have_reached(message: Message) -> bool:
    """Return whether one of these tries may have gone out, though nobody knows."""
    return any(each.outcome in UNKNOWN for each in latest_tries(message))


def patience_of(message: Message, *, at: datetime) -> float:
    """Return how many seconds a try may take: of an urgent message with other ways, half of what is left."""
    usual = timeout_of(ChannelName(message.channel))
    if not (message.ways and _is_urgent(message)):
        return usual
    left = settings.FAIL_OVER_AFTER[True] - (at - message.created_at).total_seconds()
    return min(usual, max(left / 2, SHORTEST_TRY))


def has_time_for_another_try(message: Message, *, pause: timedelta, at: datetime) -> bool:
    """Return whether a try after a pause would end before the next way has to take over.

    An urgent message has its time since it was written, also while it waited for a try.
    """
    if not message.ways:
        return True
    ends = at + pause + timedelta(seconds=patience_of(message, at=at + pause))
    return ends <= _began(message, at) + timedelta(seconds=settings.FAIL_OVER_AFTER[_is_urgent(message)])


def _began(message: Message, at: datetime) -> datetime:
    if _is_urgent(message):
        return message.created_at
    return min((each.started_at for each in latest_tries(message)), default=at)


def fail_over(message: Message, *, why: str, at: datetime) -> bool:
    """Have the next way take the place of this one; False if there is none, or it could be a third copy.

    The message is locked, and not settled yet.
    """
    unsure = may_have_reached(message)
    if not message.ways or (unsure and message.possible_duplicate):
        return False
    for number, each in enumerate(message.ways, start=1):
        way = Way(ChannelName(each["channel"]), each["to"])
        draft = _by_next_way(message, way, message.ways[number:], unsure=unsure)
        following = write_message(draft, due_at=at)
        if following.state in {MessageState.QUEUED, MessageState.SENT}:
            _replace(message, why)
            log.warning("message_failed_over", message=str(message.pk), next=str(way.channel), reason=why)
            return True
    return False


def take_up_an_earlier_way(message: Message, *, why: str, at: datetime) -> bool:
    """Try a way before this one again, if there is one that was only out of order; each way once."""
    earlier = message.instead_of
    while earlier is not None and not _is_worth_another_try(earlier):
        earlier = earlier.instead_of
    if earlier is None or may_have_reached(message):
        return False
    _replace(message, why)
    again = Message.objects.filter(pk=earlier.pk, state=MessageState.REPLACED)
    again.update(state=MessageState.QUEUED, ways=None, why="", held_until=None, tries=0, uncounted=0)
    enqueue_delivery(earlier, dedupe_key=f"deliver:{earlier.pk}:again", at=at)
    return True


def cancel_next_ways(message: Message, *, why: str) -> None:
    """Cancel what took the place of a message that arrived after all, as far as it has not gone out."""
    following = Message.objects.filter(instead_of=message.pk).first()
    while following is not None:
        waiting = Message.objects.filter(
            pk=following.pk, state__in=[MessageState.QUEUED, MessageState.FAILED]
        )
        waiting.update(state=MessageState.CANCELLED, why=why)
        following = Message.objects.filter(instead_of=following.pk).first()


def _by_next_way(message: Message, way: Way, rest: list[dict[str, str]], *, unsure: bool) -> Message:
    """Return the same message by the next way, as old as it is, so that nobody's wait begins anew."""
    return Message(
        kind=message.kind,
        channel=way.channel,
        to=way.to,
        recipient=recipient_token(way.to),
        context=message.context,
        about=message.about,
        person=message.person,
        escalation=message.escalation,
        ways=rest or None,
        instead_of=message,
        possible_duplicate=message.possible_duplicate or unsure,
        dedupe_key=_key_of_way(message, way),
        created_at=message.created_at,
        expires_at=message.expires_at,
    )


def _key_of_way(message: Message, way: Way) -> str:
    """Several messages about a thing at one moment, each by its own way, share the next one: once each."""
    if message.about is None:
        return f"after:{message.pk}"
    said = [message.kind, message.about, message.created_at.isoformat(), way.channel, recipient_token(way.to)]
    said += [message.person] if message.person else []  # two people may have given the same number
    return f"instead:{sha256('|'.join(map(str, said)).encode()).hexdigest()}"


def _replace(message: Message, why: str) -> None:
    message.state, message.why, message.held_until = MessageState.REPLACED, why[:60], None
    message.sent_at = message.delivered_at = message.failed_at = None
    message.save(update_fields=["state", "why", "held_until", "sent_at", "delivered_at", "failed_at"])


def _is_worth_another_try(message: Message) -> bool:
    """It was replaced for something that passes, and nothing of it may have gone out."""
    if message.state != MessageState.REPLACED or message.ways is None:
        return False
    tries = latest_tries(message)
    passing = not tries or tries[0].outcome in PASSING
    return passing and not any(each.outcome in UNKNOWN for each in tries)


def _is_urgent(message: Message) -> bool:
    return message.kind in MessageKind.values and CATALOGUE[MessageKind(message.kind)].urgent
