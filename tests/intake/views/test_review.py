"""A coordinator's verdict on an enquiry that looked odd."""

import re
from dataclasses import replace

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from crm.enums import Disposition, Queue, Stage
from crm.models import Lead, Site, User
from intake.services.placement import place_lead
from intake.services.submission import submit_enquiry
from jobs.clock import database_now
from jobs.models import Job
from tests.factories import LeadFactory
from tests.factories.enquiries import DRINKER, submission
from tests.intake.views.pages import text_of

pytestmark = pytest.mark.django_db
VERDICTS = ["accept", "reject"]
REVIEW = "/desk/queues/review/"
WORDS = {"free_text": "Please ring me <b>soon</b>, my hands shake."}


@pytest.fixture
def suspect(site: Site) -> Lead:
    """An enquiry that a machine may have sent; the rules have not read it yet."""
    sent = replace(submission(site, said=DRINKER | WORDS), flags=["HONEYPOT"])
    return submit_enquiry(submission=sent, at=database_now()).enquiry.lead


def url(lead: Lead, verdict: str) -> str:
    return f"/desk/review/{lead.reference}/{verdict}/"


def test_accepting_places_the_lead_where_the_rules_say(desk: Client, suspect: Lead) -> None:
    place_lead(enquiry_id=suspect.enquiries.get().pk, at=database_now())
    response = desk.post(url(suspect, "accept"), follow=True)
    assert b"Accepted." in response.content
    suspect.refresh_from_db()
    assert (suspect.queue, suspect.level) == (Queue.URGENT, "U1")


def test_accepting_one_that_was_never_placed_asks_for_it_again(desk: Client, suspect: Lead) -> None:
    Job.objects.update(dead_at=database_now())
    desk.post(url(suspect, "accept"))
    suspect.refresh_from_db()
    assert suspect.queue == Queue.UNROUTED
    again = Job.objects.get(kind="intake.tasks.place_lead", dead_at=None)
    assert again.subject == suspect.enquiries.get().pk


def test_rejecting_closes_it_as_no_enquiry(desk: Client, suspect: Lead) -> None:
    desk.post(url(suspect, "reject"))
    suspect.refresh_from_db()
    assert (suspect.stage, suspect.disposition) == (Stage.CLOSED, Disposition.NOT_AN_ENQUIRY)


@pytest.mark.parametrize("verdict", VERDICTS)
def test_the_buttons_are_on_the_leads_page(desk: Client, suspect: Lead, verdict: str) -> None:
    assert url(suspect, verdict) in desk.get(f"/desk/leads/{suspect.reference}/").content.decode()


@pytest.mark.parametrize("verdict", VERDICTS)
def test_the_slower_colleague_is_told(desk: Client, suspect: Lead, verdict: str) -> None:
    desk.post(url(suspect, "reject"))
    response = desk.post(url(suspect, verdict), follow=True)
    assert b"A colleague has decided about this one already." in response.content


@pytest.mark.parametrize("verdict", VERDICTS)
def test_a_lead_that_is_not_in_review_stays_as_it_is(desk: Client, site: Site, verdict: str) -> None:
    lead = LeadFactory(site=site)
    desk.post(url(lead, verdict))
    lead.refresh_from_db()
    assert (lead.queue, lead.stage) == (Queue.URGENT, Stage.NEW)


@pytest.mark.parametrize("verdict", VERDICTS)
def test_an_outsider_finds_nothing(client: Client, outsider: User, suspect: Lead, verdict: str) -> None:
    client.force_login(outsider)
    assert client.post(url(suspect, verdict)).status_code == 404
    suspect.refresh_from_db()
    assert suspect.queue == Queue.REVIEW


@pytest.mark.parametrize("verdict", VERDICTS)
def test_it_takes_a_post(desk: Client, suspect: Lead, verdict: str) -> None:
    assert desk.get(url(suspect, verdict)).status_code == 405


@pytest.mark.parametrize("verdict", VERDICTS)
def test_a_stranger_is_sent_to_sign_in(client: Client, suspect: Lead, verdict: str) -> None:
    response = client.post(url(suspect, verdict))
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


# --- from the list of the queue, in one step -------------------------------------------------------


def from_list(browser: Client, lead: Lead, verdict: str) -> HttpResponse:
    return browser.post(url(lead, verdict), {"back": "list"}, follow=True)


@pytest.mark.parametrize("verdict", VERDICTS)
def test_the_buttons_are_in_the_list_with_what_was_said(desk: Client, suspect: Lead, verdict: str) -> None:
    place_lead(enquiry_id=suspect.enquiries.get().pk, at=database_now())
    page = text_of(desk.get(REVIEW))
    form = re.search(rf'<form action="{url(suspect, verdict)}".*?</form>', page, re.DOTALL)
    assert form
    assert 'name="back" value="list"' in form[0]
    assert "A hidden field was filled in" in page
    assert "Please ring me &lt;b&gt;soon&lt;/b&gt;" in page


def test_no_other_list_has_them(desk: Client, site: Site) -> None:
    LeadFactory(site=site)
    assert "/desk/review/" not in text_of(desk.get("/desk/queues/urgent/"))


def test_accepting_in_the_list_goes_on_with_the_list(desk: Client, suspect: Lead) -> None:
    place_lead(enquiry_id=suspect.enquiries.get().pk, at=database_now())
    response = from_list(desk, suspect, "accept")
    assert response.redirect_chain == [(REVIEW, 302)]
    assert f"{suspect.reference}: Accepted." in text_of(response)
    assert "Nothing to review" in text_of(response)
    suspect.refresh_from_db()
    assert suspect.queue == Queue.URGENT


def test_rejecting_in_the_list_goes_on_with_the_list(desk: Client, suspect: Lead) -> None:
    response = from_list(desk, suspect, "reject")
    assert f"{suspect.reference}: Rejected." in text_of(response)
    suspect.refresh_from_db()
    assert suspect.disposition == Disposition.NOT_AN_ENQUIRY


@pytest.mark.parametrize("verdict", VERDICTS)
def test_the_slower_colleague_is_told_in_the_list(desk: Client, suspect: Lead, verdict: str) -> None:
    from_list(desk, suspect, "reject")
    assert f"{suspect.reference}: A colleague has decided" in text_of(from_list(desk, suspect, verdict))


@pytest.mark.parametrize("verdict", VERDICTS)
def test_an_outsider_cannot_decide_from_a_list_either(
    client: Client, outsider: User, suspect: Lead, verdict: str
) -> None:
    client.force_login(outsider)
    assert from_list(client, suspect, verdict).status_code == 404
    assert suspect.reference not in text_of(client.get(REVIEW))


def test_thirty_in_review_cost_as_many_queries_as_one(
    desk: Client, suspect: Lead, site: Site, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with CaptureQueriesContext(connection) as one:
        desk.get(REVIEW)
    LeadFactory.create_batch(29, site=site, review=True)
    with django_assert_num_queries(len(one)):
        desk.get(REVIEW)
