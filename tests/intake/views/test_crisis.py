"""After an urgent message that speaks of suicide: whom to talk to comes before the next question."""

import pytest
from django.test import Client

from crm.models import Site
from intake.forms.choices import THOUGHTS
from tests.intake.views.pages import document, main, title, words
from tests.intake.views.test_more import answer, page, start

pytestmark = pytest.mark.django_db
HEADING = "You can talk to someone now"


def test_thoughts_that_are_ticked_on_the_first_page_lead_to_people_to_talk_to(
    client: Client, centre: Site
) -> None:
    there = start(client, happening=[THOUGHTS])
    assert there.endswith("/now/1/")
    response = client.get(there)
    assert main(response).startswith(HEADING)
    assert "Samaritans on 116 123" in main(response)
    assert "We have your message" in main(response)
    assert title(response) == "Your message - Harbour House"
    links = {words(link): link.get("href") for link in document(response).iterfind(".//main//a")}
    assert links["I have read this"] == page(there, 1)


def test_thoughts_that_are_said_later_do_so_once(client: Client, centre: Site) -> None:
    first = start(client)
    there = answer(client, first, suicide="thoughts_safe_now")
    assert there.endswith("/now/2/")
    assert main(client.get(there)).startswith(HEADING)
    assert answer(client, page(first, 4), history=["self_harm_30d"]) == page(first, 5)


def test_a_crisis_that_becomes_an_emergency_is_shown_as_one(client: Client, centre: Site) -> None:
    first = start(client, happening=[THOUGHTS])
    there = answer(client, page(first, 1), suicide="plan_or_means")
    assert there.endswith("/now/2/")
    assert main(client.get(there)).startswith("Please get help now")


def test_whoever_said_nothing_of_it_goes_straight_on(client: Client, centre: Site) -> None:
    assert start(client).endswith("/1/")
    assert "/now/" not in start(client, free_text="Something else entirely")
