"""What the auditor asks (RELIABILITY, point 11), and what it found before. Counts and ages only: no names.

What has an alarm of its own is asked a minute after that should have been raised: so that one thing is one
alarm, and the auditor speaks when whoever should have spoken did not.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet

from crm.alarm_bounds import raised_after
from crm.canary import CANARY_SITE
from crm.enums import AlarmKind, EventKind, Queue
from crm.models import Lead, LeadEvent
from crm.models.lead import OPEN as OPEN_LEAD
from crm.targets import ALERTING_LEVELS, UNPLACED_AFTER
from intake.enums import AuditCheck
from intake.models import Audit, Enquiry
from intake.selectors.canary import canary_state
from intake.selectors.enquiries import STRANDED_AFTER
from jobs.enums import JobQueue
from jobs.kinds import known_kinds
from jobs.models import OPEN as OPEN_JOB
from jobs.models import Job
from jobs.selectors import dead_jobs
from notifications.enums import MessageState, Why
from notifications.models import Escalation, Message
from notifications.selectors import unanswered, waiting_alerts

# How long work may wait until it is begun. Alerts: 30 seconds under any single fault (RELIABILITY, bounds to
# promise). Messages to callers: as long as one way of them has (settings.FAIL_OVER_AFTER). For the rest no
# caller waits, but a queue in which nothing is done must show before the day is over.
WAITS: dict[str, timedelta] = {
    JobQueue.URGENT: timedelta(seconds=30),
    JobQueue.ALERTS: timedelta(seconds=30),
    JobQueue.PLACING: UNPLACED_AFTER,
    JobQueue.OUTBOUND: timedelta(minutes=5),
    JobQueue.ROUTINE: timedelta(minutes=5),
    JobQueue.REPORTS: timedelta(minutes=15),
}
LONGEST_WAIT = max(WAITS.values())  # of a queue that only a newer release knows
LONGEST_LEASE = timedelta(seconds=60)  # of a kind that only a newer worker knows
ALERTED_WITHIN = timedelta(seconds=60)  # the 30 seconds, and what the other ways need (FAIL_OVER_AFTER)
# The 30 seconds, and a round of whoever sends. With EVERY, the heartbeat outside is withheld 60 seconds after
# the first alert that nothing lets out (RELIABILITY, F14).
OUT_WITHIN = timedelta(seconds=35)
LOOKED_BACK = timedelta(days=1)  # for urgent leads of which nobody was told
TOLD = (EventKind.ALERTED, EventKind.ALERT_STEP, EventKind.ACKNOWLEDGED)
EVERY = timedelta(seconds=20)
JUST_STARTED = timedelta(minutes=3)  # no audit for so long: we had stopped
BEYOND = timedelta(minutes=1)
OWN_ALARM = {
    AuditCheck.UNPLACED: AlarmKind.UNPLACED,
    AuditCheck.UNANSWERED: AlarmKind.UNANSWERED,
    AuditCheck.CANARY: AlarmKind.CANARY_LATE,
}


@dataclass(frozen=True, slots=True)
class Failure:
    """What one question found: how many, for how long the oldest, and of which kinds where there are some."""

    check: AuditCheck
    count: int
    seconds: float = 0.0
    what: str = ""

    def to_dict(self) -> dict[str, object]:
        return asdict(self)

    def in_words(self) -> str:
        """Return it as a part of a sentence, for staff."""
        label = str(self.check.label)
        return f"{label[0].lower()}{label[1:]}" + (f" ({self.count})" if self.count > 1 else "")


def find_failures(at: datetime, *, has_run: bool) -> list[Failure]:
    """Ask everything. `has_run`: we were at work just before, so that the canary had its chance."""
    found = [
        _oldest(AuditCheck.STRANDED, _stranded(at), "received_at", at),
        _oldest(AuditCheck.UNPLACED, _unplaced(at), "received_at", at),
        _oldest(AuditCheck.UNALERTED, _unalerted(at), "placed_at", at),
        _oldest(AuditCheck.ALERTS_WAITING, _waiting(at), "created_at", at),
        _oldest(AuditCheck.ALERTS_FAILED, _failed(), "created_at", at),
        _oldest(AuditCheck.UNANSWERED, _unanswered(at), "red_at", at),
        _late_jobs(at),
        _oldest(AuditCheck.JOBS_DEAD, dead_jobs(), "dead_at", at),
        _canary(at) if has_run else None,
    ]
    return [each for each in found if each]


def latest_audits() -> QuerySet[Audit]:
    """Return what was found, the latest first."""
    return Audit.objects.order_by("-at", "-id")


def was_at_work(at: datetime, *, for_: timedelta = timedelta()) -> bool:
    """Return whether there was an audit so long before: if not, we have only just started."""
    return Audit.objects.filter(at__gt=at - JUST_STARTED, at__lt=at - for_).exists()


def _oldest(check: AuditCheck, rows: QuerySet[Any], since: str, at: datetime) -> Failure | None:
    found = rows.order_by().aggregate(count=Count("pk"), since=Min(since))
    if not found["count"]:
        return None
    return Failure(check, found["count"], _seconds(found["since"], at))


def _stranded(at: datetime) -> QuerySet[Enquiry]:
    return Enquiry.objects.filter(lead=None, received_at__lt=at - STRANDED_AFTER).exclude(site=CANARY_SITE)


def _unplaced(at: datetime) -> QuerySet[Lead]:
    late = at - UNPLACED_AFTER - _own_alarm(AlarmKind.UNPLACED)
    waiting = Lead.objects.filter(OPEN_LEAD, queue=Queue.UNROUTED, received_at__lt=late)
    return waiting.exclude(site=CANARY_SITE)


def _unanswered(at: datetime) -> QuerySet[Escalation]:
    return unanswered(at=at - _own_alarm(AlarmKind.UNANSWERED)).exclude(site=CANARY_SITE)


def _own_alarm(kind: AlarmKind) -> timedelta:
    """Return how long after its bound something that has an alarm of its own is the auditor's business."""
    return raised_after(kind) + BEYOND


