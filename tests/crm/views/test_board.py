"""The board: columns by stage, a price that does not grow, and only allowed moves."""

import re
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from crm.enums import Level, Stage
from crm.models import Lead, Site, User
from crm.selectors.board import CARDS
from tests.factories import LeadFactory
from tests.pages import text_of

BOARD = "/desk/board/"


def cards(response: Any) -> list[str]:
    return re.findall(r'class="queue__ref" href="/desk/leads/([A-Z0-9-]{9})/"', response.content.decode())


def move(desk: Client, lead: Lead, to: str) -> str:
    return text_of(desk.post(f"{BOARD}{lead.reference}/move/", {"to": to}, follow=True))


def test_each_open_lead_stands_in_its_column(desk: Client, site: Site) -> None:
    new = LeadFactory(site=site)
    offered = LeadFactory(site=site, contacted=True, stage=Stage.OFFERED)
    for state in ({"closed": True}, {"review": True}, {"stage": Stage.ADMITTED}):
        LeadFactory(site=site, **state)
    LeadFactory()
    page = desk.get(BOARD)
    assert cards(page) == [new.reference, offered.reference]
    assert "New 1" in text_of(page)
    assert "Booked 0 Nobody is here." in text_of(page)


def test_the_most_pressing_stands_first(desk: Client, site: Site) -> None:
    calm, urgent = LeadFactory(site=site, level=Level.P2), LeadFactory(site=site, level=Level.E1)
    assert cards(desk.get(BOARD)) == [urgent.reference, calm.reference]


def test_a_card_is_moved_by_its_button(desk: Client, site: Site) -> None:
    lead = LeadFactory(site=site, contacted=True)
    assert 'value="ASSESSING"' in desk.get(BOARD).content.decode()
    assert f"{lead.reference} is at Assessing now." in move(desk, lead, "ASSESSING")
    lead.refresh_from_db()
    assert lead.stage == Stage.ASSESSING


def test_a_card_that_slipped_is_put_back(desk: Client, site: Site) -> None:
    lead = LeadFactory(site=site, contacted=True)
    assert f"Undo: put {lead.reference} back" in move(desk, lead, "ASSESSING")
    assert "Undo" not in text_of(desk.get(BOARD)), "it is offered once, right after the move"
    address = f"/desk/leads/{lead.reference}/"
    assert "Back to contacted" in text_of(desk.get(address))
    text = text_of(desk.post(f"{address}stage/back/", {"board": "1"}, follow=True))
    assert f"{lead.reference} is back at Contacted." in text
    assert desk.post(f"{address}stage/back/").url == address
    assert "There is no move to take back" in text_of(desk.get(address))


@pytest.mark.parametrize(
    ("state", "to", "words"),
    [
        ({}, "CONTACTED", "Nobody has spoken with them yet."),
        ({}, "BOOKED", "A lead cannot go from New to Booked."),
        ({"contacted": True}, "CLOSED", "cannot go from Contacted to Closed"),
        ({"contacted": True, "stage": Stage.ASSESSING, "holds": ["H-A"]}, "OFFERED", "cannot be offered yet"),
    ],
)
def test_only_allowed_moves_are_made(
    desk: Client, site: Site, state: dict[str, Any], to: str, words: str
) -> None:
    lead = LeadFactory(site=site, **state)
    assert words in move(desk, lead, to)
    before = lead.stage
    lead.refresh_from_db()
    assert lead.stage == before


def test_a_new_card_leads_to_logging_the_contact(desk: Client, site: Site) -> None:
    lead = LeadFactory(site=site)
    page = desk.get(BOARD).content.decode()
    assert f'href="/desk/leads/{lead.reference}/#act-attempt"' in page
    assert f"{BOARD}{lead.reference}/move/" not in page


def test_a_long_column_goes_on_without_gap_or_repeat(desk: Client, site: Site) -> None:
    leads = {LeadFactory(site=site).reference for _ in range(CARDS + 5)}
    first = desk.get(BOARD)
    more = re.findall(r'href="(/desk/board/\?[^"]+)"', first.content.decode())[0].replace("&amp;", "&")
    second = desk.get(more)
    assert len(cards(first)) == CARDS
    assert sorted(cards(first) + cards(second)) == sorted(leads)
    assert f"New {CARDS + 5}" in text_of(first)


def test_one_lead_and_thirty_cost_the_same(
    desk: Client, site: Site, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(30):
        stage = [Stage.CONTACTED, Stage.ASSESSING, Stage.BOOKED][number % 3]
        LeadFactory(site=site, contacted=True, stage=stage)
        if number in {0, 29}:
            with django_assert_max_num_queries(13):
                assert len(cards(desk.get(BOARD))) == number + 1


def test_nonsense_is_404_and_gets_are_405(desk: Client, site: Site) -> None:
    lead = LeadFactory(site=site)
    assert desk.get(BOARD, {"stage": "CLOSED"}).status_code == 404
    assert desk.post(f"{BOARD}{lead.reference}/move/", {"to": "HOME"}).status_code == 404
    assert desk.get(f"{BOARD}{lead.reference}/move/").status_code == 405


def test_outsiders_see_and_move_nothing(client: Client, site: Site, outsider: User) -> None:
    lead = LeadFactory(site=site, contacted=True)
    client.force_login(outsider)
    assert cards(client.get(BOARD)) == []
    assert client.post(f"{BOARD}{lead.reference}/move/", {"to": "ASSESSING"}).status_code == 404
