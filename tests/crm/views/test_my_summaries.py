"""Everybody says which summaries they want; whoever manages nothing is not asked about days."""

import pytest
from django.test import Client

from crm.models import User
from tests.pages import text_of

PAGE = "/desk/my-alerts/"
DAYS = "Every morning: the day before"


def wishes(user: User) -> tuple[bool, bool]:
    user.refresh_from_db()
    return user.wants_shift_summary, user.wants_day_summary


def test_a_manager_takes_either_off_and_puts_it_back(client: Client, manager: User) -> None:
    client.force_login(manager)
    assert DAYS in text_of(client.get(PAGE))
    assert wishes(manager) == (True, True)
    for sent, kept in (
        ({"shifts": "on"}, (True, False)),
        ({}, (False, False)),
        ({"days": "on"}, (False, True)),
    ):
        assert "Saved." in text_of(client.post(f"{PAGE}summaries/", sent, follow=True))
        assert wishes(manager) == kept


def test_whoever_manages_nothing_is_not_asked_and_loses_nothing(desk: Client, coordinator: User) -> None:
    assert DAYS not in text_of(desk.get(PAGE))
    desk.post(f"{PAGE}summaries/", {"days": "on"})
    assert wishes(coordinator) == (False, True)  # should they manage a site one day


def test_the_page_shows_what_was_kept(desk: Client) -> None:
    assert desk.get(PAGE).content.count(b" checked") == 1
    desk.post(f"{PAGE}summaries/", {})
    assert desk.get(PAGE).content.count(b" checked") == 0


@pytest.mark.parametrize("method", ["get", "put"])
def test_it_is_posted_only(desk: Client, method: str) -> None:
    assert getattr(desk, method)(f"{PAGE}summaries/").status_code == 405


def test_not_without_signing_in(client: Client, coordinator: User) -> None:
    assert client.post(f"{PAGE}summaries/", {}).status_code == 302
    assert wishes(coordinator) == (True, True)