def _unalerted(at: datetime) -> QuerySet[Lead]:
    """Return the urgent leads that nobody has, and of which nobody was told."""
    alert = Escalation.objects.filter(about=OuterRef("pk"))
    told = LeadEvent.objects.filter(lead=OuterRef("pk"), kind__in=TOLD)
    waiting = Lead.objects.filter(OPEN_LEAD, queue=Queue.URGENT, level__in=ALERTING_LEVELS, owner=None)
    new = Q(placed_at__lt=at - ALERTED_WITHIN, placed_at__gt=at - LOOKED_BACK, first_contact_at=None)
    return waiting.filter(new, ~Exists(alert), ~Exists(told)).exclude(site=CANARY_SITE)


def _waiting(at: datetime) -> QuerySet[Message]:
    """Return the alerts that reached nobody. Who has had sixty of them in an hour may wait for the next."""
    waiting = waiting_alerts().filter(state=MessageState.QUEUED, created_at__lt=at - OUT_WITHIN)
    return waiting.exclude(why=Why.RECIPIENT_LIMIT)


def _failed() -> QuerySet[Message]:
    return waiting_alerts().filter(state=MessageState.FAILED)


def _late_jobs(at: datetime) -> Failure | None:
    """Return the jobs that are not done though somebody had to begin them, and a run of theirs is over."""
    bounds = {kind.name: timedelta(seconds=kind.lease) for kind in known_kinds()}
    late = list(_late_kinds(bounds, at))
    if not late:
        return None
    what = ", ".join(sorted({kind for kind, _, _ in late}))
    return Failure(
        AuditCheck.JOBS_LATE, sum(count for _, count, _ in late), max(age for *_, age in late), what
    )


def _late_kinds(leases: dict[str, timedelta], at: datetime) -> Iterator[tuple[str, int, float]]:
    """Yield kind, number and greatest lateness of what is late."""
    due = Job.objects.filter(OPEN_JOB, due_at__lt=at - min(WAITS.values()))
    for kind, queue, oldest in due.values_list("kind", "queue").annotate(oldest=Min("due_at")).order_by():
        bound = WAITS.get(queue, LONGEST_WAIT) + leases.get(kind, LONGEST_LEASE)
        if at - oldest > bound:
            count = due.filter(kind=kind, queue=queue, due_at__lt=at - bound).count()
            yield kind, count, _seconds(oldest, at)


def _canary(at: datetime) -> Failure | None:
    """None at all is late, too, when we have been at work for some time."""
    state = canary_state(at)
    is_late = state.is_alarm or (state.is_on and not state.seen and _has_audits_before(at - JUST_STARTED))
    return Failure(AuditCheck.CANARY, 1, what=str(state.stage or "")) if is_late else None


def _has_audits_before(at: datetime) -> bool:
    return Audit.objects.filter(at__lt=at).exists()


def _seconds(since: datetime, at: datetime) -> float:
    return round((at - since).total_seconds(), 1)
