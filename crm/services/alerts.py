"""Telling staff about a lead: its reference, level, queue and a link, never who or why."""

from collections.abc import Sequence
from datetime import datetime

from crm.alert_words import context_of, context_of_many
from crm.enums import EventKind, Queue, Role
from crm.models import Lead, LeadEvent, Site, User
from crm.services.escalating import start_escalation
from notifications.catalogue import MessageKind
from notifications.services.outbox import queue_message

UNTIL_ANSWERED = frozenset(
    {MessageKind.URGENT_LEAD_ALERT, MessageKind.LEAD_NOT_ROUTED, MessageKind.CALLER_IS_WORSE}
)


def alert_staff(
    *,
    lead: Lead,
    key: str,
    at: datetime,
    kind: MessageKind = MessageKind.URGENT_LEAD_ALERT,
    others: Sequence[Lead] = (),
) -> None:
    """Alert the staff of the lead's site; the same key alerts once. The lead is locked.

    About an urgent lead, until somebody answers (crm.services.escalating). About anything else, everybody who
    gets alerts is told once; it is about `others` of the site, too, if there are any: then it leads to their
    queue.
    """
    if _needs_an_answer(lead, kind):
        start_escalation(lead=lead, kind=kind, key=key, at=at)
    else:
        _tell_once([lead, *others], alert_recipients(lead.site), key=key, at=at, kind=kind)


def tell_managers(*, lead: Lead, key: str, at: datetime, kind: MessageKind, others: Sequence[Lead]) -> None:
    """Tell the managers of the lead's site once, about `others` of its queue, too."""
    managers = User.objects.filter(
        is_active=True, memberships__site=lead.site, memberships__role=Role.MANAGER
    )
    _tell_once([lead, *others], list(managers.order_by("email")), key=key, at=at, kind=kind)


def ask_clinical_leads(*, lead: Lead, asked: LeadEvent, by: User, at: datetime) -> None:
    """Tell the clinical leads of a lead's site, but for whoever asks, that a level waits for them."""
    members = User.objects.filter(
        is_active=True, memberships__site=lead.site, memberships__role=Role.CLINICAL_LEAD
    )
    for user in members.exclude(pk=by.pk).order_by("email"):
        queue_message(
            kind=MessageKind.LOWERING_ASKED,
            to=user.email,
            context=context_of(lead),
            dedupe_key=f"{MessageKind.LOWERING_ASKED}:{asked.pk}:{user.pk}",
            about=lead.pk,
            at=at,
        )


def alert_recipients(site: Site) -> list[User]:
    """Return the active staff of a site who get alerts."""
    members = User.objects.filter(is_active=True, memberships__site=site, memberships__gets_alerts=True)
    return list(members.order_by("email"))


def _needs_an_answer(lead: Lead, kind: MessageKind) -> bool:
    wants_sooner = kind == MessageKind.CALLER_WANTS_SOONER
    return kind in UNTIL_ANSWERED or (wants_sooner and lead.queue in {Queue.URGENT, Queue.UNROUTED})


def _tell_once(
    leads: Sequence[Lead], people: Sequence[User], *, key: str, at: datetime, kind: MessageKind
) -> None:
    lead, *others = leads
    for user in people:
        queue_message(
            kind=kind,
            to=user.email,
            context=context_of(lead) | context_of_many(lead, others),
            dedupe_key=f"{kind}:{key}:{user.pk}",
            about=lead.pk,
            at=at,
        )
    told = {"kind": EventKind.ALERTED, "occurred_at": at, "data": {"kind": kind, "people": len(people)}}
    LeadEvent.objects.bulk_create(LeadEvent(lead=each, **told) for each in leads)
