"""How a site stands at a moment, for whoever is not there: what waits, what is wrong, who will come."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min

from crm.enums import Queue
from crm.models import Alarm, Lead, Shift, Site
from crm.models.lead import OPEN
from crm.rota_gaps import Span, gaps
from crm.selectors.alarms import open_alarms
from crm.selectors.queues import urgent_with_clock_running
from notifications.enums import MessageState
from notifications.models import Escalation, Message

AHEAD = timedelta(hours=24)
USED_WITHIN = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class DeskNow:
    """`late`: urgent leads past the promised time, `latest_due` when the longest of them was due.

    `longest`: the lead of which nobody has reached the caller for longest, though its clock runs.

    `failed`: messages about leads of the site that could not be sent.
    """

    late: int
    latest_due: datetime | None
    unanswered: int
    longest: Lead | None
    alarms: list[Alarm]
    failed: int


@dataclass(frozen=True, slots=True)
class NextDay:
    """The rota of the next 24 hours; gaps, where there is one: nobody is on call, and nobody at the desk."""

    on_call: list[Shift]
    nobody_there: list[Span]
    has_on_call: bool


def desk_now(site: Site, at: datetime) -> DeskNow:
    """Return how a site stands, in five queries."""
    waiting = Lead.objects.filter(OPEN, site=site, first_contact_at=None).exclude(queue=Queue.REVIEW)
    leads = Lead.objects.filter(site=site).values("pk")
    late = Lead.objects.filter(OPEN, urgent_with_clock_running(at), site=site, due_at__lt=at)
    broken = late.aggregate(count=Count("pk"), first=Min("due_at"))
    return DeskNow(
        late=broken["count"],
        latest_due=broken["first"],
        unanswered=Escalation.objects.filter(site=site.pk, ended_at=None).count(),
        longest=waiting.exclude(paused_until__gt=at).order_by("received_at", "id").first(),
        alarms=list(open_alarms([site.pk])),
        failed=Message.objects.filter(state=MessageState.FAILED, about__in=leads).count(),
    )


def next_day(site: Site, at: datetime) -> NextDay:
    """Return who is on call in the next 24 hours, and when nobody is there; one query."""
    near = Shift.objects.filter(site=site, ends_at__gt=at - USED_WITHIN, starts_at__lt=at + USED_WITHIN)
    shifts = list(near.filter(user__is_active=True).select_related("user").order_by("starts_at", "on_call"))
    coming = [each for each in shifts if each.ends_at > at and each.starts_at < at + AHEAD]
    on_call = [each for each in coming if each.on_call]
    return NextDay(
        on_call=on_call,
        nobody_there=_gaps(coming, at) if shifts else [],
        has_on_call=any(each.on_call for each in shifts),
    )


def _gaps(shifts: list[Shift], at: datetime) -> list[Span]:
    return list(gaps(((each.starts_at, each.ends_at) for each in shifts), at, at + AHEAD))
