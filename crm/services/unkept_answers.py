"""Somebody said "I have it", and nothing followed: the alert begins again.

An answer without taking the lead is good until `crm.leases.answer_end`. Whoever takes the lead is held to the
lease itself: when they lose the lead, by whatever way, and nobody has tried to call since, it alerts again.
Whoever logs an attempt is held to the plan of contact. `crm.selectors.lapses` says whom it tells then: those
told before, and somebody besides whoever let it lapse.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from crm.enums import CallDirection, CallState, EventKind, Queue
from crm.leases import is_held
from crm.models import ContactAttempt, Lead, LeadEvent, PhoneCall
from crm.selectors.answers_given import needs_somebody
from crm.services.acknowledging import check_answer_later
from crm.services.escalating import start_escalation
from crm.targets import ALERTING_LEVELS
from notifications.catalogue import MessageKind
from notifications.enums import Acknowledgement
from notifications.models import Escalation
from notifications.selectors import latest_escalation

OURS_OR_ANSWERED = Q(direction=CallDirection.OUT) | Q(state=CallState.CONNECTED)


@transaction.atomic
def alert_unless_kept(*, escalation: UUID, at: datetime) -> None:
    """Alert anew about a lead for which somebody has answered, if nobody took it or tried since. Once.

    Whoever set it aside has answered, too: they are held to that from when it is back.
    """
    chain = Escalation.objects.get(pk=escalation)
    lead = Lead.objects.select_for_update(of=("self",)).select_related("site", "owner").get(pk=chain.about)
    if chain.acknowledged_at is None or not _is_forgotten(lead, chain, chain.acknowledged_at, at):
        return
    if lead.paused_until and lead.is_paused(at):
        check_answer_later(chain.pk, lead, lead.paused_until)
        return
    LeadEvent.objects.create(
        lead=lead,
        kind=EventKind.ANSWER_LAPSED,
        occurred_at=at,
        data={
            "minutes": round((at - chain.acknowledged_at).total_seconds() / 60),
            "by": str(chain.acknowledged_by),
        },
    )
    start_escalation(lead=lead, kind=MessageKind(chain.kind), key=f"unkept:{chain.pk}", at=at)


def alert_anew(*, lead: Lead, at: datetime) -> None:
    """Alert again about a locked lead that has lost its holder before anybody reached the caller.

    Or, if somebody was reached before: about what came since, if nobody has tried to call for that.
    """
    kind = _kind_again(lead)
    if kind:
        start_escalation(lead=lead, kind=kind, key=f"returned:{lead.pk}:{at.isoformat()}", at=at)


def _kind_again(lead: Lead) -> MessageKind | None:
    latest = latest_escalation(lead.pk)
    is_new = lead.first_contact_at is None and lead.level in ALERTING_LEVELS and lead.queue == Queue.URGENT
    if not lead.is_open:
        return None
    if latest and _is_unkept(lead, latest) and not (is_new and latest.kind == MessageKind.LEAD_NOT_ROUTED):
        return MessageKind(latest.kind)
    return MessageKind.URGENT_LEAD_ALERT if is_new else None


def _is_unkept(lead: Lead, chain: Escalation) -> bool:
    """Return whether somebody has answered an alert that still needs it, and nobody has tried since."""
    if chain.acknowledged_at is None or chain.how == Acknowledgement.CONTACT:
        return False
    return needs_somebody(lead, chain.kind) and not _was_worked_on(lead, chain.acknowledged_at)


def _is_forgotten(lead: Lead, chain: Escalation, since: datetime, at: datetime) -> bool:
    if not needs_somebody(lead, chain.kind) or is_held(lead, at) or latest_escalation(lead.pk) != chain:
        return False
    return not _was_worked_on(lead, since)


def _was_worked_on(lead: Lead, since: datetime) -> bool:
    """Return whether somebody has tried to reach them, or spoken to them without having logged it yet."""
    reached = lead.first_contact_at is not None and lead.first_contact_at >= since
    return (
        reached
        or ContactAttempt.objects.filter(lead=lead, attempted_at__gte=since).exists()
        or PhoneCall.objects.filter(OURS_OR_ANSWERED, lead=lead, started_at__gte=since).exists()
    )
