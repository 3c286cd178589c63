"""Requests to lower an emergency that wait for a clinical lead."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.fields.json import KT

from crm.enums import EventKind
from crm.models import LeadEvent
from crm.selectors.call_backs import ON_OPEN_LEAD
from crm.selectors.leads import says_so_of_a_lowering


def pending_lowerings(sites: Collection[UUID]) -> QuerySet[LeadEvent]:
    """Return what waits at these sites, the longest wait first; a row needs no other query."""
    same_moment = Q(occurred_at=OuterRef("occurred_at"), pk__gt=OuterRef("pk"))
    since = Q(occurred_at__gt=OuterRef("occurred_at")) | same_moment
    later = LeadEvent.objects.filter(since, says_so_of_a_lowering(), lead=OuterRef("lead"))
    asked = LeadEvent.objects.filter(ON_OPEN_LEAD, kind=EventKind.LOWERING_ASKED, lead__site__in=sites)
    still = asked.annotate(was=KT("data__from")).filter(~Exists(later), was=F("lead__level"))
    return still.select_related("by", "lead__site", "lead__owner").order_by("occurred_at", "pk")
