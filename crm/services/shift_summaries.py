"""An e-mail to somebody whose shift has ended: what it was, what is still theirs, what is left to others.

It names no caller: references at most, whose pages open after signing in.
"""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from crm.models import Membership, Shift
from crm.promises import in_words
from crm.selectors.shift_work import (
    LOOKS_AHEAD,
    Inheritance,
    ShiftWork,
    inheritance,
    shift_work,
    whole_shift,
)
from crm.summary_lines import Fact, counted, link_to, plain, write
from jobs.services.enqueue import enqueue_job
from notifications.catalogue import MessageKind
from notifications.services.outbox import queue_message

OF_USE_FOR = timedelta(hours=12)
MOST_LISTED = 10


def summarise_later(*, shift: Shift, at: datetime) -> None:
    """Arrange for the summary of a shift that has just ended; however often this is asked, there is one."""
    enqueue_job(
        kind="crm.tasks.summarise_shift",
        subject=shift.pk,
        due_at=at,
        dedupe_key=f"shift-summary:{shift.pk}:{shift.ends_at.isoformat()}",
    )


@transaction.atomic
def send_shift_summary(*, shift: UUID, at: datetime) -> None:
    """Send the summary of a shift, once, unless its person wants none, has left, or it is too late to care.

    Nothing is sent of a shift that was moved or removed, or of one on call on which nothing happened.
    """
    found = Shift.objects.select_related("user", "site").filter(pk=shift, ends_at__lte=at).first()
    if found is None or at - found.ends_at > OF_USE_FOR or not _wants_it(found):
        return
    began = whole_shift(found)
    work = shift_work(found.user, began, found.ends_at, at)
    if found.on_call and work.is_nothing:
        return
    queue_message(
        kind=MessageKind.SHIFT_SUMMARY,
        to=found.user.email,
        context={
            "site": plain(found.site.name),
            "when": _when(began, found),
            "lines": _lines(work, inheritance(found.site, at), at),
            "link": link_to("crm:handover", found.site.slug),
        },
        dedupe_key=f"shift-summary:{found.pk}:{found.ends_at.isoformat()}",
        about=None,
        at=at,
        expires_at=found.ends_at + OF_USE_FOR,
    )


def _wants_it(shift: Shift) -> bool:
    members = Membership.objects.filter(site=shift.site, user=shift.user, user__is_active=True)
    return shift.user.wants_shift_summary and members.exists()


def _when(began: datetime, shift: Shift) -> str:
    """Return the shift by the clock of its site: "Monday 23 November, 22:00 to 06:00"."""
    zone = ZoneInfo(shift.site.time_zone)
    first, last = began.astimezone(zone), shift.ends_at.astimezone(zone)
    return f"{first:%A} {first.day} {first:%B}, {first:%H:%M} to {last:%H:%M}"


def _lines(work: ShiftWork, left: Inheritance, at: datetime) -> str:
    return write(
        [("YOUR SHIFT", _own(work)), ("STILL YOURS", _waiting(work)), ("LEFT TO OTHERS", _left(left, at))]
    )


def _own(work: ShiftWork) -> list[Fact]:
    reached = f"{counted(work.reached, 'person', 'people')}; {counted(work.tries, 'try', 'tries')} in all"
    return [
        Fact("Leads that you took", str(work.took)),
        Fact("Reached", reached),
        *([Fact("Alerts that you answered", str(work.acknowledged))] if work.acknowledged else []),
        *([Fact("Given back or handed over", str(work.gave_away))] if work.gave_away else []),
        *([Fact("Gone back to the queue by themselves", str(work.went_back))] if work.went_back else []),
    ]


def _waiting(work: ShiftWork) -> list[Fact]:
    """Name what somebody still has, by reference; what is more stands on their own list."""
    if not work.waiting:
        return [Fact("Leads", "none")]
    links = [link_to("crm:lead", lead.reference) for lead in work.waiting[:MOST_LISTED]]
    more = [link_to("crm:queue", "mine")] if len(work.waiting) > MOST_LISTED else []
    return [Fact("Leads", str(len(work.waiting)), [*links, *more])]


def _left(left: Inheritance, at: datetime) -> list[Fact]:
    soon = f"Calls due in {LOOKS_AHEAD // timedelta(hours=1)} hours"
    facts = [
        (left.unanswered, Fact("Alerts that nobody has answered", str(left.unanswered), [_urgent()])),
        (left.urgent, Fact("Urgent leads that nobody has reached", _urgent_words(left, at), [_urgent()])),
        (
            left.call_backs,
            Fact(soon, str(left.call_backs), [link_to("crm:call_backs")]),
        ),
        (left.phone_work, Fact("Missed calls and texts", str(left.phone_work), [link_to("crm:calls")])),
        (left.notes, Fact("Notes for whoever comes next", str(left.notes))),
    ]
    return [fact for number, fact in facts if number] or [Fact("Urgent leads, alerts and calls", "none")]


def _urgent_words(left: Inheritance, at: datetime) -> str:
    late = f", {left.late} past the promised time" if left.late else ""
    oldest = f"; the longest has waited {in_words(at - left.oldest)}" if left.oldest else ""
    return f"{left.urgent}{late}{oldest}"


def _urgent() -> str:
    return link_to("crm:queue", "urgent")
