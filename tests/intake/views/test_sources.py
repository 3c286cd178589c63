"""Where a visitor came from goes along by our own links, so that no cookie is needed."""

import re
from urllib.parse import quote, urlencode

import pytest
from django.test import Client, RequestFactory

from crm.models import Lead, Site
from intake.models import Enquiry
from intake.views.public import came_from
from tests.intake.forms.sent import URGENT
from tests.intake.views.pages import FORMS, document, words

pytestmark = pytest.mark.django_db
SEARCH = {"Referer": "https://search.example/?q=secret"}
OURS = {"Referer": "http://testserver/help/ketamine/"}


def follow(client: Client, path: str, link: str, **headers: str) -> str:
    """Open a page and return where one of its links leads."""
    page = document(client.get(path, headers=headers))
    href = str(next(each.get("href") for each in page.iterfind(".//a") if words(each) == link))
    return follow(client, href, "Continue", **OURS) if "/leaving/" in href else href


def send(client: Client, path: str) -> dict[str, str]:
    """Open a form, send it as a browser does and return the source that was kept."""
    form = document(client.get(path, headers=OURS)).find(".//main//form")
    client.post(form.get("action"), URGENT, headers={"Referer": f"http://testserver{path}"})
    return Enquiry.objects.get().source


@pytest.mark.parametrize("landing", ["/", "/help/ketamine/"])
def test_a_campaign_goes_along_from_the_first_page_to_the_enquiry(
    client: Client, centre: Site, landing: str
) -> None:
    path = follow(client, f"{landing}?utm_source=leaflet&campaign=spring&other=1", "I need help soon")
    known = {"utm_source": "leaflet", "campaign": "spring", "landing": landing, "page": "urgent"}
    assert send(client, path) == known
    lead = Lead.objects.get()
    assert (lead.source, lead.campaign, lead.landing) == ("leaflet", "spring", landing)


def test_all_that_a_link_can_say_is_kept(client: Client, centre: Site) -> None:
    said = {f"utm_{key}": key for key in ("source", "medium", "campaign", "term", "content")}
    path = follow(client, f"/?{urlencode(said)}&gclid=EAIaIQobChMI", "I need help soon")
    assert send(client, path) == said | {"landing": "/", "page": "urgent"}


def test_the_address_of_a_form_shows_nothing_of_it(client: Client, centre: Site) -> None:
    """Whoever looks over a shoulder, or into the history, reads no campaign and no guide."""
    path = follow(client, "/help/ketamine/?utm_campaign=ketamine-help", "I need help soon", **SEARCH)
    assert path.startswith("/urgent/?via=")
    assert not re.search("ketamine|search|campaign|landing", path)


def test_the_site_that_led_here_is_kept_by_its_host_alone(client: Client, centre: Site) -> None:
    path = follow(client, "/", "I need help soon", **SEARCH)
    assert send(client, path) == {"referrer_host": "search.example", "landing": "/", "page": "urgent"}
    assert Lead.objects.get().source == "search.example"


def test_it_goes_along_over_several_pages(client: Client, centre: Site) -> None:
    guide = follow(client, "/", "Guides: alcohol, cocaine, ketamine, gambling and six more", **SEARCH)
    path = follow(client, guide, "I need help soon", **OURS)
    source = send(client, path)
    assert (source["referrer_host"], source["landing"]) == ("search.example", "/")


@pytest.mark.parametrize("path", FORMS)
def test_whoever_lands_on_a_form_is_counted_too(client: Client, centre: Site, path: str) -> None:
    action = document(client.get(path, headers=SEARCH)).find(".//main//form").get("action")
    found = came_from(RequestFactory().post(action))
    assert found == {"referrer_host": "search.example", "landing": path}


def test_a_correction_does_not_lose_it(client: Client, centre: Site) -> None:
    path = follow(client, "/?utm_source=leaflet", "I need help soon")
    response = client.post(path, URGENT | {"phone": ""}, headers=SEARCH)
    assert document(response).find(".//main//form").get("action") == path


@pytest.mark.parametrize("host", ["testserver", "TESTSERVER", "testserver:8000"])
def test_we_are_never_the_source(client: Client, centre: Site, host: str) -> None:
    path = follow(client, "/", "I need help soon", Referer=f"http://{host}/")
    assert path == "/urgent/"
    assert send(client, "/urgent/?referrer_host=testserver") == {"landing": "/", "page": "urgent"}
    assert Lead.objects.get().source == "Web form"


def test_whoever_came_straight_here_used_the_web_form(client: Client, centre: Site) -> None:
    client.post("/urgent/", URGENT, headers=SEARCH)
    assert Enquiry.objects.get().source == {"page": "urgent"}
    assert Lead.objects.get().source == "Web form"


@pytest.mark.parametrize("junk", ["%00", "x" * 5000, "%22%3E%3Cscript%3E", "%F0%9F%8C%B1", "%ff"])
def test_junk_is_shortened_and_harmless(client: Client, centre: Site, junk: str) -> None:
    path = follow(client, f"/?utm_source={junk}&via={junk}", "I need help soon", Referer="http://[")
    assert "<script" not in client.get(path).content.decode().replace("<script src", "")
    client.post(path, URGENT)
    assert len(Lead.objects.get().source) <= 60


@pytest.mark.parametrize("forged", ["via=abc.def", "via=eyJsYW5kaW5nIjoiLyJ9.x", "referrer_host=ada.example"])
def test_nobody_makes_up_what_our_links_carry(client: Client, centre: Site, forged: str) -> None:
    client.post(f"/urgent/?{forged}", URGENT)
    assert Enquiry.objects.get().source == {"page": "urgent"}


@pytest.mark.parametrize(
    "personal", ["ada@example.org", "ada%2540example.org", "07700 900123", "447700900123", "x" * 40]
)
def test_nobody_smuggles_a_person_in(client: Client, centre: Site, personal: str) -> None:
    path = follow(client, f"/?utm_source={quote(personal)}&campaign=spring", "I need help soon")
    assert send(client, path) == {"campaign": "spring", "landing": "/", "page": "urgent"}


def test_a_page_with_a_token_is_no_landing(client: Client, centre: Site) -> None:
    received = client.post("/urgent/", URGENT)["Location"]
    page = document(client.get(received))
    ways_on = [each.get("href") or "" for each in page.iterfind(".//a") if not each.get("hreflang")]
    assert not [address for address in ways_on if received in address]


def test_staff_see_where_it_came_from(desk: Client, centre: Site) -> None:
    path = follow(desk, "/help/ketamine/?utm_campaign=spring&utm_source=leaflet", "I need help soon")
    send(desk, path)
    page = " ".join(desk.get(f"/desk/leads/{Lead.objects.get().reference}/").content.decode().split())
    assert "<dt>Campaign source</dt><dd>leaflet</dd>" in page
    assert "<dt>Campaign</dt><dd>spring</dd>" in page
    assert "<dt>First page</dt><dd>/help/ketamine/</dd>" in page
