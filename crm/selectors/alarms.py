"""Which alarms there are, and were, at some sites."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from crm.enums import AlarmKind
from crm.models import Alarm, Lead
from notifications.models import Escalation

OUT_WITHIN = timedelta(seconds=5)  # a first alert, as long as nothing has failed: RELIABILITY.md
MOST_LATE = 2000


@dataclass(frozen=True, slots=True)
class LateAlert:
    """An alert whose first message was handed over late. `begun`: when the enquiry came, or later news."""

    site: UUID
    begun: datetime
    took: timedelta

    def was_in(self, alarm: Alarm) -> bool:
        """Return whether it began while an alarm that is over went on, where that was."""
        is_there = alarm.site_id in (None, self.site)
        return is_there and alarm.ended_at is not None and alarm.since <= self.begun <= alarm.ended_at


def open_alarms(sites: Collection[UUID] | None = None) -> QuerySet[Alarm]:
    """Return what is wrong now, the longest first: everywhere, and at some sites (None: at every site)."""
    return Alarm.objects.filter(_of(sites), ended_at=None).select_related("site").order_by("since", "id")


def oldest_alarms() -> dict[AlarmKind, datetime]:
    """Return the kinds of which there is one, at whatever site, and since when."""
    found = open_alarms().order_by().values_list("kind").annotate(oldest=Min("since"))
    return {AlarmKind(kind): oldest for kind, oldest in found}


def open_kinds() -> set[AlarmKind]:
    """Return the kinds of which there is one, at whatever site."""
    return {AlarmKind(kind) for kind in open_alarms().order_by().values_list("kind", flat=True)}


def past_alarms(sites: Collection[UUID]) -> QuerySet[Alarm]:
    """Return what was wrong, the latest end first."""
    ended = Alarm.objects.filter(_of(sites), ended_at__isnull=False)
    return ended.select_related("site").order_by("-ended_at", "id")


def late_alerts(sites: Collection[UUID], since: datetime) -> list[LateAlert]:
    """Return the late alerts of some sites since a moment, the latest first, in one query.

    An enquiry that is placed late is alerted late, too: the time of its first alert runs from when it came.
    """
    placed_for_it = Lead.objects.filter(pk=OuterRef("about"), placed_at=OuterRef("started_at"))
    alerts = Escalation.objects.filter(site__in=sites, started_at__gte=since).annotate(
        begun=Coalesce(Subquery(placed_for_it.values("received_at")[:1]), "started_at"),
        sent=Min("messages__sent_at"),
    )
    late = alerts.filter(sent__gt=F("begun") + OUT_WITHIN).order_by("-started_at")
    found = late.values_list("site", "begun", "sent")[:MOST_LATE]
    return [LateAlert(site, begun, sent - begun) for site, begun, sent in found]


def _of(sites: Collection[UUID] | None) -> Q:
    return Q() if sites is None else Q(site=None) | Q(site__in=sites)
