"""A coordinator takes down a call: it goes the same way as a public enquiry."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from crm.enums import LeadChannel, Queue
from crm.models import Lead, Site, User
from intake.models import Enquiry
from jobs.models import Job
from notifications.models import Message

pytestmark = pytest.mark.django_db
URL = "/desk/phone-enquiry/"
CALL = {
    "phone": "07700 900456",
    "name": "Sam Example",
    "enquirer": "self",
    "free_text": "Drinks every day, wants to come in.",
    "safe_ways": ["call"],
    "suicide": "none_disclosed",
    "age_band": "18_64",
    "idempotency_key": "2b1c7ad8-2f11-4a6c-9a53-0d2a1f0ad001",
}


def test_a_call_becomes_a_lead_and_opens_it(desk: Client, site: Site, coordinator: User) -> None:
    response = desk.post(URL, CALL)
    enquiry = Enquiry.objects.get()
    assert response.status_code == 302
    assert response["Location"] == reverse("crm:lead", args=[enquiry.reference])
    assert (enquiry.channel, enquiry.taken_by) == (LeadChannel.PHONE, coordinator)
    assert enquiry.lead
    assert enquiry.lead.queue == Queue.UNROUTED
    assert Job.objects.filter(kind="intake.tasks.place_lead").exists()


def test_nobody_on_the_phone_gets_an_acknowledgement_by_mail(desk: Client) -> None:
    desk.post(URL, CALL | {"email": "sam@example.com", "safe_ways": ["call", "email"]})
    assert not Message.objects.exists()


def test_saving_twice_makes_one_lead(desk: Client) -> None:
    assert desk.post(URL, CALL)["Location"] == desk.post(URL, CALL)["Location"]
    assert Lead.objects.count() == 1


def test_words_changed_after_going_back_reach_the_same_lead(desk: Client) -> None:
    first = desk.post(URL, CALL)
    again = desk.post(URL, CALL | {"free_text": "Drinks every day, and has just had a fit."})
    assert again["Location"] == first["Location"]
    assert (Enquiry.objects.count(), Lead.objects.count()) == (2, 1)


@pytest.mark.parametrize("key", ["", "not a key", "x" * 5000])
def test_a_form_that_lost_its_key_is_taken_all_the_same(desk: Client, key: str) -> None:
    assert desk.post(URL, CALL | {"idempotency_key": key}).status_code == 302


def test_what_was_typed_is_kept_when_something_is_missing(desk: Client) -> None:
    response = desk.post(URL, CALL | {"phone": ""})
    assert response.status_code == 422
    assert "Drinks every day, wants to come in." in response.content.decode()
    assert not Enquiry.objects.exists()


def test_the_public_cannot_use_it(client: Client) -> None:
    assert client.get(URL).status_code == 302
    assert client.post(URL, CALL).status_code == 302
    assert not Enquiry.objects.exists()


def test_it_answers_to_get_and_post_only(desk: Client) -> None:
    assert desk.get(URL).status_code == 200
    assert desk.delete(URL).status_code == 405


def test_the_lead_goes_to_the_call_takers_own_site(client: Client, outsider: User) -> None:
    client.force_login(outsider)
    client.post(URL, CALL)
    assert Lead.objects.get().site == outsider.memberships.get().site


def test_which_number_was_dialled_is_the_source(desk: Client, settings: Any) -> None:
    settings.PHONE_LINES = ["Website", "Leaflets"]
    assert b"Which number did they ring?" in desk.get(URL).content
    desk.post(URL, CALL | {"line": "Leaflets"})
    assert Enquiry.objects.get().source == {"line": "Leaflets"}
    assert Lead.objects.get().source == "Phone: Leaflets"


@pytest.mark.parametrize("lines", [[], ["Website"]])
def test_the_line_need_not_be_known(desk: Client, settings: Any, lines: list[str]) -> None:
    settings.PHONE_LINES = lines
    assert (b"Which number did they ring?" in desk.get(URL).content) == bool(lines)
    desk.post(URL, CALL)
    assert Lead.objects.get().source == "Phone"


def test_a_line_that_we_do_not_have_is_an_error(desk: Client, settings: Any) -> None:
    settings.PHONE_LINES = ["Website"]
    assert desk.post(URL, CALL | {"line": "Moon"}).status_code == 422
