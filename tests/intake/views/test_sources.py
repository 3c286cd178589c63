"""Where a visitor came from goes along by our own links, so that no cookie is needed."""

import pytest
from django.test import Client

from crm.models import Lead, Site
from intake.models import Enquiry
from tests.intake.forms.sent import URGENT
from tests.intake.views.pages import FORMS, document, words

pytestmark = pytest.mark.django_db
SEARCH = {"Referer": "https://search.example/?q=secret"}
OURS = {"Referer": "http://testserver/help/ketamine/"}


def follow(client: Client, path: str, link: str, **headers: str) -> str:
    """Open a page and return where one of its links leads."""
    page = document(client.get(path, headers=headers))
    return str(next(each.get("href") for each in page.iterfind(".//a") if words(each) == link))


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
    assert send(client, path) == {"utm_source": "leaflet", "campaign": "spring", "page": "urgent"}
    assert Lead.objects.get().source == "leaflet"


def test_the_site_that_led_here_is_kept_by_its_host_alone(client: Client, centre: Site) -> None:
    path = follow(client, "/", "I need help soon", **SEARCH)
    assert path == "/urgent/?referrer_host=search.example"
    assert send(client, path) == {"referrer_host": "search.example", "page": "urgent"}
    assert Lead.objects.get().source == "search.example"


def test_it_goes_along_over_several_pages(client: Client, centre: Site) -> None:
    guide = follow(client, "/", "Ketamine: what it does, and how to get help", **SEARCH)
    path = follow(client, guide, "I need help soon", **OURS)
    assert send(client, path)["referrer_host"] == "search.example"


@pytest.mark.parametrize("path", FORMS)
def test_whoever_lands_on_a_form_is_counted_too(client: Client, centre: Site, path: str) -> None:
    action = document(client.get(path, headers=SEARCH)).find(".//main//form").get("action")
    assert action == f"{path}?referrer_host=search.example"


def test_a_correction_does_not_lose_it(client: Client, centre: Site) -> None:
    response = client.post("/urgent/?utm_source=leaflet", URGENT | {"phone": ""}, headers=SEARCH)
    assert document(response).find(".//main//form").get("action") == "/urgent/?utm_source=leaflet"


@pytest.mark.parametrize("host", ["testserver", "TESTSERVER", "testserver:8000"])
def test_we_are_never_the_source(client: Client, centre: Site, host: str) -> None:
    path = follow(client, "/", "I need help soon", Referer=f"http://{host}/")
    assert path == "/urgent/"
    assert send(client, "/urgent/?referrer_host=testserver") == {"page": "urgent"}
    assert Lead.objects.get().source == "Web form"


def test_whoever_came_straight_here_used_the_web_form(client: Client, centre: Site) -> None:
    client.post("/urgent/", URGENT, headers=SEARCH)
    assert Enquiry.objects.get().source == {"page": "urgent"}
    assert Lead.objects.get().source == "Web form"


@pytest.mark.parametrize("junk", ["%00", "x" * 5000, "%22%3E%3Cscript%3E", "%F0%9F%8C%B1", "%ff"])
def test_junk_is_shortened_and_harmless(client: Client, centre: Site, junk: str) -> None:
    path = follow(client, f"/?utm_source={junk}&referrer_host={junk}", "I need help soon", Referer="http://[")
    assert "<script" not in client.get(path).content.decode().replace("<script src", "")
    client.post(path, URGENT)
    assert len(Lead.objects.get().source) <= 100
