"""The public pages in each country and nation: every number comes from the help lines of the place."""

import re

import pytest
from django.http import HttpResponse
from django.test import Client

from crm.models import Site
from intake.enums import Voice
from intake.models import HelpLine
from intake.remembered import forget
from intake.selectors import caller_texts
from intake.services.submission import submit_enquiry
from intake.tokens import received_token
from jobs.clock import database_now
from tests.factories.enquiries import CALM, submission
from tests.intake.views.pages import GUIDES, PUBLIC, document, main, text_of, words

pytestmark = pytest.mark.django_db
PLACES = [
    ("GB", "England"),
    ("GB", "Wales"),
    ("GB", "Scotland"),
    ("GB", "Northern Ireland"),
    ("IE", ""),
    ("US", ""),
]
EMERGENCY = {"GB": "999", "IE": "112", "US": "911"}
NUMBER = re.compile(r"\d[\d -]{4,}\d|(?<!:)\b(?:999|112|911|111|988|55)\b")
SIGNS = ("emergency", "today", "crisis", "other")

# answers that are told about every help line that a message names
TOLD = [
    {"symptoms": ["seizure_24h"]},
    {"suicide": "plan_or_means"},
    {"symptoms": ["paranoia_voices"]},
    {"age_band": "16_17"},
    {"situation": ["abuse_or_coercion"]},
    {"behaviours": ["gambling"]},
    {"behaviours": ["gambling"], "enquirer": "loved_one", "person_aware": "yes"},
]


@pytest.fixture(params=PLACES, ids=lambda place: place[1] or place[0])
def place(request: pytest.FixtureRequest, centre: Site) -> Site:
    centre.locale, centre.nation = request.param
    centre.save()
    return centre


WATCHDOGS = {"GB": "the Information Commissioner's Office", "IE": "the Data Protection Commission", "US": ""}
OF_ENGLAND = "In England that is the Care Quality Commission"


def digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def known_in(site: Site) -> set[str]:
    """Return the numbers that may be shown: confirmed ones, the emergency number, and the centre's own."""
    lines = HelpLine.objects.filter(locale=site.locale, nation__in=["", site.nation], is_confirmed=True)
    parts = [part for line in lines for part in (line.number, *line.number.split(" then "), line.dial)]
    return {digits(part) for part in (*parts, site.phone, EMERGENCY[site.locale])}


def numbers_on(response: HttpResponse) -> set[str]:
    page = document(response)
    dialled = [each.get("href", "") for each in page.iter("a")]
    said = {digits(number) for number in NUMBER.findall(words(page.find(".//body")))}
    return said | {digits(each.split("?")[0]) for each in dialled if each.startswith(("tel:", "sms:"))}


def test_every_number_comes_from_the_help_lines_of_the_place(client: Client, place: Site) -> None:
    known = known_in(place) | {"442079460000"}
    for path in (*PUBLIC, *GUIDES, "/nothing-here/"):  # an error page is the last frame that was read
        assert numbers_on(client.get(path)) <= known, path
    assert numbers_on(client.post("/help/alcohol/signs/", {"sign": SIGNS})) <= known


def test_so_do_those_on_the_page_after_sending(client: Client, place: Site) -> None:
    known = known_in(place) | {"442079460000"}
    for said in TOLD:
        receipt = submit_enquiry(submission=submission(place, said=CALM | said), at=database_now())
        response = client.get(f"/received/{received_token(receipt.enquiry.pk)}/")
        assert response.status_code == 200
        assert "{" not in main(response)
        shown = words(document(response).find(".//body")).replace(receipt.answer.reference, "")
        assert {digits(number) for number in NUMBER.findall(shown) if ":" not in number} <= known, said


def test_every_page_begins_with_the_emergency_number_of_the_country(client: Client, place: Site) -> None:
    for path in PUBLIC:
        strip = document(client.get(path)).find(".//nav[@class='strip']")
        assert f"Call {EMERGENCY[place.locale]} now" in words(strip)


def test_no_slot_is_left_open(client: Client, place: Site) -> None:
    for path in {*PUBLIC, *GUIDES}:
        assert not re.search(r"\{\w+\}", text_of(client.get(path))), path


@pytest.mark.parametrize(
    ("nation", "said"),
    [
        ("England", "Call 111 and choose mental health, or Samaritans on 116 123, any time"),
        ("Wales", "Call 111 and press 2, or Samaritans on 116 123, any time"),
        ("Scotland", "Call Samaritans on 116 123, any time"),
        ("Northern Ireland", "Call Lifeline on 0808 808 8000, or Samaritans on 116 123, any time"),
    ],
)
def test_111_is_said_in_the_way_of_the_nation(client: Client, centre: Site, nation: str, said: str) -> None:
    centre.nation = nation
    centre.save()
    assert said in main(client.post("/help/alcohol/signs/", {"sign": "crisis"}))


def test_where_nothing_is_confirmed_only_the_emergency_number_of_the_country_is_shown(
    client: Client, place: Site
) -> None:
    HelpLine.objects.update(is_confirmed=False)
    forget()
    assert numbers_on(client.get("/")) == {EMERGENCY[place.locale], digits(place.phone), "442079460000"}


def test_a_gambling_line_that_nobody_confirmed_is_not_named(centre: Site) -> None:
    for voice in Voice:
        [text] = caller_texts(("MGAM",), voice)
        assert "National Gambling Helpline" not in text.text
        assert "111 and choose mental health, or 999" in text.text


def test_whom_to_complain_to_is_of_the_place(client: Client, place: Site) -> None:
    own = WATCHDOGS[place.locale]
    others = {*WATCHDOGS.values()} - {own, ""}
    for path in ("/privacy/", "/complaints/"):
        page = main(client.get(path))
        assert own in page
        assert not [name for name in others if name in page]
    assert (OF_ENGLAND in main(client.get("/complaints/"))) is (place.locale == "GB")
