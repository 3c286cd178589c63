"""What somebody did on a shift, what still waits for them, and what the next shift inherits."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Min, Q, QuerySet
from django.db.models.fields.json import KT

from crm.enums import EventKind, Queue
from crm.models import ContactAttempt, HandoverNote, Lead, LeadEvent, Shift, Site, User
from crm.models.lead import OPEN
from crm.selectors.call_backs import open_call_backs
from crm.selectors.phone import phone_work
from notifications.models import Escalation

LOOKS_AHEAD = timedelta(hours=8)
GAVE_AWAY = (EventKind.RELEASED, EventKind.HANDED_OVER)
URGENT = (Queue.URGENT, Queue.UNROUTED)


@dataclass(frozen=True, slots=True)
class ShiftWork:
    """What somebody did between two moments, in leads (`tries` in tries), at every site of theirs.

    `went_back`: to the queue, without their doing, such as at the end of the shift.
    """

    took: int
    reached: int
    tries: int
    acknowledged: int
    gave_away: int
    went_back: int
    waiting: list[Lead]

    @property
    def is_nothing(self) -> bool:
        """Return whether nothing happened: a quiet night on call."""
        counts = (self.took, self.tries, self.acknowledged, self.gave_away, self.went_back)
        return not any(counts) and not self.waiting


@dataclass(frozen=True, slots=True)
class Inheritance:
    """What a site leaves to whoever comes next. `oldest`: since when the first of `urgent` has waited."""

    urgent: int
    late: int
    oldest: datetime | None
    unanswered: int
    call_backs: int
    phone_work: int
    notes: int


def whole_shift(shift: Shift) -> datetime:
    """Return when the work began that ends with this shift: those that touch, at whatever site, are one."""
    began, before = shift.starts_at, shift
    while previous := Shift.objects.filter(user=shift.user_id, ends_at=before.starts_at).first():
        began, before = previous.starts_at, previous
    return began


def shift_work(user: User, since: datetime, until: datetime, at: datetime) -> ShiftWork:
    """Return what a person did in a stretch of time, and what they have at the moment `at`."""
    events = LeadEvent.objects.filter(occurred_at__gte=since, occurred_at__lte=until)
    tries = ContactAttempt.objects.filter(by=user, attempted_at__gte=since, attempted_at__lte=until)
    lost = LeadEvent.objects.filter(kind=EventKind.LEASE_ENDED, occurred_at__gte=since, occurred_at__lte=at)
    held = Lead.objects.filter(OPEN, owner=user, lease_until__gt=at)
    return ShiftWork(
        took=_leads(events.filter(kind=EventKind.CLAIMED, by=user)),
        reached=tries.filter(two_way=True).values("lead").distinct().count(),
        tries=tries.count(),
        acknowledged=_leads(events.filter(kind=EventKind.ACKNOWLEDGED, by=user)),
        gave_away=_leads(events.filter(kind__in=GAVE_AWAY, by=user)),
        went_back=_leads(lost.alias(whose=KT("data__owner")).filter(whose=str(user.pk))),
        waiting=list(held.order_by("band", "due_at", "id")),
    )


def inheritance(site: Site, at: datetime) -> Inheritance:
    """Return what a site leaves to the next shift, in five queries."""
    leads = Lead.objects.filter(OPEN, site=site, queue__in=URGENT, first_contact_at=None)
    urgent = leads.exclude(paused_until__gt=at)
    return Inheritance(
        urgent=urgent.count(),
        late=urgent.filter(due_at__lt=at).count(),
        oldest=urgent.aggregate(oldest=Min("received_at"))["oldest"],
        unanswered=Escalation.objects.filter(site=site.pk, ended_at=None).count(),
        call_backs=open_call_backs([site.pk]).filter(due_at__lte=at + LOOKS_AHEAD).count(),
        phone_work=phone_work([site.pk]),
        notes=HandoverNote.objects.filter(Q(site=site), written_at__gt=at - LOOKS_AHEAD).count(),
    )


def _leads(events: QuerySet[LeadEvent]) -> int:
    return events.values("lead").distinct().count()
