"""What callers ask for, at the desk: the list of all that is open, and settling it on the lead's page."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.enums import EventKind, RequestKind
from crm.models import CallerRequest, Lead, LeadEvent, Site, User
from crm.services.caller_requests import (
    Page,
    ask_for_erasure,
    ask_for_sooner_call,
    note_got_worse,
    stop_contact,
)
from jobs.clock import database_now
from tests.clock import DatabaseClock
from tests.factories import LeadFactory, UserFactory
from tests.pages import text_of

PAGE = "/desk/requests/"
LONG = "Ada rang and said that she wants to hear from us again."
ACTIONS = ("requests/", "contact-again/", "close-page/")


def own(lead: Lead) -> Page:
    return Page(enquiry=lead.reference, opened_lead=True)


def erasure(site: Site, *, due: date | None = None, **lead: Any) -> CallerRequest:
    """Return a request to be erased; with a due date it is as old as that takes."""
    found = LeadFactory(site=site, **lead)
    request = ask_for_erasure(lead=found, page=own(found), at=database_now())
    if due:
        CallerRequest.objects.filter(pk=request.pk).update(due_date=due)
    return request


def send(client: Client, lead: Lead, action: str, **data: Any) -> HttpResponse:
    return client.post(f"/desk/leads/{lead.reference}/{action}", data, follow=True)


def test_everything_open_is_listed_with_what_is_due_first(desk: Client, site: Site) -> None:
    today, at = database_now().date(), database_now()
    sooner = LeadFactory(site=site)
    ask_for_sooner_call(lead=sooner, page=own(sooner), at=at)
    stopped = LeadFactory(site=site)
    stop_contact(lead=stopped, page=own(stopped), at=at)
    worse = LeadFactory(site=site)
    note_got_worse(lead=worse, page=own(worse), at=at)
    later = erasure(site)
    overdue = erasure(site, due=today - timedelta(days=1))
    text = text_of(desk.get(PAGE))
    order = [overdue.lead.reference, later.lead.reference]
    order += [sooner.reference, stopped.reference, worse.reference]
    assert sorted(order, key=text.rindex) == order  # banners above may name some of them, too
    assert "5 open requests, 1 overdue" in text
    assert "Overdue since" in text
    for kind in RequestKind:
        assert kind.label in text


@pytest.mark.parametrize(("zone", "overdue"), [("Pacific/Auckland", True), ("Europe/London", False)])
def test_a_request_is_overdue_by_the_calendar_of_its_own_site(
    desk: Client, site: Site, database_clock: DatabaseClock, zone: str, overdue: bool
) -> None:
    Site.objects.filter(pk=site.pk).update(time_zone=zone)
    late_evening = datetime(2027, 3, 1, 23, 30, tzinfo=UTC)
    database_clock.move_to(late_evening)
    erasure(site, due=late_evening.date())
    text = text_of(desk.get(PAGE))
    assert ("1 overdue" in text, "Overdue since 1 March 2027" in text) == (overdue, overdue)


def test_when_it_was_asked_is_said_in_the_time_of_its_site(desk: Client, site: Site) -> None:
    Site.objects.filter(pk=site.pk).update(time_zone="Pacific/Auckland")
    asked_at = datetime(2027, 3, 1, 23, 30, tzinfo=UTC)
    request = erasure(site)
    CallerRequest.objects.filter(pk=request.pk).update(asked_at=asked_at)
    assert "2 March 2027, 12:30" in text_of(desk.get(PAGE))


def test_a_request_of_a_later_enquiry_says_that_nobody_has_checked_it(desk: Client, site: Site) -> None:
    lead = LeadFactory(site=site)
    ask_for_erasure(lead=lead, page=Page(enquiry="ZZZZ-ZZZZ", opened_lead=False), at=database_now())
    assert "make sure that it is the same person" in text_of(desk.get(PAGE))


def test_what_is_settled_leaves_the_list(desk: Client, site: Site) -> None:
    request = erasure(site)
    done = send(desk, request.lead, "requests/", kind="ERASE", outcome="Erased; told by letter today.")
    assert "Settled: to be erased." in text_of(done)
    request.refresh_from_db()
    assert request.settled_at is not None
    assert request.outcome == "Erased; told by letter today."
    assert LeadEvent.objects.filter(lead=request.lead, kind=EventKind.REQUEST_SETTLED).count() == 1
    assert "Nothing is open" in text_of(desk.get(PAGE))


@pytest.mark.parametrize(("outcome", "status"), [("", 422), ("Done.", 409), ("x" * 4001, 422)])
def test_settling_needs_words_and_what_was_typed_comes_back(
    desk: Client, site: Site, outcome: str, status: int
) -> None:
    request = erasure(site)
    response = send(desk, request.lead, "requests/", kind="ERASE", outcome=outcome)
    assert response.status_code == status
    assert outcome in response.content.decode()
    request.refresh_from_db()
    assert request.settled_at is None


def test_what_nobody_asked_for_cannot_be_settled(desk: Client, site: Site) -> None:
    response = send(desk, LeadFactory(site=site), "requests/", kind="ERASE", outcome=LONG)
    assert response.status_code == 409
    assert LONG in response.content.decode()
    assert send(desk, LeadFactory(site=site), "requests/", kind="PARTY", outcome=LONG).status_code == 422


def test_a_caller_who_asked_us_to_stop_can_be_contacted_again_with_a_reason(desk: Client, site: Site) -> None:
    lead = LeadFactory(site=site)
    stop_contact(lead=lead, page=own(lead), at=database_now())
    assert send(desk, lead, "contact-again/", reason="").status_code == 422
    assert send(desk, lead, "contact-again/", reason="She rang").status_code == 409
    assert "They may be contacted again." in text_of(send(desk, lead, "contact-again/", reason=LONG))
    lead.caller.refresh_from_db()
    assert lead.caller.stopped_at is None
    assert CallerRequest.objects.get().outcome == LONG
    assert LeadEvent.objects.get(lead=lead, kind=EventKind.MAY_CONTACT_AGAIN).note == LONG


def test_the_callers_page_is_closed_and_the_timeline_says_by_whom(
    desk: Client, site: Site, coordinator: User
) -> None:
    lead = LeadFactory(site=site)
    assert "The caller's page is closed." in text_of(send(desk, lead, "close-page/"))
    lead.refresh_from_db()
    assert lead.pages_closed_at is not None
    assert LeadEvent.objects.get(lead=lead, kind=EventKind.PAGE_CLOSED).by == coordinator


@pytest.mark.parametrize("action", ACTIONS)
def test_the_actions_are_posts_of_the_site_only(
    desk: Client, client: Client, site: Site, outsider: User, action: str
) -> None:
    path = f"/desk/leads/{LeadFactory(site=site).reference}/{action}"
    assert desk.get(path).status_code == 405
    client.force_login(outsider)
    assert client.post(path).status_code == 404
    client.logout()
    assert client.post(path).url.startswith("/accounts/login/?next=/desk/leads/")


def test_an_outsider_sees_nothing_of_it(client: Client, site: Site, outsider: User) -> None:
    request = erasure(site)
    client.force_login(outsider)
    text = text_of(client.get(PAGE))
    assert request.lead.reference not in text
    assert "Nothing is open" in text


def test_coordinators_and_managers_have_the_page_and_clinicians_do_not(
    client: Client, coordinator: User, manager: User, clinician: User
) -> None:
    for person, status in ((coordinator, 200), (manager, 200), (clinician, 403)):
        client.force_login(person)
        assert client.get(PAGE).status_code == status
        assert (PAGE in client.get("/desk/").content.decode()) is (status == 200)
    client.force_login(UserFactory())
    assert client.get(PAGE).status_code == 403
    client.logout()
    assert client.get(PAGE).url == f"/accounts/login/?next={PAGE}"


def test_the_list_is_read_only(desk: Client) -> None:
    assert desk.post(PAGE).status_code == 405


def test_thirty_requests_cost_as_many_queries_as_one(desk: Client, site: Site) -> None:
    counts = []
    for number in (1, 29):
        for _ in range(number):
            erasure(site)
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(PAGE).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
