"""Alerts that go on until somebody answers: at once, the next step when it is due, again and again.

The row says when the next step is due, and a durable job does it (crm.tasks.escalate); a sweep does what has
lost its job. After an outage, or a jump of the clock, everything that is overdue is told together, one
message a person. An alert that cannot be told holds up no other: it stays due, and is tried again by the
next sweep.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db import connection, transaction
from django.db.models import Q
from django.db.utils import InterfaceError, OperationalError

from crm.alert_steps import Plan
from crm.enums import AlertLevel
from crm.models import Lead
from crm.selectors.alert_plans import plan_of
from crm.selectors.alerting import colleagues, find_again, find_people, on_shift
from crm.selectors.answers_given import needs_somebody
from crm.selectors.lapses import Lapse, is_promise_over, lapses, steps_again
from crm.services.acknowledging import end_alert
from crm.services.pulse import touch_queues
from crm.services.telling import Call, tag_of, tell
from jobs.services.enqueue import enqueue_job
from notifications.catalogue import MessageKind
from notifications.enums import EscalationEnd
from notifications.models import Escalation, Message
from notifications.selectors import escalations_due

log = structlog.get_logger(__name__)

STEP = "crm.tasks.escalate"
OVERDUE = timedelta(
    seconds=60
)  # from here on it is an outage, and people are told of all such leads together
MOMENT = timedelta(microseconds=1)
LOST = timedelta(seconds=10)  # a job that is so late has been lost, or died
LATE = timedelta(minutes=2)  # from the enquiry to its alert: something had stopped
GATHERING = timedelta(seconds=5)  # late leads come in heaps: they wait so long for one another
MOST_AT_ONCE = 500
DATABASE_AWAY = (OperationalError, InterfaceError)  # not about one alert
BY_THE_RULES = frozenset({MessageKind.URGENT_LEAD_ALERT, MessageKind.LEAD_NOT_ROUTED})
TELL_TOGETHER = "SELECT pg_advisory_xact_lock(hashtext('crm.services.escalating'))"


@transaction.atomic
def start_escalation(*, lead: Lead, kind: MessageKind, key: str, at: datetime) -> None:
    """Alert until somebody answers; the same key does so once. The lead is locked by the caller.

    If an alert about the lead goes on already, whoever it has told by now is told what is new, and it goes
    on; its time does not begin anew. A more severe level gives it that level's steps.
    """
    running = Escalation.objects.select_for_update().filter(about=lead.pk, ended_at=None).first()
    if running and _knows(running, kind, key):
        return
    if running:
        _go_on(running, lead, kind, key, at)
    elif not Escalation.objects.filter(dedupe_key=f"{kind}:{key}").exists():
        _begin(lead, kind, key, at)


def run_step(*, escalation: UUID, at: datetime) -> None:
    """Tell the people of the steps that are due, unless somebody has answered. Safe to run twice.

    What is overdue by a minute or more is told together with all else that is.
    """
    chain = escalations_due(at=at).filter(pk=escalation).first()
    if chain is None:
        return
    if chain.together or at - chain.next_at >= OVERDUE:
        _tell_together(at)
    else:
        _tell_of([chain], at)


def sweep_escalations(*, at: datetime) -> int:
    """Do every step whose job did not; return how many were late. One that fails stays late."""
    lost = list(escalations_due(at=at, for_=LOST).values_list("pk", flat=True)[:MOST_AT_ONCE])
    for escalation in lost:
        _run_or_log(escalation, at)
    return len(lost)


def _run_or_log(escalation: UUID, at: datetime) -> None:
    try:
        run_step(escalation=escalation, at=at)
    except DATABASE_AWAY:
        raise
    except Exception:
        log.exception("alert_step_failed", escalation=str(escalation))


def _begin(lead: Lead, kind: MessageKind, key: str, at: datetime) -> None:
    level = AlertLevel.of(lead.level)
    plan, together = plan_of(lead.site_id, level), _is_one_of_many(lead, kind, at)
    chain = Escalation.objects.create(
        about=lead.pk,
        site=lead.site_id,
        kind=kind,
        level=level,
        dedupe_key=f"{kind}:{key}",
        started_at=at,
        next_at=at + GATHERING if together else at,
        red_at=at + timedelta(seconds=plan.red_after),
        together=together,
    )
    _tell_now_or_soon(chain, lead, plan, at, tag="")


def _knows(chain: Escalation, kind: MessageKind, key: str) -> bool:
    """Return whether the alert was begun for that key, or has told it."""
    told = Message.objects.filter(escalation=chain, dedupe_key__contains=f":{tag_of(key)}:")
    return chain.dedupe_key == f"{kind}:{key}" or told.exists()


def _go_on(chain: Escalation, lead: Lead, kind: MessageKind, key: str, at: datetime) -> None:
    """Tell the news. That a lead is routed at last is none, unless it is more than anybody was told."""
    level, told = AlertLevel.of(lead.level), AlertLevel(chain.level)
    routed = chain.kind == MessageKind.LEAD_NOT_ROUTED and kind == MessageKind.URGENT_LEAD_ALERT
    more_severe = level.rank < told.rank
    if routed and not more_severe:
        Escalation.objects.filter(pk=chain.pk).update(kind=kind)  # the next step says it as it is by then
        return
    chain.kind, chain.level = kind, level if more_severe else told
    plan = plan_of(lead.site_id, AlertLevel(chain.level))
    chain.red_at = min(chain.red_at, chain.started_at + timedelta(seconds=plan.red_after))
    chain.together = chain.together or _is_one_of_many(lead, kind, at)
    chain.next_at = min(chain.next_at, at + GATHERING) if chain.together else at
    if chain.together:
        chain.told_at = None  # whoever was told something less hears this, too
    chain.save(update_fields=["kind", "level", "red_at", "together", "next_at", "told_at"])
    _tell_now_or_soon(chain, lead, plan, at, tag=tag_of(key))


def _tell_now_or_soon(chain: Escalation, lead: Lead, plan: Plan, at: datetime, *, tag: str) -> None:
    """Tell everybody who is to know by now; or gather first, and have a job do it."""
    if chain.together:
        _enqueue(chain)
    else:
        call = _call(chain, lead, plan, at, since=None)
        call = replace(call, tag=tag) if tag else call
        tell([call], at)
        _advance(call, at)
    touch_queues()


def _is_one_of_many(lead: Lead, kind: MessageKind, at: datetime) -> bool:
    """Return whether another alert has just begun, and the rules come late to this lead or it can wait."""
    is_late = kind in BY_THE_RULES and at - lead.received_at > LATE
    if not is_late and not (kind == MessageKind.LEAD_NOT_ROUTED and lead.can_wait):
        return False
    begun = Escalation.objects.filter(site=lead.site_id, started_at__gt=at - OVERDUE)
    return begun.exclude(about=lead.pk).exists()


@transaction.atomic
def _tell_together(at: datetime) -> None:
    """Tell of everything that is overdue, or waits to be told with others: one process at a time."""
    with connection.cursor() as cursor:
        cursor.execute(TELL_TOGETHER)
    waiting = Q(next_at__lte=at - OVERDUE) | Q(together=True)
    due = escalations_due(at=at).filter(waiting)[:MOST_AT_ONCE]
    _tell_apart(sorted(due, key=lambda chain: chain.about), at)


def _tell_apart(chains: Sequence[Escalation], at: datetime) -> None:
    """Tell of all of them; if that fails, of each half: few messages a person, whichever cannot be told.

    They come in the order of the leads' ids, in which leads are locked.
    """
    if not chains:
        return
    try:
        _tell_of(chains, at)
    except DATABASE_AWAY:
        raise
    except Exception:
        if len(chains) == 1:
            log.exception("alert_step_failed", escalation=str(chains[0].pk))
            return
        log.warning("alerts_told_apart", count=len(chains), exc_info=True)
        middle = len(chains) // 2
        _tell_apart(chains[:middle], at)
        _tell_apart(chains[middle:], at)


@transaction.atomic
def _tell_of(chains: Sequence[Escalation], at: datetime) -> None:
    """Lock leads and alerts, in the order of the leads' ids, and tell of what is still due."""
    leads = Lead.objects.select_for_update(of=("self",)).select_related("site", "owner")
    found = {lead.pk: lead for lead in leads.filter(pk__in=[each.about for each in chains]).order_by("pk")}
    still_due = escalations_due(at=at).filter(pk__in=[each.pk for each in chains]).select_for_update()
    calls = [call for chain in still_due if (call := _due_call(chain, found[chain.about], at))]
    tell([call for call in calls if call.is_due], at)
    for call in calls:
        _advance(call, at)
    if calls:
        touch_queues()


