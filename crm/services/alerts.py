"""Telling staff about a lead: its reference, level, queue and a link, never who or why."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from crm.enums import EventKind, Level, Queue, Role
from crm.models import Lead, LeadEvent, Site, User
from notifications.catalogue import MessageKind
from notifications.services.outbox import queue_message


def alert_staff(
    *,
    lead: Lead,
    key: str,
    at: datetime,
    kind: MessageKind = MessageKind.URGENT_LEAD_ALERT,
    others: Sequence[Lead] = (),
) -> None:
    """Queue one alert to everyone at the lead's site who gets alerts; the same key alerts once.

    It is about `others` of the site, too, if there are any: then it leads to their queue.
    """
    people = alert_recipients(lead.site)
    for user in people:
        queue_message(
            kind=kind,
            to=user.email,
            context=_context(lead) | _of_many(lead, others),
            dedupe_key=f"{kind}:{key}:{user.pk}",
            about=lead.pk,
            at=at,
        )
    told = {"kind": EventKind.ALERTED, "occurred_at": at, "data": {"kind": kind, "people": len(people)}}
    LeadEvent.objects.bulk_create(LeadEvent(lead=each, **told) for each in (lead, *others))


def ask_clinical_leads(*, lead: Lead, asked: LeadEvent, by: User, at: datetime) -> None:
    """Tell the clinical leads of a lead's site, but for whoever asks, that a level waits for them."""
    members = User.objects.filter(
        is_active=True, memberships__site=lead.site, memberships__role=Role.CLINICAL_LEAD
    )
    for user in members.exclude(pk=by.pk).order_by("email"):
        queue_message(
            kind=MessageKind.LOWERING_ASKED,
            to=user.email,
            context=_context(lead),
            dedupe_key=f"{MessageKind.LOWERING_ASKED}:{asked.pk}:{user.pk}",
            about=lead.pk,
            at=at,
        )


def alert_recipients(site: Site) -> list[User]:
    """Return the active staff of a site who get alerts."""
    members = User.objects.filter(is_active=True, memberships__site=site, memberships__gets_alerts=True)
    return list(members.order_by("email"))


def _of_many(lead: Lead, others: Sequence[Lead]) -> dict[str, str]:
    if not others:
        return {}
    queue = reverse("crm:queue", args=[Queue(lead.queue).name.lower()])
    return {"others": str(len(others)), "link": settings.BASE_URL + queue}


def _context(lead: Lead) -> dict[str, str]:
    return {
        "reference": lead.reference,
        "level": Level(lead.level or Level.U1).label,
        "queue": lead.get_queue_display(),
        "link": settings.BASE_URL + reverse("crm:lead", args=[lead.reference]),
    }
