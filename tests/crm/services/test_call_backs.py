"""Calls at a time: one a lead, in time on the desk, and never a later promise."""

from datetime import timedelta
from typing import Any

import pytest

from crm.enums import Band, CallBackKind, ContactMethod, ContactOutcome, Disposition, EventKind, Level, Queue
from crm.models import CallBack, Lead, Site, User
from crm.refusals import (
    CallBackNotPossible,
    ContactNotSafe,
    LeadInReview,
    LeadIsOver,
    NoCallBack,
    ReasonTooShort,
)
from crm.selectors.call_backs import due_call_backs, open_call_back, open_call_backs
from crm.services.call_backs import WishedCall, cancel_call_back, remind_of_call_back, set_call_back
from crm.services.contact import Try, log_attempt
from crm.services.queues import take_next
from crm.services.stages import Closing, close_lead
from jobs.clock import database_now
from jobs.models import Job
from tests.factories import LeadEventFactory, LeadFactory, PersonFactory

HOUR = timedelta(hours=1)
WHY = "They told us that they rang elsewhere"


def spoken_with(site: Site, **more: Any) -> Lead:
    return LeadFactory(site=site, contacted=True, band=Band.FOLLOW_UP, **more)


def set_for(lead: Lead, by: User, hours: int, **more: Any) -> CallBack:
    at = database_now()
    wish = WishedCall(more.pop("person", lead.caller), at + hours * HOUR, **more)
    return set_call_back(lead=lead, by=by, wish=wish, at=at)


def test_after_first_contact_the_call_back_is_what_is_due(site: Site, coordinator: User) -> None:
    lead = spoken_with(site)
    call_back = set_for(lead, coordinator, 3, note="Ask about the date")
    lead.refresh_from_db()
    assert lead.due_at == call_back.due_at
    assert CallBack.objects.get().note == "Ask about the date"
    assert lead.events.get(kind=EventKind.CALL_BACK_SET).data == {
        "call_back": "AGREED",
        "due": call_back.due_at.isoformat(),
        "who": "caller",
    }


def test_before_first_contact_the_promise_stays_what_is_due(site: Site, coordinator: User) -> None:
    lead = LeadFactory(site=site)
    set_for(lead, coordinator, 24)
    due_at, respond_by = lead.due_at, lead.respond_by
    lead.refresh_from_db()
    assert (lead.due_at, lead.respond_by) == (due_at, respond_by)


def test_whoever_waits_to_hear_again_keeps_their_time(site: Site, coordinator: User) -> None:
    lead = LeadFactory(site=site, contacted=True, band=Band.WAITING)
    set_for(lead, coordinator, 24)
    due_at = lead.due_at
    lead.refresh_from_db()
    assert lead.due_at == due_at


def test_a_lead_has_one_call_back_at_a_time(site: Site, coordinator: User) -> None:
    lead = spoken_with(site)
    first, second = (set_for(lead, coordinator, hours) for hours in (3, 5))
    first.refresh_from_db()
    assert first.settled_at
    assert open_call_back(lead) == second


@pytest.mark.parametrize("hours", [0, -1, 61 * 24])
def test_the_time_is_still_to_come_and_not_far_away(site: Site, coordinator: User, hours: int) -> None:
    with pytest.raises(CallBackNotPossible):
        set_for(spoken_with(site), coordinator, hours)


def test_a_call_that_is_not_safe_is_not_planned(site: Site, coordinator: User) -> None:
    lead = spoken_with(site, caller=PersonFactory(may_call=False))
    with pytest.raises(ContactNotSafe):
        set_for(lead, coordinator, 3)
    assert set_for(lead, coordinator, 3, override_reason="She asked for it today").pk


def test_no_reason_plans_a_call_to_somebody_who_asked_us_to_stop(site: Site, coordinator: User) -> None:
    lead = spoken_with(site, caller=PersonFactory(stopped_at=database_now()))
    with pytest.raises(ContactNotSafe):
        set_for(lead, coordinator, 3, override_reason="They rang and asked for it")


def test_the_person_discussed_is_not_to_be_called(site: Site, coordinator: User) -> None:
    lead = LeadFactory(site=site, patient=PersonFactory(), holds=["H-CONSENT"])
    with pytest.raises(ContactNotSafe):
        set_for(lead, coordinator, 3, person=lead.patient)