def _due_call(chain: Escalation, lead: Lead, at: datetime) -> Call | None:
    """Return whom to tell now; None, and the end of it, when the lead needs nobody's answer any more.

    A lead that a person has lowered goes on by the steps of its present level.
    """
    if not needs_somebody(lead, chain.kind):
        why = EscalationEnd.LOWERED if lead.is_open else EscalationEnd.OVER
        end_alert(lead=lead, why=why, at=at)
        return None
    level = AlertLevel.of(lead.level) if lead.level else AlertLevel(chain.level)
    plan = plan_of(chain.site, level)
    if level != chain.level:
        chain.level, chain.red_at = level, chain.started_at + timedelta(seconds=plan.red_after)
    return _call(chain, lead, plan, at, since=chain.told_at)


def _call(chain: Escalation, lead: Lead, plan: Plan, at: datetime, *, since: datetime | None) -> Call:
    """Return whom the steps tell that fell due after `since`; it finds none if other steps hold by now."""
    if since is None and (lapse := lapses([lead.pk]).get(lead.pk)):
        return _call_again(chain, lead, plan, lapse, at)
    elapsed = (at - chain.started_at).total_seconds()
    told = (since - chain.started_at + MOMENT).total_seconds() if since else 0
    numbers = plan.due(told, elapsed)
    staff = colleagues(lead.site_id, at) if numbers else []
    found = find_people(plan, numbers, staff, lead, at)
    return Call(
        chain=chain,
        lead=lead,
        plan=plan,
        slot=plan.latest_at(elapsed),
        found=found,
        tag=f"{chain.kind}:{chain.level}",
        is_due=bool(numbers),
        at_desk=on_shift(staff),
    )


