"""What the desk shows of messages."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.db.models.expressions import Combinable

from notifications.catalogue import ALERTS
from notifications.channels.registry import channels_in_use
from notifications.channels.sink import SINK
from notifications.enums import ChannelName, MessageState, WordingState
from notifications.models import UNSETTLED, Circuit, Delivery, Escalation, Message, Wording, WordingChange
from notifications.worded import Worded
from notifications.wording import Words
from vault.tokens import tokens_for_search


def messages_about(about: UUID) -> QuerySet[Message]:
    """Return the messages about one thing, oldest first, each with its deliveries in order."""
    return _with_deliveries(Message.objects.filter(about=about).order_by("created_at", "id"))


def failed_messages() -> QuerySet[Message]:
    """Return the messages that could not be sent and that nobody has dealt with, latest first."""
    return _with_deliveries(messages_to_people().filter(state=MessageState.FAILED).order_by("-failed_at"))


def waiting_messages() -> QuerySet[Message]:
    """Return the messages that were tried or held and have not gone out yet, the longest waiting first."""
    waiting = (
        messages_to_people().filter(state=MessageState.QUEUED).filter(Q(tries__gt=0) | ~Q(held_until=None))
    )
    return _with_deliveries(waiting.order_by("created_at", "id"))


@dataclass(frozen=True, slots=True)
class WayOut:
    """A channel that is in use, and what is wrong with it: of the hosts behind it, those out of order."""

    channel: ChannelName
    open_circuits: list[Circuit]


def ways_out() -> list[WayOut]:
    """Return every channel that the settings open. One query."""
    circuits = list(Circuit.objects.filter(opened_at__isnull=False).order_by("opened_at"))
    return [
        WayOut(name, [each for each in circuits if each.name.partition(" ")[0] == name])
        for name in channels_in_use()
    ]


def circuits() -> QuerySet[Circuit]:
    """Return what is known of every way out that ever failed."""
    return Circuit.objects.order_by("name")


def oldest_waiting_alert() -> Message | None:
    """Return the alert that has waited longest to reach somebody, or None. Its age is the warning.

    One that could not be sent waits, too, until a person sends it again or discards it.
    """
    return waiting_alerts().first()


def waiting_alerts() -> QuerySet[Message]:
    """Return the alerts that have reached nobody yet, the one that has waited longest first.

    What failed of an alert that somebody has answered by another way stays on the managers' page, and is no
    alarm.
    """
    unanswered = Q(escalation=None) | Q(escalation__ended_at=None)
    return messages_to_people().filter(UNSETTLED, unanswered, kind__in=ALERTS).order_by("created_at")


def open_escalation(about: UUID) -> Escalation | None:
    """Return the alert about something that nobody has answered yet, or None."""
    return Escalation.objects.filter(about=about, ended_at=None).first()


def latest_escalation(about: UUID) -> Escalation | None:
    """Return the alert about something that began last, answered or not."""
    return Escalation.objects.filter(about=about).order_by("-started_at", "-id").first()


def escalations_due(*, at: datetime, for_: timedelta = timedelta()) -> QuerySet[Escalation]:
    """Return the alerts whose next step has been due for so long, the longest first."""
    return Escalation.objects.filter(ended_at=None, next_at__lte=at - for_).order_by("next_at", "id")


def unanswered(*, at: datetime | Combinable, sites: Collection[UUID] | None = None) -> QuerySet[Escalation]:
    """Return the alerts that nobody answered although managers were told: the red screen. Oldest first.

    `sites` narrows them to those of some sites.
    """
    whose = Q() if sites is None else Q(site__in=sites)
    return Escalation.objects.filter(whose, ended_at=None, red_at__lte=at).order_by("red_at", "id")


def not_answered_yet(*, at: datetime, sites: Collection[UUID]) -> QuerySet[Escalation]:
    """Return the alerts of some sites that wait for an answer and are no red screen yet. Oldest first."""
    waiting = Escalation.objects.filter(site__in=sites, ended_at=None, red_at__gt=at)
    return waiting.order_by("started_at", "id")


def messages_to_people() -> QuerySet[Message]:
    """Return the messages that are for somebody: those to the sink are watched in another way."""
    return Message.objects.exclude(recipient__in=tokens_for_search("address", SINK))


def _with_deliveries(messages: QuerySet[Message]) -> QuerySet[Message]:
    in_order = Delivery.objects.order_by("started_at", "id")
    return messages.prefetch_related(Prefetch("deliveries", queryset=in_order))


def version_in_force(worded: Worded) -> int:
    """Return which version callers get now: 0 is what ships."""
    approved = Wording.objects.filter(**worded.as_columns(), state=WordingState.APPROVED)
    return approved.values_list("version", flat=True).first() or 0


def words_of(worded: Worded, *, version: int | None = None) -> Words:
    """Return the words of a version, or else of the one in force. Raises Wording.DoesNotExist."""
    if version == 0:
        return worded.shipped
    versions = Wording.objects.filter(**worded.as_columns())
    found = versions.get(version=version) if version else versions.filter(state=WordingState.APPROVED).first()
    return Words(found.subject, found.text) if found else worded.shipped


def wordings(worded: Worded) -> QuerySet[Wording]:
    """Return the versions that people wrote, the newest first."""
    return Wording.objects.filter(**worded.as_columns()).order_by("-version")


def wording_changes(worded: Worded) -> QuerySet[WordingChange]:
    """Return who put which version in force and when, the latest first."""
    return WordingChange.objects.filter(**worded.as_columns()).order_by("-at", "-id")


def wordings_that_differ() -> QuerySet[Wording]:
    """Return what is in force instead of what ships, and what waits for approval."""
    return Wording.objects.exclude(state=WordingState.RETIRED).order_by("version")
