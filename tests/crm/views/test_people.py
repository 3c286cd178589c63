"""Two people side by side, the call guide, writing to a caller, the pack and closing, as pages."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.enums import CallerRole, EventKind, Stage
from crm.models import Lead, Site, User
from crm.selectors.call_backs import open_call_back
from intake.services.content import load_shipped_content
from jobs.clock import database_now
from notifications.models import Message
from tests.factories import LeadEventFactory, LeadFactory, PersonFactory
from tests.pages import text_of


@pytest.fixture
def lead(site: Site) -> Lead:
    """A mother who writes about her son, who has not agreed."""
    load_shipped_content()
    caller, patient = PersonFactory(name="Priya"), PersonFactory(name="Sam", no_contact=True)
    roles = {"caller_role": CallerRole.LOVED_ONE, "holds": ["H-CONSENT"]}
    lead = LeadFactory(site=site, caller=caller, patient=patient, **roles)
    said = {"told": [{"key": "MALC", "text": "…"}]}
    LeadEventFactory(lead=lead, kind=EventKind.REPEAT_ENQUIRY, data=said)
    return lead


def page(client: Client, lead: Lead, part: str = "") -> str:
    return text_of(client.get(f"/desk/leads/{lead.reference}/{part}"))


def send(client: Client, lead: Lead, action: str, **data: Any) -> HttpResponse:
    return client.post(f"/desk/leads/{lead.reference}/{action}", data, follow=True)


@pytest.mark.parametrize("part", ["write/", "pack/"])
def test_pages_are_of_the_site_only(
    desk: Client, client: Client, lead: Lead, outsider: User, part: str
) -> None:
    path = f"/desk/leads/{lead.reference}/{part}"
    assert desk.get(path).status_code == 200
    assert desk.post(path).status_code == 405
    client.force_login(outsider)
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("action", ["sharing/", "write/send/"])
def test_actions_are_posts_of_the_site_only(
    desk: Client, client: Client, lead: Lead, outsider: User, action: str
) -> None:
    path = f"/desk/leads/{lead.reference}/{action}"
    assert desk.get(path).status_code == 405
    assert desk.post(path).status_code == 422
    client.force_login(outsider)
    assert client.post(path).status_code == 404


def test_the_lead_says_what_may_be_told_to_each(desk: Client, lead: Lead) -> None:
    text = page(desk, lead)
    assert "Tell them nothing about Sam." in text
    assert "Do not contact them. If they come to us, do not say that somebody asked about them." in text


def test_a_note_is_shown_under_the_name_of_who_said_it(desk: Client, lead: Lead) -> None:
    text = text_of(send(desk, lead, "notes/", text="He has lost his job", said_by="caller"))
    of_priya, of_sam = text.split("Who said what")[1].split("Sam Prospective patient")[:2]
    assert "He has lost his job" in of_priya
    assert "Nothing is written down as theirs." in of_sam


def test_a_lead_of_one_person_asks_nothing_of_two(desk: Client, site: Site) -> None:
    text = page(desk, LeadFactory(site=site))
    assert "Who said what" not in text
    assert "Whose words" not in text


def test_sharing_is_refused_while_the_son_has_not_agreed(desk: Client, lead: Lead) -> None:
    response = send(desk, lead, "sharing/", may_share="yes", how="She says that he is fine with it")
    assert response.status_code == 409
    assert "A clinician clears H-CONSENT first." in text_of(response)


def test_sharing_that_was_agreed_is_on_the_page(desk: Client, site: Site) -> None:
    lead = LeadFactory(site=site, patient=PersonFactory(name="Sam"), caller=PersonFactory(name="Priya"))
    text = text_of(send(desk, lead, "sharing/", may_share="yes", how="On the phone at noon"))
    assert "Sam agreed that Priya may be told how they are." in text


def test_the_call_guide_has_the_script_and_the_questions(desk: Client, lead: Lead) -> None:
    text = page(desk, lead)
    assert "Please do not stop drinking suddenly." in text
    assert "Are they having thoughts of ending their life?" in text


def test_a_letter_is_read_first_and_then_sent(desk: Client, lead: Lead) -> None:
    assert "We tried to call you back and did not reach you." in page(desk, lead, "write/")
    response = send(desk, lead, "write/send/", kind="CALLER_TRIED")
    assert "The e-mail is on its way." in text_of(response)
    assert Message.objects.get().to == lead.caller.email


def test_a_pack_can_be_printed(desk: Client, lead: Lead) -> None:
    text = page(desk, lead, "pack/")
    assert "999" in text
    assert "116 123" in text
    assert "should not stop drinking suddenly" in text
    assert "Priya" not in text


def test_closing_asks_for_a_pack_and_a_safety_call(desk: Client, lead: Lead) -> None:
    tomorrow = database_now() + timedelta(days=1)
    data = {"disposition": "NO_FUNDING", "pack": "EMAIL", "safety_at": f"{tomorrow:%Y-%m-%dT%H:%M}"}
    response = send(desk, lead, "close/", **data)
    assert "Closed: Could not fund a stay." in text_of(response)
    lead.refresh_from_db()
    assert lead.stage == Stage.CLOSED
    assert open_call_back(lead)
    assert "safety call after closing" in text_of(response)


def test_the_lead_costs_as_many_queries_with_many_notes_as_with_few(desk: Client, lead: Lead) -> None:
    counts = []
    page(desk, lead)  # reads the words once
    for number in (1, 29):
        for _ in range(number):
            LeadEventFactory(lead=lead, note="…", data={"said_by": "caller"})
        with CaptureQueriesContext(connection) as queries:
            page(desk, lead)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_each_of_two_people_is_written_to_on_a_page_of_their_own(desk: Client, site: Site) -> None:
    lead = LeadFactory(site=site, caller_role="loved_one", patient=PersonFactory(name="Sid Sample"))
    path = f"/desk/leads/{lead.reference}/write/"
    assert "Write to Sid Sample" in text_of(desk.get(path + "?to=patient"))
    said = {"kind": "CALLER_TRIED", "to": "patient"}
    assert "The e-mail is on its way." in text_of(desk.post(path + "send/", said, follow=True))
    lead.patient.no_contact = True
    lead.patient.save()
    text = text_of(desk.get(path + "?to=patient"))
    assert "Do not write to them" in text
    assert "Send this e-mail" not in text