def _call_again(chain: Escalation, lead: Lead, plan: Plan, lapse: Lapse, at: datetime) -> Call:
    """Return whom an alert tells first that begins again: those told before, and somebody else.

    If managers had been told already and the promise is over, screens are red from the start.
    """
    slot = plan.latest_at((at - chain.started_at).total_seconds())
    staff, besides = colleagues(lead.site_id, at), lapse.by if lapse.is_unkept else None
    steps = max(steps_again(plan, lapse, lead, at), slot.number + 1)
    steps, found = find_again(plan, steps, staff, lead, at, besides=besides)
    if lapse.steps >= plan.until_managers and is_promise_over(lead, at):
        chain.red_at = min(chain.red_at, at)
    return Call(
        chain=chain,
        lead=lead,
        plan=plan,
        slot=slot,
        found=found,
        tag=f"{chain.kind}:{chain.level}",
        at_desk=on_shift(staff),
        up_to=steps,
    )


def _advance(call: Call, at: datetime) -> None:
    """Write down what was done and when the next step is due. With nobody to tell, screens are red now."""
    chain = call.chain
    following = call.plan.next_after((at - chain.started_at).total_seconds())
    chain.step, chain.round, chain.together = call.slot.number, call.slot.round, False
    chain.next_at = chain.started_at + timedelta(seconds=following.after)
    chain.told_at = at
    if call.is_due and not call.found.told:
        chain.red_at = min(chain.red_at, at)
    chain.save(update_fields=["level", "step", "round", "together", "next_at", "told_at", "red_at"])
    _enqueue(chain)


def _enqueue(chain: Escalation) -> None:
    """One job a step; the time is in its key because a step may be moved to another time."""
    due = int(chain.next_at.timestamp())
    enqueue_job(
        kind=STEP,
        subject=chain.pk,
        due_at=chain.next_at,
        dedupe_key=f"escalate:{chain.pk}:{chain.step}:{chain.round}:{due}",
    )
