"""Trying again: each vain try sets the next one, until a person has to decide. Nothing closes by itself."""

from datetime import datetime

from django.db import transaction

from crm.cadence import IS_A_TRY, next_try
from crm.contact_rules import next_safe_time
from crm.enums import CallBackKind, ContactMethod, ContactOutcome, EventKind
from crm.models import CallBack, ContactAttempt, ContactPlan, Lead, LeadEvent, User
from crm.refusals import NothingToDecide, ReasonTooShort
from crm.selectors.call_backs import cadence_of
from crm.selectors.opening import opening_hours
from crm.services.call_backs import WishedCall, arrange, settle
from crm.services.locking import locked_open
from crm.services.pulse import touch_queues
from crm.services.safe_contact import Reach, why_not_safe

LEAST_REASON = 10  # characters


@transaction.atomic
def begin_new_plan(*, lead: Lead, by: User, reason: str, wish: WishedCall, at: datetime) -> CallBack:
    """Decide to go on trying somebody who was tried as often as planned, beginning at a time.

    Raises NothingToDecide, ReasonTooShort, LeadIsOver, and what set_call_back raises for the time.
    """
    if len(reason.strip()) < LEAST_REASON:
        raise ReasonTooShort(LEAST_REASON)
    lead = locked_open(lead)
    used_up = ContactPlan.objects.filter(lead=lead, decide_since__isnull=False)
    if not used_up.update(tries=0, begun_at=at, decide_since=None):
        raise NothingToDecide
    LeadEvent.objects.create(lead=lead, kind=EventKind.PLAN_BEGUN, by=by, occurred_at=at, note=reason.strip())
    call_back = arrange(lead, by, wish, at)
    lead.save(update_fields=["due_at"])
    return call_back


def follow_up(lead: Lead, attempt: ContactAttempt, at: datetime, *, call_at: datetime | None) -> None:
    """Set what comes after a try on a locked lead: the call that was agreed, or the plan's next try.

    The caller saves the lead. An e-mail or a letter is no try: the call that is set stays set.
    """
    is_try = attempt.method in IS_A_TRY or attempt.two_way
    if is_try:
        settle(lead, attempt.by, at, attempt=attempt)
    if attempt.two_way:
        ContactPlan.objects.filter(lead=lead).update(tries=0, begun_at=at, decide_since=None)
    elif is_try:
        _count(lead, attempt, at, goes_on=call_at is not None)
    if call_at:
        wish = WishedCall(attempt.person, call_at, override_reason=attempt.override_reason)
        arrange(lead, attempt.by, wish, at)


def forget_plan(lead: Lead) -> None:
    """Leave nothing to decide on a locked lead that is over."""
    ContactPlan.objects.filter(lead=lead).delete()


def _count(lead: Lead, attempt: ContactAttempt, at: datetime, *, goes_on: bool) -> None:
    """Count a vain try. After the last of the plan, or at a wrong number, somebody decides."""
    plan, _ = ContactPlan.objects.get_or_create(lead=lead, defaults={"begun_at": at})
    plan.tries += 1
    wait = cadence_of(lead).wait_after(plan.tries)
    is_wrong = attempt.outcome == ContactOutcome.WRONG_NUMBER
    if not goes_on and (wait is None or is_wrong):
        _ask_for_decision(plan, attempt, at, is_wrong=is_wrong)
    plan.save()
    if wait and not goes_on and not is_wrong:
        _plan_next(lead, attempt, at + wait, at)


def _plan_next(lead: Lead, attempt: ContactAttempt, soonest: datetime, at: datetime) -> None:
    """Set the next try, at another hour of the day and when it is safe; none where that cannot be known."""
    hours = opening_hours(lead.site)
    tried = lead.attempts.filter(method__in=IS_A_TRY).values_list("attempted_at", flat=True)
    parts = cadence_of(lead).parts
    due_at = next_try(at=at, wait=soonest - at, tried=tried, hours=hours, parts=parts)
    due_at = next_safe_time(attempt.person, due_at, lead.site.time_zone)
    if why_not_safe(lead, Reach(attempt.person, ContactMethod.CALL, due_at)):
        return
    arrange(lead, attempt.by, WishedCall(attempt.person, due_at, CallBackKind.PLANNED), at)


def _ask_for_decision(plan: ContactPlan, attempt: ContactAttempt, at: datetime, *, is_wrong: bool) -> None:
    if plan.decide_since:
        return
    plan.decide_since = at
    data: dict[str, str | int] = {"tries": plan.tries} | ({"why": attempt.outcome} if is_wrong else {})
    LeadEvent.objects.create(lead=plan.lead, kind=EventKind.PLAN_USED_UP, occurred_at=at, data=data)
    touch_queues()
