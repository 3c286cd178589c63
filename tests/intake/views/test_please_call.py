"""While enquiries of our own do not come through, every public form asks callers to ring as well."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError
from django.test import Client

from crm.models import Site
from intake.remembered import forget
from intake.selectors import canary
from jobs.clock import database_now
from tests.factories import SiteFactory
from tests.intake.canaries import ended

pytestmark = pytest.mark.django_db
FORMS = ("/urgent/", "/pre-booked/", "/refer/", "/call-me/", "/embed/urgent/")
ASKED = "Please call us</h2>"
NUMBER = "01632 960 180"


@pytest.fixture
def house(settings: Any) -> Site:
    settings.CANARY_MINUTES = 5
    call_command("load_content")
    return SiteFactory(is_default=True, phone=NUMBER)


def asks(path: str) -> bool:
    forget()
    page = Client().get(path).content.decode()
    return ASKED in page


@pytest.mark.parametrize("path", FORMS)
def test_every_form_asks_while_the_canary_is_late(house: Site, path: str) -> None:
    ended(database_now() - timedelta(seconds=40), missed="PLACED")
    page = Client().get(path).content.decode()
    notice = page[page.index('aria-labelledby="please-call"') :].partition("</section>")[0]
    assert NUMBER in notice
    assert 'href="tel:+441632960180"' in notice
    assert page.index("please-call") < page.index("<form")


@pytest.mark.parametrize("path", FORMS)
def test_none_does_when_it_comes_through_or_there_was_none(house: Site, path: str) -> None:
    assert not asks(path)
    ended(database_now() - timedelta(seconds=40), missed="PLACED")
    ended(database_now())
    assert not asks(path)


def test_asks_too_when_none_was_sent_for_too_long(house: Site) -> None:
    """Whoever would send it is dead, and so whoever would alert."""
    ended(database_now() - timedelta(minutes=6, seconds=31))
    assert asks("/urgent/")


def test_it_is_asked_in_the_language_of_the_page(house: Site) -> None:
    ended(database_now(), missed="FORM")
    for address, words in (
        ("/cy/urgent/", "Ffoniwch ni"),
        ("/pl/urgent/", "zadzwoń"),
        ("/ro/urgent/", "Te rugăm"),
        ("/ar/urgent/", "نرجو"),
    ):
        page = Client().get(address).content.decode()
        assert words in page.partition('id="please-call"')[2].partition("</section>")[0]


def test_without_a_number_nothing_is_asked(house: Site) -> None:
    Site.objects.update(phone="")
    ended(database_now(), missed="FORM")
    assert not asks("/urgent/")


def test_nothing_is_asked_when_there_are_no_canaries(house: Site, settings: Any) -> None:
    settings.CANARY_MINUTES = 0
    ended(database_now(), missed="FORM")
    assert not asks("/urgent/")


def test_the_form_stands_when_it_cannot_be_known(house: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(at: object) -> None:
        raise OperationalError

    monkeypatch.setattr(canary, "canary_state", away)
    assert Client().get("/urgent/").status_code == 200
    assert not asks("/urgent/")


def test_one_question_every_few_seconds_for_all_visitors(house: Site, django_assert_num_queries: Any) -> None:
    ended(database_now(), missed="FORM")
    Client().get("/urgent/")
    with django_assert_num_queries(0):
        for _ in range(3):
            assert ASKED in Client().get("/urgent/").content.decode()
