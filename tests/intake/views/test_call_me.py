"""Asking for a call: a number, a safe time, whom to ask for."""

import pytest
from django.test import Client

from crm.enums import Level, Queue
from crm.models import Lead, Person, Site
from intake.models import Enquiry
from intake.services.placement import place_lead
from jobs.clock import database_now
from tests.intake.views.pages import document, hidden, main, words

pytestmark = pytest.mark.django_db
ASKED = {"phone": "07700 900123", "safe_times": "after 6", "ask_for": "Jo", "say_instead": "A call from Sam"}


def test_a_number_makes_a_lead_and_the_page_says_when_we_call(client: Client, centre: Site) -> None:
    response = client.post("/call-me/", ASKED | hidden(client.get("/call-me/")), follow=True)
    assert response.redirect_chain[0][0].startswith("/received/")
    assert "A person will call you" in main(response)
    assert Lead.objects.get().reference in main(response).replace(" ", "")


def test_it_is_placed_by_the_rules_like_any_other(client: Client, centre: Site) -> None:
    client.post("/call-me/", ASKED)
    place_lead(enquiry_id=Enquiry.objects.get().pk, at=database_now())
    lead = Lead.objects.get()
    assert (lead.level, lead.queue) == (Level.U3, Queue.URGENT)
    assert lead.caller.may_call
    caller = lead.caller
    assert (caller.may_voicemail, caller.may_text, caller.may_email) == (False, False, False)
    assert (lead.caller.safe_times, lead.caller.ask_for) == ("after 6", "Jo")


def test_without_a_way_to_reach_them_it_asks_and_keeps_the_rest(client: Client, centre: Site) -> None:
    response = client.post("/call-me/", ASKED | {"phone": ""})
    assert response.status_code == 422
    assert document(response).find(".//input[@name='ask_for']").get("value") == "Jo"
    assert [words(each) for each in document(response).iterfind(".//div[@data-error-summary]//a")] == [
        "Give a phone number or an e-mail address, so that a person can reach you."
    ]


def test_a_call_about_somebody_else_goes_to_the_caller_and_nobody_else(client: Client, centre: Site) -> None:
    sent = ASKED | {"enquirer": "loved_one", "interpreter": "Polish"}
    page = main(client.post("/call-me/", sent, follow=True))
    assert "that it is safe for them" in page
    lead = Lead.objects.get()
    assert (lead.caller_role, lead.wants_interpreter) == ("loved_one", "Polish")
    assert lead.patient_id != lead.caller_id
    assert Person.objects.get(pk=lead.patient_id).no_contact


def test_a_professional_who_asks_for_a_call_is_spoken_to_as_one(client: Client, centre: Site) -> None:
    page = main(client.post("/call-me/", ASKED | {"enquirer": "professional"}, follow=True))
    assert "Please have the person's details at hand" in page


@pytest.mark.parametrize("path", ["/", "/urgent/", "/help/ketamine/"])
def test_it_is_one_step_away(client: Client, centre: Site, path: str) -> None:
    links = [each.get("href", "").partition("?")[0] for each in document(client.get(path)).iterfind(".//a")]
    assert "/call-me/" in links
