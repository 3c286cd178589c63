"""Colleagues who ask for a lead that somebody has. An ask is void as soon as the lead changes hands."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, F, OuterRef, QuerySet, UUIDField
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from crm.enums import EventKind
from crm.models import Absence, Lead, LeadEvent
from crm.selectors.prepared import Moment

ASK_STANDS_FOR = timedelta(minutes=20)


def open_asks(leads: Collection[Lead] | QuerySet[Lead], at: Moment) -> QuerySet[LeadEvent]:
    """Return who asks for which of these leads and has no answer yet, the first to ask first.

    Whoever is away by now, or asked long ago, does not wait for it any more.
    """
    asks = LeadEvent.objects.filter(
        lead__in=leads,
        kind=EventKind.ASKED_FOR,
        occurred_at__gt=at - ASK_STANDS_FOR,
        lead__claimed_at__lte=F("occurred_at"),
        lead__lease_until__gt=at,
    )
    away = Absence.objects.filter(user=OuterRef("by"), back_at=None)
    asks = asks.filter(~Exists(_refusals()), ~Exists(away)).select_related("by", "lead__site")
    return asks.order_by("occurred_at", "id")


def open_ask(lead: Lead, asked: UUID, at: datetime) -> LeadEvent | None:
    """Return one ask for a lead, if it still waits for an answer."""
    return open_asks([lead], at).filter(pk=asked).first()


def _refusals() -> QuerySet[LeadEvent]:
    refused = LeadEvent.objects.filter(lead=OuterRef("lead"), kind=EventKind.ASK_DECLINED)
    return refused.alias(asked=Cast(KT("data__asked"), UUIDField())).filter(asked=OuterRef("pk"))
