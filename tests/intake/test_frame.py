"""The frame of every public page stands when nothing else does."""

import pytest
from django.db import OperationalError

from crm.models import Site
from intake import frame
from intake.models import HelpLine
from intake.selectors import default_site
from intake.services.content import load_shipped_content


def _down() -> Site:
    raise OperationalError("the database is down")


@pytest.fixture
def centre(site: Site) -> Site:
    site.is_default = True
    site.save()
    load_shipped_content()
    return site


def test_it_comes_from_the_database(centre: Site) -> None:
    found = frame.current_frame()
    assert (found.name, found.phone, found.phone_dial) == (
        "Harbour House",
        "020 7946 0000",
        "tel:+442079460000",
    )
    assert found.emergency.number == "999"
    assert [line.number for line in found.lines] == ["111", "116 123", "0800 1111", "0808 2000 247"]


def test_a_line_is_shown_once_somebody_has_confirmed_it(centre: Site) -> None:
    HelpLine.objects.filter(key="gb-frank").update(is_confirmed=True)
    assert "0300 123 6600" in [line.number for line in frame.current_frame().lines]


def test_the_nation_decides_how_to_reach_help(centre: Site) -> None:
    centre.nation = "Wales"
    centre.save()
    assert "111 then 2" in [line.number for line in frame.current_frame().lines]


def test_without_a_database_it_is_the_last_one_read(centre: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    before = frame.current_frame()
    monkeypatch.setattr(frame, "default_site", _down)
    assert frame.current_frame() == before


def test_without_a_database_it_has_the_number_that_was_read_last(
    centre: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    default_site()  # as every enquiry does
    monkeypatch.setattr(frame, "default_site", _down)
    assert frame.current_frame().phone == "020 7946 0000"


def test_without_a_database_from_the_start_it_is_the_shipped_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame, "default_site", _down)
    found = frame.current_frame()
    assert found.name == "Threshold"
    assert [line.number for line in found.lines] == ["111", "116 123", "0800 1111", "0808 2000 247"]


@pytest.mark.django_db
def test_before_a_centre_is_set_up_the_shipped_frame_stands_in() -> None:
    assert frame.current_frame().emergency.number == "999"


def test_the_care_cards_have_an_action_and_at_most_five_bullets() -> None:
    cards = frame.fallback_frame().cards
    assert [card.heading for card in cards] == ["Call 999 if someone:", "Call 111 if:"]
    assert [len(card.bullets) for card in cards] == [5, 3]
