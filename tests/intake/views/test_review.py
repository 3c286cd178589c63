"""A coordinator's verdict on an enquiry that looked odd."""

from dataclasses import replace

import pytest
from django.test import Client

from crm.enums import Disposition, Queue, Stage
from crm.models import Lead, Site, User
from intake.services.placement import place_lead
from intake.services.submission import submit_enquiry
from jobs.clock import database_now
from jobs.models import Job
from tests.factories import LeadFactory
from tests.factories.enquiries import DRINKER, submission

pytestmark = pytest.mark.django_db
VERDICTS = ["accept", "reject"]


@pytest.fixture
def suspect(site: Site) -> Lead:
    """An enquiry that a machine may have sent; the rules have not read it yet."""
    sent = replace(submission(site, said=DRINKER), flags=["HONEYPOT"])
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