def test_no_call_back_on_a_closed_lead_or_in_review(site: Site, coordinator: User) -> None:
    with pytest.raises(LeadIsOver):
        set_for(LeadFactory(site=site, closed=True), coordinator, 3)
    with pytest.raises(LeadInReview):
        set_for(LeadFactory(site=site, review=True), coordinator, 3)


def test_the_desk_is_reminded_once_five_minutes_before(site: Site, coordinator: User) -> None:
    lead = spoken_with(site)
    call_back = set_for(lead, coordinator, 3)
    job = Job.objects.get(kind="crm.tasks.remind_call_back")
    assert (job.subject, job.due_at) == (call_back.pk, call_back.due_at - timedelta(minutes=5))
    for _ in range(2):
        remind_of_call_back(call_back_id=call_back.pk, at=job.due_at)
    assert lead.events.filter(kind=EventKind.CALL_BACK_DUE).count() == 1
    assert list(due_call_backs([site.pk], job.due_at)) == [call_back]


def test_nobody_is_reminded_of_a_call_that_was_made(site: Site, coordinator: User) -> None:
    lead = spoken_with(site)
    call_back = set_for(lead, coordinator, 3)
    attempt = Try(lead.caller, ContactMethod.CALL, ContactOutcome.SPOKE, two_way=True)
    written = log_attempt(lead=lead, by=coordinator, attempt=attempt, at=database_now())
    remind_of_call_back(call_back_id=call_back.pk, at=call_back.due_at)
    call_back.refresh_from_db()
    assert (call_back.attempt, call_back.settled_by, call_back.reminded_at) == (written, coordinator, None)


def test_an_e_mail_leaves_the_call_to_be_made(site: Site, coordinator: User) -> None:
    lead = spoken_with(site)
    call_back = set_for(lead, coordinator, 3)
    attempt = Try(lead.caller, ContactMethod.EMAIL, ContactOutcome.SENT, two_way=False)
    log_attempt(lead=lead, by=coordinator, attempt=attempt, at=database_now())
    assert open_call_back(lead) == call_back


def test_a_call_is_taken_off_with_a_reason(site: Site, coordinator: User) -> None:
    lead = spoken_with(site)
    set_for(lead, coordinator, 3)
    with pytest.raises(ReasonTooShort):
        cancel_call_back(lead=lead, by=coordinator, reason="no", at=database_now())
    cancel_call_back(lead=lead, by=coordinator, reason=WHY, at=database_now())
    assert lead.events.get(kind=EventKind.CALL_BACK_CANCELLED).note == WHY
    with pytest.raises(NoCallBack):
        cancel_call_back(lead=lead, by=coordinator, reason=WHY, at=database_now())


def test_closing_ends_the_call_back(site: Site, coordinator: User) -> None:
    lead = spoken_with(site)
    set_for(lead, coordinator, 3)
    close_lead(lead=lead, by=coordinator, closing=Closing(Disposition.NOT_NOW), at=database_now())
    assert open_call_back(lead) is None


def test_take_next_leaves_a_lead_until_its_time(site: Site, coordinator: User) -> None:
    lead = LeadFactory(site=site)
    call_back = set_for(lead, coordinator, 3)
    assert take_next(by=coordinator, queue=Queue.URGENT, at=database_now()) is None
    assert take_next(by=coordinator, queue=Queue.URGENT, at=call_back.due_at) == lead


@pytest.mark.parametrize("kind", [EventKind.REPEAT_ENQUIRY, EventKind.GOT_WORSE, EventKind.LEVEL_RAISED])
def test_take_next_waits_for_no_time_once_something_new_came_in(
    site: Site, coordinator: User, kind: EventKind
) -> None:
    lead = LeadFactory(site=site)
    set_for(lead, coordinator, 3)
    LeadEventFactory(lead=lead, kind=kind, occurred_at=database_now() + timedelta(minutes=1), data={})
    assert take_next(by=coordinator, queue=Queue.URGENT, at=database_now()) == lead


def test_a_list_shows_only_ones_own_sites_soonest_first(site: Site, coordinator: User) -> None:
    later = set_for(spoken_with(site), coordinator, 5)
    sooner = set_for(spoken_with(site, level=Level.P2), coordinator, 2)
    set_for(spoken_with(LeadFactory().site), coordinator, 1)
    assert list(open_call_backs([site.pk])) == [sooner, later]
    assert sooner.kind == CallBackKind.AGREED
