"""The list of calls to make, and setting, taking back and going on from a lead's page."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.enums import Band, EventKind
from crm.models import CallBack, ContactPlan, Lead, Site, User
from crm.selectors.call_backs import open_call_back
from crm.services.call_backs import WishedCall, set_call_back
from jobs.clock import database_now
from tests.factories import LeadFactory
from tests.pages import text_of

LONDON = ZoneInfo("Europe/London")
TOMORROW = timedelta(days=1)


def a_call(lead: Lead, by: User, hours: int = 3) -> CallBack:
    at = database_now()
    wish = WishedCall(lead.caller, at + timedelta(hours=hours), note="Ask about the date")
    return set_call_back(lead=lead, by=by, wish=wish, at=at)


def to_decide(site: Site) -> Lead:
    lead = LeadFactory(site=site)
    at = database_now()
    ContactPlan.objects.create(lead=lead, tries=6, begun_at=at, decide_since=at)
    return lead


@pytest.mark.parametrize("action", ["call-back/", "call-back/cancel/", "plan/"])
def test_actions_are_posts_of_the_site_only(
    desk: Client, client: Client, site: Site, outsider: User, action: str
) -> None:
    path = f"/desk/leads/{LeadFactory(site=site).reference}/{action}"
    assert desk.get(path).status_code == 405
    assert desk.post(path).status_code == 422
    client.force_login(outsider)
    assert client.post(path).status_code == 404


def test_a_new_plan_is_for_those_who_answer_to_callers(client: Client, site: Site, clinician: User) -> None:
    client.force_login(clinician)
    assert client.post(f"/desk/leads/{to_decide(site).reference}/plan/").status_code == 403


def test_a_time_is_the_sites_own(desk: Client, site: Site) -> None:
    lead = LeadFactory(site=site)
    day = (database_now() + TOMORROW).astimezone(LONDON).date()
    data = {"person": str(lead.caller_id), "call_at": f"{day}T14:30"}
    response = desk.post(f"/desk/leads/{lead.reference}/call-back/", data, follow=True)
    assert "Call-back set for 14:30" in text_of(response)
    call_back = open_call_back(lead)
    assert call_back
    assert call_back.due_at.astimezone(LONDON).strftime("%F %H:%M") == f"{day} 14:30"


def test_a_refused_time_keeps_what_was_typed(desk: Client, site: Site) -> None:
    lead = LeadFactory(site=site)
    data = {"person": str(lead.caller_id), "call_at": "2020-01-01T14:30", "note": "Ask for Jo"}
    response = desk.post(f"/desk/leads/{lead.reference}/call-back/", data)
    assert response.status_code == 409
    assert "still to come" in text_of(response)
    assert "Ask for Jo" in text_of(response)


def test_the_lead_says_when_we_call_again_and_lets_that_be_taken_off(
    desk: Client, site: Site, coordinator: User
) -> None:
    lead = LeadFactory(site=site)
    a_call(lead, coordinator)
    text = text_of(desk.get(f"/desk/leads/{lead.reference}/"))
    assert "agreed with them, set by Casey Coordinator" in text
    assert "Ask about the date" in text
    reason = {"reason": "They rang us in the meantime"}
    response = desk.post(f"/desk/leads/{lead.reference}/call-back/cancel/", reason, follow=True)
    assert "No call is set for a time." in text_of(response)


def test_after_the_last_planned_try_the_lead_asks_for_a_decision(desk: Client, site: Site) -> None:
    lead = to_decide(site)
    assert "Decide: go on, or close?" in text_of(desk.get(f"/desk/leads/{lead.reference}/"))
    assert "Tried as often as planned: decide" in text_of(desk.get("/desk/queues/urgent/"))
    day = (database_now() + TOMORROW).astimezone(LONDON).date()
    data = {"person": str(lead.caller_id), "call_at": f"{day}T14:30", "reason": "She is back then"}
    response = desk.post(f"/desk/leads/{lead.reference}/plan/", data, follow=True)
    assert "A new plan of calls has begun." in text_of(response)
    assert lead.events.filter(kind=EventKind.PLAN_BEGUN).exists()


def test_the_list_has_the_calls_and_the_decisions_of_ones_sites(
    desk: Client, site: Site, coordinator: User
) -> None:
    lead, undecided, elsewhere = LeadFactory(site=site), to_decide(site), LeadFactory()
    a_call(lead, coordinator)
    a_call(elsewhere, coordinator)
    text = text_of(desk.get("/desk/call-backs/"))
    assert "1 call to make" in text
    assert lead.reference in text
    assert undecided.reference in text
    assert elsewhere.reference not in text


def test_an_empty_list_says_what_would_stand_there(desk: Client) -> None:
    assert "No call is set for a time" in text_of(desk.get("/desk/call-backs/"))


def test_the_dashboard_says_that_a_call_is_due(desk: Client, site: Site, coordinator: User) -> None:
    lead = LeadFactory(site=site, contacted=True, band=Band.FOLLOW_UP)
    call_back = a_call(lead, coordinator)
    assert "call-back is due" not in text_of(desk.get("/desk/queues/prebooked/"))
    CallBack.objects.filter(pk=call_back.pk).update(due_at=database_now())
    assert "A call-back is due." in text_of(desk.get("/desk/queues/prebooked/"))


def test_thirty_calls_cost_the_queries_of_one(desk: Client, site: Site, coordinator: User) -> None:
    counts = []
    for number in (1, 29):
        for _ in range(number):
            a_call(LeadFactory(site=site), coordinator)
            to_decide(site)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            desk.get("/desk/call-backs/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
