"""What the desk shows of messages."""

from uuid import UUID

from django.db.models import Prefetch, QuerySet

from notifications.catalogue import ALERTS
from notifications.enums import MessageState
from notifications.models import UNSETTLED, Delivery, Message


def messages_about(about: UUID) -> QuerySet[Message]:
    """Return the messages about one thing, oldest first, each with its deliveries in order."""
    return _with_deliveries(Message.objects.filter(about=about).order_by("created_at", "id"))


def failed_messages() -> QuerySet[Message]:
    """Return the messages that could not be sent and that nobody has dealt with, latest first."""
    return _with_deliveries(Message.objects.filter(state=MessageState.FAILED).order_by("-failed_at"))


def oldest_waiting_alert() -> Message | None:
    """Return the alert that has waited longest to reach somebody, or None. Its age is the warning.

    One that could not be sent waits, too, until a person sends it again or discards it.
    """
    return waiting_alerts().first()


def waiting_alerts() -> QuerySet[Message]:
    """Return the alerts that have reached nobody yet, the one that has waited longest first."""
    return Message.objects.filter(UNSETTLED, kind__in=ALERTS).order_by("created_at")


def _with_deliveries(messages: QuerySet[Message]) -> QuerySet[Message]:
    in_order = Delivery.objects.order_by("started_at", "id")
    return messages.prefetch_related(Prefetch("deliveries", queryset=in_order))
