"""The self-check: what to do next, and nothing else. Nothing is kept, and no address says what was ticked."""

import pytest
from django.test import Client

from crm.models import Site
from intake.enums import GuideSubject
from tests.intake.views.pages import document, main, words

pytestmark = pytest.mark.django_db
PATH = "/help/alcohol/signs/"


def ticked(client: Client, *signs: str) -> str:
    return main(client.post(PATH, {"sign": signs}))


@pytest.mark.parametrize("slug", GuideSubject.values)
def test_every_guide_has_signs_to_tick(client: Client, centre: Site, slug: str) -> None:
    page = document(client.get(f"/help/{slug}/signs/"))
    values = [each.get("value") for each in page.iterfind(".//main//input")]
    assert {each.get("name") for each in page.iterfind(".//main//input")} == {"sign"}
    assert set(values) == {"emergency", "today", "crisis", "other"}
    assert len({each.get("id") for each in page.iterfind(".//main//input")}) == len(values)


def test_a_sign_of_danger_to_life_says_to_call_before_anything_else(client: Client, centre: Site) -> None:
    said = ticked(client, "other", "crisis", "today", "emergency")
    assert said.index("Call 999 now") < said.index("thoughts of suicide") < said.index("I need help soon")


def test_a_sign_for_today_says_111(client: Client, centre: Site) -> None:
    said = ticked(client, "today", "other")
    assert said.index("Call 111 today") < said.index("I need help soon")
    assert "Call 999 now" not in said


def test_thoughts_of_suicide_lead_to_people_to_talk_to(client: Client, centre: Site) -> None:
    said = ticked(client, "crisis")
    assert "Call 111 and choose mental health, or Samaritans on 116 123, any time" in said
    assert "on your own" in said


def test_other_signs_lead_to_the_two_asks(client: Client, centre: Site) -> None:
    page = document(client.post(PATH, {"sign": ["other", "other"]}))
    links = {each.get("href") for each in page.iterfind(".//main//a")}
    assert {"/leaving/soon/", "/leaving/stay/"} <= links
    assert "2" not in words(page.find(".//main//h1"))


@pytest.mark.parametrize("signs", [[], ["nonsense"], ["<b>"]])
def test_nothing_ticked_is_answered_kindly(client: Client, centre: Site, signs: list[str]) -> None:
    assert "You did not tick anything" in ticked(client, *signs)


@pytest.mark.parametrize("sign", ["emergency", "today", "crisis", "other"])
def test_nobody_is_graded_or_told_that_all_is_well(client: Client, centre: Site, sign: str) -> None:
    said = ticked(client, sign).lower()
    for never in ("score", "risk", "you are fine", "likely", "diagnos", "mild", "moderate", "severe"):
        assert never not in said


@pytest.mark.parametrize("method", ["get", "post"])
def test_nothing_is_kept(client: Client, centre: Site, method: str) -> None:
    response = getattr(client, method)(PATH, {"sign": "today"} if method == "post" else None)
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies
    assert not client.cookies


def test_what_is_ticked_is_sent_without_words_and_never_in_the_address(client: Client, centre: Site) -> None:
    page = document(client.get(PATH))
    form = page.find(".//main//form")
    assert form.get("method") == "post"
    assert "?" not in form.get("action")
    assert "Call 999 now" not in main(client.get(PATH + "?sign=emergency"))


def test_an_unknown_guide_has_no_signs(client: Client, centre: Site) -> None:
    assert client.get("/help/unknown/signs/").status_code == 404
    assert client.put(PATH).status_code == 405
