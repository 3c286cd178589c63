"""A guide, and what of it a clinician has to see first."""

import pytest
from django.test import Client

from crm.models import Site
from intake.models import Guide
from intake.models.content import ReviewState
from tests.intake.views.pages import document, main

pytestmark = pytest.mark.django_db
PATH = "/help/ketamine/"


def test_the_guide_says_that_it_awaits_review_and_keeps_the_timeline_back(
    client: Client, centre: Site
) -> None:
    page = main(client.get(PATH))
    assert "Awaiting clinical review" in page
    assert "24 to 72 hours" not in page


def test_once_approved_it_shows_everything(client: Client, centre: Site) -> None:
    Guide.objects.update(state=ReviewState.APPROVED)
    page = main(client.get(PATH))
    assert "Awaiting" not in page
    assert "24 to 72 hours" in page


def test_the_two_asks_are_made(client: Client, centre: Site) -> None:
    links = [each.get("href") for each in document(client.get(PATH)).iterfind(".//main//a")]
    assert {"/urgent/", "/pre-booked/", "tel:+442079460000"} <= set(links)


def test_an_unknown_or_retired_guide_is_not_found(client: Client, centre: Site) -> None:
    assert client.get("/help/unknown/").status_code == 404
    Guide.objects.update(state=ReviewState.RETIRED)
    assert client.get(PATH).status_code == 404
