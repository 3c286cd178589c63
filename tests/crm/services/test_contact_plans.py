"""Each vain try sets the next; after the last one a person decides, and nothing closes by itself."""

from datetime import timedelta
from typing import Any

import pytest

from crm.cadence import SHIPPED
from crm.enums import Band, CallBackKind, ContactMethod, ContactOutcome, EventKind, Level, Stage
from crm.models import ContactAttempt, ContactCadence, ContactPlan, Lead, Site, User
from crm.refusals import NothingToDecide, ReasonTooShort
from crm.selectors.call_backs import contact_state, leads_to_decide, open_call_back
from crm.services.call_backs import WishedCall
from crm.services.contact import Try, log_attempt
from crm.services.contact_plans import begin_new_plan
from jobs.clock import database_now
from tests.factories import LeadFactory

MINUTE = timedelta(minutes=1)
WHY = "Her sister says that she is back on Monday"


def a_try(
    lead: Lead, by: User, outcome: ContactOutcome = ContactOutcome.NO_ANSWER, **more: Any
) -> ContactAttempt:
    at = more.pop("at", None) or database_now()
    two_way = outcome == ContactOutcome.SPOKE
    attempt = Try(
        lead.caller, more.pop("method", ContactMethod.CALL), ContactOutcome(outcome), two_way=two_way, **more
    )
    return log_attempt(lead=lead, by=by, attempt=attempt, at=at)


def tried_as_planned(site: Site, by: User) -> Lead:
    lead = LeadFactory(site=site, level=Level.U1)
    for _ in range(6):
        a_try(lead, by)
    return lead


def test_a_vain_try_sets_the_next_one(site: Site, coordinator: User) -> None:
    at, lead = database_now(), LeadFactory(site=site, level=Level.U1)
    a_try(lead, coordinator, at=at)
    call_back = open_call_back(lead)
    assert call_back
    assert (call_back.kind, call_back.due_at) == (CallBackKind.PLANNED, at + SHIPPED[Level.U1][0] * MINUTE)
    assert contact_state(lead).tries == 1


def test_the_promise_is_never_moved_by_a_plan(site: Site, coordinator: User) -> None:
    lead = LeadFactory(site=site, level=Level.U1)
    before = lead.respond_by, lead.due_at
    a_try(lead, coordinator)
    lead.refresh_from_db()
    assert (lead.respond_by, lead.due_at) == before


def test_a_follow_up_in_vain_is_due_at_the_next_try(site: Site, coordinator: User) -> None:
    lead = LeadFactory(site=site, level=Level.U1, contacted=True, band=Band.FOLLOW_UP)
    a_try(lead, coordinator)
    lead.refresh_from_db()
    call_back = open_call_back(lead)
    assert call_back
    assert lead.due_at == call_back.due_at


def test_a_site_has_its_own_cadence(site: Site, coordinator: User) -> None:
    ContactCadence.objects.create(site=site, level=Level.U1, waits=[7])
    at, lead = database_now(), LeadFactory(site=site, level=Level.U1)
    a_try(lead, coordinator, at=at)
    call_back = open_call_back(lead)
    assert call_back
    assert call_back.due_at == at + 7 * MINUTE
    a_try(lead, coordinator)
    assert contact_state(lead).decide_since


def test_the_last_planned_try_asks_for_a_decision_and_closes_nothing(site: Site, coordinator: User) -> None:
    lead = tried_as_planned(site, coordinator)
    lead.refresh_from_db()
    assert lead.stage == Stage.NEW
    assert lead.closed_at is None
    assert open_call_back(lead) is None
    assert [plan.lead for plan in leads_to_decide([site.pk])] == [lead]
    assert lead.events.get(kind=EventKind.PLAN_USED_UP).data == {"tries": 6}


def test_a_decision_that_waits_stops_nobody_from_trying(site: Site, coordinator: User) -> None:
    lead = tried_as_planned(site, coordinator)
    since = contact_state(lead).decide_since
    a_try(lead, coordinator)
    assert contact_state(lead).decide_since == since
    assert lead.events.filter(kind=EventKind.PLAN_USED_UP).count() == 1


def test_a_wrong_number_asks_for_a_decision_at_once(site: Site, coordinator: User) -> None:
    lead = LeadFactory(site=site)
    a_try(lead, coordinator, ContactOutcome.WRONG_NUMBER)
    assert contact_state(lead).decide_since
    assert open_call_back(lead) is None


def test_to_speak_with_them_ends_the_plan(site: Site, coordinator: User) -> None:
    lead = tried_as_planned(site, coordinator)
    a_try(lead, coordinator, ContactOutcome.SPOKE)
    state = contact_state(lead)
    assert (state.tries, state.decide_since, state.call_back) == (0, None, None)


def test_a_new_plan_begins_at_a_time_with_a_reason(site: Site, coordinator: User) -> None:
    at, lead = database_now(), tried_as_planned(site, coordinator)
    wish = WishedCall(lead.caller, at + timedelta(days=2))
    with pytest.raises(ReasonTooShort):
        begin_new_plan(lead=lead, by=coordinator, reason="again", wish=wish, at=at)
    begin_new_plan(lead=lead, by=coordinator, reason=WHY, wish=wish, at=at)
    state = contact_state(lead)
    assert (state.tries, state.decide_since) == (0, None)
    assert lead.events.get(kind=EventKind.PLAN_BEGUN).note == WHY
    with pytest.raises(NothingToDecide):
        begin_new_plan(lead=lead, by=coordinator, reason=WHY, wish=wish, at=at)


def test_an_e_mail_is_no_try_of_the_plan(site: Site, coordinator: User) -> None:
    lead = LeadFactory(site=site)
    a_try(lead, coordinator, ContactOutcome.SENT, method=ContactMethod.EMAIL)
    assert not ContactPlan.objects.exists()


def test_a_time_that_they_named_takes_the_place_of_the_plan(site: Site, coordinator: User) -> None:
    at, lead = database_now(), LeadFactory(site=site)
    named = at + timedelta(hours=5)
    a_try(lead, coordinator, ContactOutcome.ASKED_TO_CALL_LATER, call_at=named)
    call_back = open_call_back(lead)
    assert call_back
    assert (call_back.kind, call_back.due_at) == (CallBackKind.AGREED, named)


def test_to_speak_and_agree_a_time_makes_that_the_follow_up(site: Site, coordinator: User) -> None:
    at, lead = database_now(), LeadFactory(site=site)
    a_try(lead, coordinator, ContactOutcome.SPOKE, call_at=at + timedelta(hours=5), minutes=12)
    lead.refresh_from_db()
    assert lead.due_at == at + timedelta(hours=5)
    assert lead.attempts.get().minutes == 12
