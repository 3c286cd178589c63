"""What the holder of leads is to be told on whatever page they are: what ends, who asks, what was taken."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from django.db.models import DateTimeField, Exists, F, OuterRef, Q, QuerySet, Subquery, TextField, UUIDField
from django.db.models.fields.json import KT

from crm.enums import AwayReason, EventKind, Level
from crm.leases import UNPLACED_COUNTS_AS, WARN_IN_LAST, is_ending, lease_of
from crm.models import Absence, Lead, LeadEvent, Shift, User
from crm.models.lead import OPEN
from crm.selectors.asks import open_asks
from crm.selectors.leads import leads_visible_to
from crm.selectors.prepared import Later, Moment, Prepared, Who

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

    away_for: AwayReason | None
    shift_ends: Shift | None
    ending: list[Lead]
    asks: list[LeadEvent]
    gone: list[LeadEvent]
    news: list[LeadEvent]

    @property
    def notices(self) -> int:
        """Return how many banners tell it (templates/crm/parts/watch.html)."""
        return bool(self.away_for) + len(self.ending) + len(self.asks) + len(self.gone) + len(self.news)


def my_leads(user: User, at: datetime) -> MyLeads:
    """Return what one person must know about the leads that they have, or had a moment ago.

    One query says what there is to tell, as every open page asks for it all day; what there is, is read.
    """
    thirds = tuple((level, lease_of(level) / WARN_IN_LAST) for level in Level)
    tell = _to_tell(thirds).row(user=user.pk, owner=str(user.pk), at=at)
    last = _going(user, at).select_related("site").first() if tell["held"] and tell["shift_ends"] else None
    held = list(_held(user, at).select_related("site")) if last or tell["ending"] or tell["asked"] else []
    return MyLeads(
        away_for=AwayReason(tell["away_for"]) if tell["away_for"] else None,
        shift_ends=last,
        ending=[lead for lead in held if is_ending(lead, at) or last],
        asks=list(open_asks(held, at)) if tell["asked"] else [],
        gone=list(_gone(user, str(user.pk), at)) if tell["gone"] else [],
        news=list(_news(_held(user, at), user, at)) if tell["news"] else [],
    )


@lru_cache(maxsize=4)
def _to_tell(thirds: tuple[tuple[Level, timedelta], ...]) -> Prepared:
    """Return the query that says what there is to tell; `thirds` is how long before its end a lease warns."""
    at, user = Later("at", DateTimeField()), Later("user", UUIDField())
    owner = Later("owner", TextField())
    held, absence = _held(user, at), Absence.objects.filter(user=user, back_at=None)
    ending = Q(level=None, lease_until__lte=at + dict(thirds)[UNPLACED_COUNTS_AS])
    for level, third in thirds:
        ending |= Q(level=level, lease_until__lte=at + third)
    tell = {
        "away_for": Subquery(absence.values("reason")[:1]),
        "shift_ends": Exists(_going(user, at)),
        "held": Exists(held),
        "ending": Exists(held.filter(ending)),
        "asked": Exists(open_asks(held, at)),
        "gone": Exists(_gone(user, owner, at)),
        "news": Exists(_news(held, user, at)),
    }
    return Prepared(User.objects.filter(pk=user).values(**tell))


def _held(user: Who, at: Moment) -> QuerySet[Lead]:
    return leads_visible_to(user).filter(OPEN, owner=user, lease_until__gt=at).order_by("lease_until")


def _news(held: QuerySet[Lead], user: Who, at: Moment) -> QuerySet[LeadEvent]:
    """Return what the holder should know before they go on: they wrote again, or asked us to stop."""
    since = LeadEvent.objects.filter(lead__in=held, kind__in=TOLD, occurred_at__gt=at - NEWS_FOR)
    unseen = since.filter(occurred_at__gte=F("lead__claimed_at")).exclude(by=user)
    return unseen.select_related("lead__site", "by").order_by("-occurred_at", "-id")[:MOST_TOLD]


def _going(user: Who, at: Moment) -> QuerySet[Shift]:
    """Return the shift that is about to end, unless another follows at once."""
    going = Shift.objects.filter(
        user=user, starts_at__lte=at, ends_at__gt=at, ends_at__lte=at + SHIFT_WARNING
    )
    return going.exclude(Exists(Shift.objects.filter(user=user, starts_at=OuterRef("ends_at"))))


def _gone(user: Who, owner: str | Later, at: Moment) -> QuerySet[LeadEvent]:
    """Return the leads that went away from somebody without their doing, and that they do not have again."""
    events = LeadEvent.objects.alias(whose=KT("data__owner"))
    events = events.filter(kind__in=GONE, occurred_at__gt=at - NEWS_FOR, whose=owner)
    mine_now = leads_visible_to(user).filter(owner=user, lease_until__gt=at).values("pk")
    shown = events.filter(lead__in=leads_visible_to(user)).exclude(lead__in=mine_now).exclude(by=user)
    return shown.select_related("lead__site", "by").order_by("-occurred_at", "-id")
