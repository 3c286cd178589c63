"""What the holder of leads is to be told on whatever page they are: what ends, who asks, what was taken."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, QuerySet

from crm.enums import EventKind
from crm.leases import is_ending
from crm.models import Absence, Lead, LeadEvent, Shift, User
from crm.models.lead import OPEN
from crm.selectors.asks import open_asks
from crm.selectors.leads import leads_visible_to

NEWS_FOR = timedelta(minutes=10)
SHIFT_WARNING = timedelta(minutes=10)
MOST_TOLD = 3
TOLD = (
    EventKind.REPEAT_ENQUIRY,
    EventKind.ANSWERED_MORE,
    EventKind.GOT_WORSE,
    EventKind.ASKED_SOONER,
    EventKind.ASKED_TO_STOP,
    EventKind.WAYS_CHANGED,
    EventKind.LEVEL_RAISED,
    EventKind.MORE_SEVERE,
    EventKind.TEXT_RECEIVED,
    EventKind.CALL_MISSED,
)
GONE = (EventKind.LEASE_ENDED, EventKind.TAKEN_OVER, EventKind.RELEASED)


@dataclass(frozen=True, slots=True)
class MyLeads:
    """`ending`: leases that are about to end. `gone`: what was taken away in the last minutes. `news`: what
    has come in on a lead since its holder took it, which an open page of it does not show.
    """

    absence: Absence | None
    shift_ends: Shift | None
    ending: list[Lead]
    asks: list[LeadEvent]
    gone: list[LeadEvent]
    news: list[LeadEvent]


def my_leads(user: User, at: datetime) -> MyLeads:
    """Return what one person must know about the leads that they have, or had a moment ago."""
    held = list(_held(user, at))
    last = _last_minutes(user, at) if held else None
    return MyLeads(
        absence=Absence.objects.filter(user=user, back_at=None).first(),
        shift_ends=last,
        ending=[lead for lead in held if is_ending(lead, at) or last],
        asks=list(open_asks(held, at)) if held else [],
        gone=_gone(user, at),
        news=list(_news(held, user, at)) if held else [],
    )


def _held(user: User, at: datetime) -> list[Lead]:
    held = leads_visible_to(user).filter(OPEN, owner=user, lease_until__gt=at)
    return list(held.select_related("site").order_by("lease_until"))


def _news(held: list[Lead], user: User, at: datetime) -> QuerySet[LeadEvent]:
    """Return what the holder should know before they go on: they wrote again, or asked us to stop."""
    since = LeadEvent.objects.filter(lead__in=held, kind__in=TOLD, occurred_at__gt=at - NEWS_FOR)
    unseen = since.filter(occurred_at__gte=F("lead__claimed_at")).exclude(by=user)
    return unseen.select_related("lead__site", "by").order_by("-occurred_at", "-id")[:MOST_TOLD]


def _last_minutes(user: User, at: datetime) -> Shift | None:
    """Return the shift that is about to end, unless another follows at once."""
    own = Shift.objects.filter(user=user, ends_at__gt=at).select_related("site")
    going = own.filter(starts_at__lte=at, ends_at__lte=at + SHIFT_WARNING).first()
    return None if going and own.filter(starts_at=going.ends_at).exists() else going


def _gone(user: User, at: datetime) -> list[LeadEvent]:
    """Return the leads that went away from somebody without their doing, and that they do not have again."""
    events = LeadEvent.objects.filter(kind__in=GONE, occurred_at__gt=at - NEWS_FOR, data__owner=str(user.pk))
    mine_now = leads_visible_to(user).filter(owner=user, lease_until__gt=at).values("pk")
    shown = events.filter(lead__in=leads_visible_to(user)).exclude(lead__in=mine_now).exclude(by=user)
    return list(shown.select_related("lead__site", "by").order_by("-occurred_at", "-id"))
