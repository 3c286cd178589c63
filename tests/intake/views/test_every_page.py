"""What is true of every public page (SAFETY)."""

import re

import pytest
from django.test import Client

from crm.models import Site
from intake.content.help_lines import shipped_help_lines
from tests.intake.views.pages import FORMS, PUBLIC, document, text_of, title, words

pytestmark = pytest.mark.django_db
NEVER = re.compile(
    r"low risk|you are fine|admit you today|everything is confidential|independent|acamprosate"
    r"|24.hours? (?:a day|counsel|support|care|help)|24/7"
    r"|\baddict|\babuser|\bclean\b|\bdirty\b|class [ab]\b|stop drinking before|have a drink to",
    re.IGNORECASE,
)


@pytest.mark.parametrize("path", PUBLIC)
def test_the_page_is_whole(client: Client, centre: Site, path: str) -> None:
    response = client.get(path)
    page = document(response)
    assert response.status_code == 200
    assert [words(each) for each in page.iterfind(".//h1")]
    assert len(page.findall(".//h1")) == 1
    assert len(page.findall(".//main")) == 1


@pytest.mark.parametrize("path", PUBLIC)
def test_the_emergency_text_is_there_and_is_the_same(client: Client, centre: Site, path: str) -> None:
    card = document(client.get(path)).find(".//section[@id='emergency']")
    assert [words(each) for each in card.iterfind(".//h2")] == [
        "Emergency: Call 999 if someone:",
        "Urgent: Call 111 if:",
        "Someone to talk to",
    ]
    bullets = [words(each) for each in card.iterfind("./div/ul") if each.get("class") != "lines"]
    assert len(bullets) == 2
    assert len(card.findall("./div")[0].findall("./ul/li")) == 5
    assert "cannot be woken" in bullets[0]
    assert "running out of prescribed sedatives" in bullets[1]


@pytest.mark.parametrize("path", PUBLIC)
def test_the_number_of_the_centre_stands_in_the_same_place(client: Client, centre: Site, path: str) -> None:
    call = document(client.get(path)).find(".//header//a[@class='bar__call']")
    assert (words(call), call.get("href")) == ("Call us: 020 7946 0000", "tel:+442079460000")


@pytest.mark.parametrize("path", PUBLIC)
def test_there_is_a_quick_way_out_at_the_top(client: Client, centre: Site, path: str) -> None:
    page = document(client.get(path))
    ways = page.findall(".//a[@data-exit]")
    assert [each.get("href") for each in ways] == ["/leave/", "/leave/"]
    assert "history" in words(page.find(".//footer"))


@pytest.mark.parametrize("path", PUBLIC)
def test_every_number_on_the_page_is_a_help_line_or_the_centre(
    client: Client, centre: Site, path: str
) -> None:
    known = {re.sub(r"\D", "", line.number) for line in shipped_help_lines() if line.is_confirmed}
    known |= {re.sub(r"\D", "", centre.phone)}
    shown = words(document(client.get(path)).find(".//body"))
    numbers = {
        re.sub(r"\D", "", each) for each in re.findall(r"\d[\d -]{4,}\d|\b(?:999|112|111|988|911)\b", shown)
    }
    assert numbers
    assert numbers <= known


@pytest.mark.parametrize("path", PUBLIC)
def test_nobody_is_promised_a_time_before_it_is_known_who_is_there(
    client: Client, centre: Site, path: str
) -> None:
    promised = re.findall(
        r"(?:gets in touch|calls? you|in touch with you) (?:before|by|within)",
        words(document(client.get(path)).find(".//main")),
    )
    assert promised == []


@pytest.mark.parametrize("path", PUBLIC)
def test_nothing_is_said_that_must_never_be_said(client: Client, centre: Site, path: str) -> None:
    assert not NEVER.findall(words(document(client.get(path)).find(".//body")))


@pytest.mark.parametrize("path", PUBLIC)
def test_the_page_keeps_the_content_security_policy(client: Client, centre: Site, path: str) -> None:
    response = client.get(path)
    html = text_of(response)
    assert "'unsafe-inline'" not in response["Content-Security-Policy"]
    assert not re.search(r"\sstyle=|\son[a-z]+=|<style", html)
    assert all(each.get("src") for each in document(response).iterfind(".//script"))
    assert not re.search(r'(src|href)="(https?:)?//', html)


@pytest.mark.parametrize("path", PUBLIC)
def test_no_cookie_is_set(client: Client, centre: Site, path: str) -> None:
    assert not client.get(path).cookies


@pytest.mark.parametrize("path", FORMS)
def test_a_page_of_the_journey_is_kept_by_nobody_and_names_nothing(
    client: Client, centre: Site, path: str
) -> None:
    response = client.get(path)
    assert "no-store" in response["Cache-Control"]
    assert "noindex" in response["X-Robots-Tag"]
    assert title(response) == "Your answers - Harbour House"


@pytest.mark.parametrize("path", FORMS)
def test_no_control_is_required_and_nothing_is_starred(client: Client, centre: Site, path: str) -> None:
    page = document(client.get(path))
    form = page.find(".//main//form")
    assert form.get("novalidate") is not None
    assert not page.findall(".//*[@required]")
    assert "*" not in words(form)


@pytest.mark.parametrize("path", PUBLIC)
def test_other_methods_are_refused(client: Client, centre: Site, path: str) -> None:
    assert client.delete(path).status_code == 405
    assert client.head(path).status_code == 200


def test_a_number_that_nobody_confirmed_is_not_shown(client: Client, centre: Site) -> None:
    shown = text_of(client.get("/"))
    unconfirmed = [
        line.number
        for line in shipped_help_lines()
        if line.locale == "GB" and not line.is_confirmed and line.number != "111"
    ]
    assert unconfirmed
    assert not [number for number in unconfirmed if number in shown]


@pytest.mark.parametrize("path", PUBLIC)
def test_the_page_is_light(client: Client, centre: Site, path: str) -> None:
    """The page itself; tests/browser/test_weight.py weighs all that is loaded with it."""
    assert len(client.get(path, headers={"Accept-Encoding": "gzip"}).content) < 12_000
