"""The rota: planning, changing and removing shifts, copying a week, and what happens when a shift ends."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from crm.enums import EndOfLease, EventKind
from crm.models import Lead, LeadEvent, Membership, Shift, Site, User
from crm.refusals import NotOnTheStaff, PlaceOnCallTaken, ShiftInTheWay, ShiftIsOver
from crm.selectors.my_leads import SHIFT_WARNING
from crm.selectors.rota import on_call_in_the_way, shifts_in_the_way, shifts_of_week
from crm.services.locking import one_act_at_a_time
from crm.services.pulse import touch_queues
from crm.services.returning import return_leads_of
from crm.services.shift_summaries import summarise_later
from jobs.services.enqueue import enqueue_job

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Hours:
    """When somebody works, and in which order they are rung if they are on call."""

    user: User
    starts_at: datetime
    ends_at: datetime
    on_call: int | None = None


@transaction.atomic
def plan_shift(*, site: Site, hours: Hours, at: datetime) -> Shift:
    """Put a shift on the rota, unless it is over by now.

    Raises NotOnTheStaff, ShiftInTheWay, PlaceOnCallTaken, ShiftIsOver.
    """
    _check(site, hours, at)
    shift = Shift.objects.create(
        site=site,
        user=hours.user,
        starts_at=hours.starts_at,
        ends_at=hours.ends_at,
        on_call=hours.on_call,
    )
    _end_in_time(shift)
    return shift


@transaction.atomic
def change_shift(*, shift: Shift, hours: Hours, at: datetime) -> Shift:
    """Change a shift that has not ended.

    Raises NotOnTheStaff, ShiftInTheWay, PlaceOnCallTaken, ShiftIsOver.
    """
    shift = Shift.objects.select_for_update(of=("self",)).select_related("site").get(pk=shift.pk)
    if shift.ends_at <= at:
        raise ShiftIsOver
    _check(shift.site, hours, at, besides=shift)
    shift.user, shift.on_call = hours.user, hours.on_call
    shift.starts_at, shift.ends_at = hours.starts_at, hours.ends_at
    shift.save()
    _end_in_time(shift)
    return shift


@transaction.atomic
def remove_shift(*, shift: Shift, at: datetime) -> None:
    """Take a shift off the rota. Raises ShiftIsOver for one that has begun: what was, stays to be read."""
    shift = Shift.objects.select_for_update().get(pk=shift.pk)
    if shift.starts_at <= at:
        raise ShiftIsOver
    shift.delete()
    touch_queues()


@transaction.atomic
def copy_week(*, site: Site, monday: date, at: datetime) -> tuple[int, int]:
    """Plan a week as the one before it; return how many shifts were added, and how many left out.

    The clock on the wall stays, also over a change of the clocks. Left out is what has ended by now, whoever
    has left, and whoever has another shift then: so copying twice adds nothing.
    """
    added = left_out = 0
    for shift in shifts_of_week(site, monday - WEEK):
        try:
            plan_shift(site=site, hours=_a_week_later(shift, site), at=at)
            added += 1
        except (NotOnTheStaff, PlaceOnCallTaken, ShiftInTheWay, ShiftIsOver):
            left_out += 1
    return added, left_out


@transaction.atomic
def end_shift(*, shift_id: UUID, at: datetime) -> list[Lead]:
    """Return what somebody still has when their shift ends, but for what they said they are still on.

    They are sent what the shift was. Nothing happens to a shift that was removed or moved, nor when another
    follows at once.
    """
    shift = Shift.objects.select_related("user").filter(pk=shift_id, ends_at__lte=at).first()
    if shift is None or _goes_on(shift):
        return []
    kept = LeadEvent.objects.filter(
        kind=EventKind.LEASE_KEPT, by=shift.user, occurred_at__gt=shift.ends_at - SHIFT_WARNING
    )
    theirs = Lead.objects.filter(claimed_at__lt=shift.ends_at).exclude(pk__in=kept.values("lead"))
    summarise_later(shift=shift, at=at)
    return return_leads_of(user=shift.user, why=EndOfLease.SHIFT_ENDED, by=None, at=at, only=theirs)


def _goes_on(shift: Shift) -> bool:
    following = Shift.objects.filter(user=shift.user_id, starts_at__lte=shift.ends_at)
    return following.filter(ends_at__gt=shift.ends_at).exists()


def _check(site: Site, hours: Hours, at: datetime, *, besides: Shift | None = None) -> None:
    """The person is locked, so that two managers cannot give them two shifts at once."""
    one_act_at_a_time(hours.user)
    if hours.ends_at <= at:
        raise ShiftIsOver
    if not Membership.objects.filter(site=site, user=hours.user, user__is_active=True).exists():
        raise NotOnTheStaff
    if other := shifts_in_the_way(hours.user, hours.starts_at, hours.ends_at, besides=besides).first():
        raise ShiftInTheWay(other, ZoneInfo(site.time_zone))
    if hours.on_call:
        _check_number_on_call(site, hours, hours.on_call, besides)


def _check_number_on_call(site: Site, hours: Hours, number: int, besides: Shift | None) -> None:
    """Nobody knows whom to ring first where two are. The site is locked, as the person is."""
    Site.objects.select_for_update().get(pk=site.pk)
    same = on_call_in_the_way(site, number, hours.starts_at, hours.ends_at, besides=besides).first()
    if same:
        raise PlaceOnCallTaken(same, ZoneInfo(site.time_zone))


def _end_in_time(shift: Shift) -> None:
    enqueue_job(
        kind="crm.tasks.end_of_shift",
        subject=shift.pk,
        due_at=shift.ends_at,
        dedupe_key=f"shift:{shift.pk}:{shift.ends_at.isoformat()}",
    )
    touch_queues()


def _a_week_later(shift: Shift, site: Site) -> Hours:
    """Return the same shift by the clock on the wall, seven days on."""
    zone = ZoneInfo(site.time_zone)
    starts_at, ends_at = (each.astimezone(zone) + WEEK for each in (shift.starts_at, shift.ends_at))
    return Hours(shift.user, starts_at, ends_at, shift.on_call)
