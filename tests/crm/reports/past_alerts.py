"""Alerts with a past, and their messages, for reports."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from crm.enums import AlertLevel, Queue
from crm.models import Lead, User
from crm.services.acknowledging import acknowledge
from crm.services.alerts import alert_staff
from crm.services.unkept_answers import alert_unless_kept
from jobs.ids import uuid7
from notifications.enums import (
    Acknowledgement,
    ChannelName,
    DeliveryOutcome,
    EscalationEnd,
    MessageKind,
    MessageState,
)
from notifications.models import Delivery, Escalation, Message
from tests.factories import MembershipFactory


def past_alert(
    lead: Lead,
    *,
    minutes: float = 3,
    how: Acknowledgement | None = None,
    by: User | None = None,
    why: EscalationEnd | None = None,
    started_at: datetime | None = None,
    **values: Any,
) -> Escalation:
    """Return an alert about a lead, answered after so many minutes if it says how, else ended `why`."""
    began = started_at or lead.received_at
    then = began + timedelta(minutes=minutes)
    said: dict[str, Any] = {"ended_at": then, "ended_why": why} if why else {}
    if how:
        said = {"acknowledged_at": then, "acknowledged_by": by.pk if by else uuid7(), "how": how}
        said |= {"ended_at": then, "ended_why": EscalationEnd.ACKNOWLEDGED}
    return Escalation.objects.create(
        about=lead.pk,
        site=lead.site_id,
        kind=MessageKind.URGENT_LEAD_ALERT,
        level=AlertLevel.of(lead.level),
        dedupe_key=f"test:{uuid7()}",
        started_at=began,
        next_at=then,
        red_at=then,
        **said,
        **values,
    )


def answer_in_vain(lead: Lead, at: datetime) -> None:
    """Have an urgent lead alerted about, answered a minute later, and alerted about again after a lease."""
    user = MembershipFactory(site=lead.site).user
    Lead.objects.filter(pk=lead.pk).update(queue=Queue.URGENT)
    lead.refresh_from_db()
    alert_staff(lead=lead, key=str(uuid7()), at=at)
    acknowledge(lead=lead, by=user, at=at + timedelta(minutes=1))
    chain = Escalation.objects.get(about=lead.pk)
    alert_unless_kept(escalation=chain.pk, at=at + timedelta(minutes=30))


def past_message(
    lead: Lead,
    *,
    channel: ChannelName = ChannelName.EMAIL,
    state: MessageState = MessageState.SENT,
    failures: Sequence[str] = (),
    **values: Any,
) -> Message:
    """Return a message of an alert about a lead, with tries that failed for these reasons."""
    at = lead.received_at
    message = Message.objects.create(
        kind=MessageKind.URGENT_LEAD_ALERT,
        channel=channel,
        to="someone@threshold.example",
        about=lead.pk,
        dedupe_key=f"test:{uuid7()}",
        state=state,
        created_at=at,
        sent_at=at if state == MessageState.SENT else None,
        **values,
    )
    for reason in failures:
        outcome = DeliveryOutcome.TRANSIENT_ERROR
        Delivery.objects.create(
            message=message, started_at=at, finished_at=at, outcome=outcome, reason=reason
        )
    return message
