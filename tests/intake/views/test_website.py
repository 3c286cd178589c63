"""What managers copy into the clinic's website."""

from html import unescape
from typing import Any

import html5lib
import pytest
from django.test import Client

from crm.models import Site, User
from intake.frame import fallback_frame
from intake.website import snippets_for
from tests.intake.views.pages import document, text_of, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("centre")]
URL = "/desk/website/"


@pytest.fixture
def office(client: Client, manager: User) -> Client:
    client.force_login(manager)
    return client


def snippet(office: Client, name: str, query: str = "") -> Any:
    """Return a snippet as a browser on the clinic's website reads it."""
    text = document(office.get(URL + query)).find(f".//textarea[@id='{name}']").text
    return html5lib.HTMLParser(strict=False, namespaceHTMLElements=False).parseFragment(unescape(text))


def test_the_block_has_the_number_and_the_addresses(office: Client, settings: Any) -> None:
    settings.BASE_URL = "https://help.clinic.example"
    block = snippet(office, "block")
    assert [each.get("href") for each in block.iterfind(".//a")] == [
        "tel:999",
        "tel:+442079460000",
        "https://help.clinic.example/urgent/",
        "https://help.clinic.example/pre-booked/",
    ]
    assert not block.findall(".//script")


def test_the_frame_comes_from_us_alone(office: Client, settings: Any) -> None:
    settings.BASE_URL = "https://help.clinic.example"
    frame = snippet(office, "frame")
    sources = [each.get("src") for each in [*frame.iterfind(".//iframe"), *frame.iterfind(".//script")]]
    assert sources == [
        f"https://help.clinic.example{path}" for path in ("/embed/urgent/", "/static/embed.js")
    ]
    assert frame.find(".//iframe").get("title") == "Ask Harbour House for help"


def test_the_script_keeps_its_address_over_releases(office: Client, settings: Any) -> None:
    hashed = {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": hashed}
    settings.DEBUG = False
    assert "/static/embed.js" in str(snippets_for(fallback_frame(), campaign=""))


def test_a_campaign_code_is_put_in_clean(office: Client) -> None:
    block = snippet(office, "block", "?campaign=Spring+%22%3E%3Cscript%3E+Leaflet")
    assert block.findall(".//a")[2].get("href", "").endswith("/urgent/?campaign=spring+script+leaflet")
    assert not block.findall(".//script")


def test_a_name_of_the_centre_cannot_break_out(office: Client, centre: Site) -> None:
    Site.objects.update(name='Harbour "><script>alert(1)</script>')
    assert "<script>alert(1)" not in unescape(snippet(office, "frame").find(".//iframe").get("src"))
    assert "<script>alert" not in text_of(office.get(URL))


def test_it_says_which_websites_may_frame_it(office: Client, settings: Any) -> None:
    assert "No website may show it yet" in words(document(office.get(URL)))
    settings.EMBED_PARENTS = ["https://www.clinic.example"]
    assert "https://www.clinic.example" in words(document(office.get(URL)))


def test_it_is_for_managers(desk: Client) -> None:
    assert desk.get(URL).status_code == 403
    assert URL not in text_of(desk.get("/desk/"))


def test_a_stranger_is_sent_to_sign_in(client: Client) -> None:
    assert client.get(URL)["Location"].startswith("/accounts/login/")


def test_it_takes_no_post(office: Client) -> None:
    assert office.post(URL).status_code == 405
