"""What an outage has held up is said once: of one thing the newest message only, of many things one summary.

While a provider is out of order the steps of an alert go on, and each queues its messages. When it works
again, nobody's pocket is to ring for every step that was missed. The summary's words and link come from
whoever knows what the messages are about (`gather_as`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from notifications.catalogue import ALERTS
from notifications.enums import ChannelName, MessageKind, MessageState, Why
from notifications.models import Message
from notifications.services.outbox import Way, queue_message

HELD_UP = timedelta(seconds=60)  # until then it is on its way as it should be
MANY = 3  # things that one message says together
SAID_TOGETHER = (Why.TOGETHER, Why.NEWER)


@dataclass(frozen=True, slots=True)
class Summary:
    """The message that stands for many: its kind, context, and what it is about."""

    kind: MessageKind
    context: Mapping[str, str]
    about: UUID | None


Write = Callable[[ChannelName, str, int, datetime], Summary]  # for that address, about so many things
_WRITERS: list[Write] = []


def gather_as(write: Write) -> None:
    """Say messages of alerts that were held up together as this says."""
    _WRITERS[:] = [write]


def is_said_by_a_newer_one(message: Message, at: datetime) -> bool:
    """Return whether a later step of the same alert, or a later summary, says it to the same address."""
    if at - message.created_at < HELD_UP or not _is_of_alerts(message):
        return False
    later = _to_the_same(message).filter(created_at__gt=message.created_at)
    same = Q(kind=message.kind) if message.escalation_id is None else Q(escalation=message.escalation_id)
    said = later.filter(same)  # two questions: each has its index, however many were sent in years
    return (
        said.filter(state=MessageState.QUEUED).exists()
        or said.filter(sent_at__gt=message.created_at).exists()
    )


def gather(message: Message, at: datetime) -> bool:
    """Say a locked message with others that were held up, if they are about many things; was it so?"""
    if not _WRITERS or message.escalation_id is None or at - message.created_at < HELD_UP:
        return False
    held_up = _to_the_same(message).filter(
        state=MessageState.QUEUED, escalation__ended_at=None, created_at__lte=at - HELD_UP
    )
    others = list(held_up.exclude(escalation=None).select_for_update(skip_locked=True, of=("self",)))
    if len({each.about for each in (message, *others)}) < MANY:
        return False
    together = Message.objects.filter(pk__in=[message.pk, *(each.pk for each in others)])
    together.update(state=MessageState.CANCELLED, why=Why.TOGETHER, held_until=None)
    _summarise(message, at)
    return True


def _summarise(message: Message, at: datetime) -> None:
    """Queue the summary of all that this address was not told by name."""
    channel = ChannelName(message.channel)
    summary = _WRITERS[0](channel, message.to, _open_things(message), at)
    queue_message(
        kind=summary.kind,
        to=message.to,
        context=summary.context,
        dedupe_key=f"together:{message.pk}",
        about=summary.about,
        at=at,
        channel=channel,
        ways=[Way(ChannelName(each["channel"]), each["to"]) for each in message.ways or ()],
    )


def _open_things(message: Message) -> int:
    """Return how many things this address has not been told of by name and that nobody has answered yet."""
    said = _to_the_same(message, besides=False).filter(escalation__isnull=False, escalation__ended_at=None)
    unsaid = said.filter(state=MessageState.CANCELLED, why__in=SAID_TOGETHER)
    return unsaid.values("about").distinct().count()


def _to_the_same(message: Message, *, besides: bool = True) -> QuerySet[Message]:
    same = Message.objects.filter(channel=message.channel, recipient=message.recipient, kind__in=ALERTS)
    return same.exclude(pk=message.pk) if besides else same


def _is_of_alerts(message: Message) -> bool:
    return message.escalation_id is not None or message.kind == MessageKind.ALERT_SUMMARY
