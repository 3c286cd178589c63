"""Each journey from end to end in a language that is offered whole: no page of it falls back into English."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import pytest
from django.http import HttpResponse
from django.test import Client

from crm.models import Site
from intake.models import Enquiry
from intake.tokens import received_token
from tests.config.whole import WHOLE
from tests.intake.forms.sent import REFERRAL, URGENT
from tests.intake.views.journeys import CALM, HER_SON, Story
from tests.intake.views.pages import document, hidden, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.parametrize("code", WHOLE)]
PAGES = ("/", "/urgent/", "/call-me/", "/pre-booked/", "/refer/", "/leaving/", "/leaving/soon/", "/nothing/")
TYPED = "zzz"  # in no language, so that what was typed counts for none
SENTENCE = re.compile(r"[^\W\d_]+ [^\W\d_]+ .*[^\W\d_]")  # three words or more; names have fewer
DANGER = {5: {"happening": ["seizure_24h"]}}
YOUNG = {4: {"age_band": "under_16"}}


def sentences(element: Element) -> Iterator[str]:
    """Yield what is said in the language of the page."""
    if element.get("lang") in {"en-GB", "en-gb"} and element.tag != "html":
        return
    if element.tag not in {"script", "style"}:
        yield from (element.text or "",)
        for child in element:
            yield from sentences(child)
            yield child.tail or ""


def said_on(response: HttpResponse) -> set[str]:
    blank_free = (re.sub(r"\s+", " ", each).strip() for each in sentences(document(response)))
    return {each for each in blank_free if SENTENCE.search(each)}


def left_in_english(theirs: HttpResponse, english: HttpResponse, code: str) -> set[str]:
    page = document(theirs)
    assert (page.get("lang"), theirs["Content-Language"]) == (code, code)
    return said_on(theirs) & said_on(english)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_says_nothing_in_english(client: Client, centre: Site, code: str, path: str) -> None:
    assert left_in_english(client.get(f"/{code}{path}"), client.get(path), code) == set()


@pytest.mark.parametrize("path", ["/urgent/", "/call-me/", "/refer/"])
def test_nothing_that_is_missing_is_said_in_english(
    client: Client, centre: Site, code: str, path: str
) -> None:
    theirs, english = client.post(f"/{code}{path}", {}), client.post(path, {})
    assert theirs.status_code == english.status_code == 422
    assert left_in_english(theirs, english, code) == set()


def answered(start: str, story: Story) -> list[HttpResponse]:
    """Walk the pre-booked journey as a browser does; return every page of it that was seen."""
    client, where, seen = Client(), start, []
    while len(seen) < 40 and "/received/" not in where:
        seen.append(client.get(where))
        number = re.search(r"/(\d+)/$", where)
        told = story.get(int(number[1]) if number else 1, {}) if "/check/" not in where else {}
        if "/now/" in where:
            break
        where = client.post(where, hidden(seen[-1]) | told)["Location"]
    return [*seen, client.get(where)]


@pytest.mark.parametrize("story", [HER_SON, CALM | DANGER, CALM | YOUNG])
def test_a_planned_stay_is_asked_for_in_one_language(centre: Site, code: str, story: Story) -> None:
    story = {**story, 7: {"free_text": TYPED}}
    pages, english = answered(f"/{code}/pre-booked/", story), answered("/pre-booked/", story)
    assert len(pages) == len(english) > 3
    for theirs, ours in zip(pages, english, strict=True):
        assert left_in_english(theirs, ours, code) == set()


def asked_more(start: str, **said: object) -> list[HttpResponse]:
    """Send the urgent form, go through each question after it, and return the pages up to one's own."""
    client = Client()
    where = client.post(start, hidden(client.get(start)) | URGENT | {"free_text": TYPED} | said)["Location"]
    seen = [client.get(where)]
    while len(seen) < 20 and "/received/" not in where:
        where = client.post(where, hidden(seen[-1]))["Location"]
        seen.append(client.get(where))
    return seen


@pytest.mark.parametrize("who", ["self", "professional"])
def test_the_questions_after_an_urgent_message_are_in_its_language(centre: Site, code: str, who: str) -> None:
    pages = asked_more(f"/{code}/urgent/", enquirer=who, idempotency_key="")
    english = asked_more("/urgent/", enquirer=who, idempotency_key="")
    assert len(pages) == len(english) > 3
    for theirs, ours in zip(pages, english, strict=True):
        assert left_in_english(theirs, ours, code) == set()


@pytest.mark.parametrize("form", ["", "ways/", "more/"])
def test_what_a_caller_can_do_afterwards_is_in_their_language(
    client: Client, centre: Site, code: str, form: str
) -> None:
    client.post("/refer/", hidden(client.get("/refer/")) | REFERRAL | {"free_text": TYPED})
    own = f"/received/{received_token(Enquiry.objects.get().pk)}/{form}"
    assert left_in_english(client.get(f"/{code}{own}"), client.get(own), code) == set()


def test_the_language_leads_on_from_the_home_page(client: Client, centre: Site, code: str) -> None:
    page = document(client.get(f"/{code}/"))
    found = [each.get("href", "") for each in page.iterfind(".//main//a")]
    journeys = {f"/{code}{path}" for path in ("/leaving/soon/", "/leaving/stay/", "/refer/", "/call-me/")}
    assert journeys <= {link.split("?")[0] for link in found}
    for step, form in (("soon", "urgent"), ("stay", "pre-booked")):
        assert f'href="/{code}/{form}/' in text_of(client.get(f"/{code}/leaving/{step}/"))
