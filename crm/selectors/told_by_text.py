"""Of which alerts a colleague was told by text, and so may answer by text."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID

from django.db.models import F, OuterRef, QuerySet, Subquery

from crm.ack_tokens import GOOD_FOR, bearer_of
from crm.models import StaffChannel
from crm.selectors.acknowledging import Told, told
from notifications.enums import UNKNOWN, ChannelName, DeliveryOutcome
from notifications.models import Delivery, Message
from notifications.services.outbox import recipient_search

WENT_OUT = ("", *UNKNOWN, DeliveryOutcome.ACCEPTED, DeliveryOutcome.DELIVERED, DeliveryOutcome.READ)
LAST_FIRST = (F("went_at").desc(), F("id").desc())


def owners_of_number(number: str) -> set[UUID]:
    """Return whose number it is: staff who have shown that texts to it reach them."""
    ways = StaffChannel.in_use(channel=ChannelName.SMS, recipient__in=recipient_search(number))
    return set(ways.values_list("user_id", flat=True)) if number else set()


def open_alerts_told(number: str, owners: set[UUID], at: datetime) -> list[Told]:
    """Return the alerts that nobody has answered and that went to the number by then, the last one first."""
    waiting = _texts_to(number, at).filter(escalation__ended_at=None)
    return list(_of(waiting.order_by(*LAST_FIRST), owners, at))


def latest_alert_told(number: str, owners: set[UUID], at: datetime) -> Told | None:
    """Return the alert of which the number was told last within a day, answered or not."""
    sent = _texts_to(number, at).filter(sent_at__gt=at - GOOD_FOR)
    return next(_of(sent.order_by(*LAST_FIRST)[:1], owners, at), None)


def _texts_to(number: str, at: datetime) -> QuerySet[Message]:
    """Return the texts of alerts that went out by then, or may have: nobody answers what came later."""
    tries = Delivery.objects.filter(message=OuterRef("pk"), started_at__lte=at, outcome__in=WENT_OUT)
    texts = Message.objects.filter(channel=ChannelName.SMS, recipient__in=recipient_search(number))
    went_at = Subquery(tries.order_by("-started_at").values("started_at")[:1])
    return texts.filter(escalation__isnull=False).annotate(went_at=went_at).filter(went_at__isnull=False)


def _of(texts: Iterable[Message], owners: set[UUID], at: datetime) -> Iterator[Told]:
    """Yield each alert once, as the person told whom the text was for: two may share a phone."""
    seen = set()
    for text in texts:
        bearer = bearer_of(str(text.context.get("answer_link", "")).rstrip("/").rpartition("/")[2])
        if bearer is None or bearer.user not in owners or bearer.escalation in seen:
            continue
        if alert := told(bearer, at):
            seen.add(bearer.escalation)
            yield alert
