"""Public pages in other languages: the address decides, the page says so, data stays marked as English."""

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from crm.models import Site
from intake.forms.choices import THOUGHTS
from intake.languages import in_page_language, tag_of
from intake.models import Enquiry
from intake.tokens import received_token
from tests.intake.views.pages import PUBLIC, document, hidden, text_of, words

pytestmark = pytest.mark.django_db
OTHERS = [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


def html_of(client: Client, path: str) -> dict[str, str]:
    return dict(document(client.get(path)).attrib)


def test_english_pages_keep_their_addresses(client: Client, centre: Site) -> None:
    assert html_of(client, "/urgent/") == {"lang": "en-GB", "dir": "ltr"}
    assert client.get("/en-gb/urgent/").status_code == 404


@pytest.mark.parametrize("code", OTHERS)
def test_the_address_decides_the_language(client: Client, centre: Site, code: str) -> None:
    response = client.get(f"/{code}/urgent/")
    assert document(response).attrib == {"lang": code, "dir": "rtl" if code == "ar" else "ltr"}
    assert response["Content-Language"] == code
    assert not response.cookies


def test_neither_the_browser_nor_a_cookie_decides_it(client: Client, centre: Site) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "pl"
    response = client.get("/urgent/", headers={"Accept-Language": "pl"})
    assert document(response).get("lang") == "en-GB"
    assert "Accept-Language" not in response.get("Vary", "")


def test_the_next_page_of_the_same_process_is_not_in_the_last_ones_language(
    client: Client, centre: Site
) -> None:
    client.get("/pl/urgent/")
    assert translation.get_language() == settings.LANGUAGE_CODE
    assert html_of(client, "/nothing-here/")["lang"] == "en-GB"


@pytest.mark.parametrize(
    "path", ["/pl/desk/", "/pl/desk/phone-enquiry/", "/pl/accounts/login/", "/pl/api/v1/"]
)
def test_nothing_for_staff_has_a_language_in_its_address(client: Client, centre: Site, path: str) -> None:
    assert client.get(path).status_code == 404


def links_on(client: Client, path: str) -> dict[str, tuple[str, str]]:
    row = document(client.get(path)).find(".//nav[@class='languages']")
    assert row is not None
    return {
        each.get("hreflang", ""): (words(each), each.get("href", "").split("?")[0])
        for each in row.iterfind(".//a")
        if each.get("hreflang") == each.get("lang")
    }


def test_a_page_offers_itself_in_every_other_language(client: Client, centre: Site) -> None:
    assert links_on(client, "/pl/urgent/") == {
        "en-gb": ("English", "/urgent/"),
        "cy": ("Cymraeg", "/cy/urgent/"),
        "ro": ("Română", "/ro/urgent/"),
        "ar": ("العربية", "/ar/urgent/"),
    }


def test_where_a_language_has_only_the_urgent_form_that_is_offered(client: Client, centre: Site) -> None:
    links = links_on(client, "/")
    assert links["pl"] == ("Polski", "/pl/")
    assert links["cy"] == ("Cymraeg", "/cy/")
    assert links["ar"] == ("العربية", "/ar/urgent/")


@pytest.mark.parametrize("address", ["/cy/privacy/", "/pl/privacy/", "/ro/help/ketamine/", "/ar/pre-booked/"])
def test_a_page_that_is_not_translated_is_shown_in_english(
    client: Client, centre: Site, address: str
) -> None:
    response = client.get(f"{address}?via=x")
    assert (response.status_code, response["Location"]) == (302, f"{address[3:]}?via=x")


def test_a_form_that_was_sent_offers_no_other_language(client: Client, centre: Site) -> None:
    """The link would open an empty form, and what was typed would be lost."""
    assert document(client.post("/pl/urgent/", {})).find(".//nav[@class='languages']") is None


def test_links_stay_in_the_language(client: Client, centre: Site) -> None:
    page = document(client.get("/pl/urgent/"))
    found = [each.get("href", "") for place in ("main", "header") for each in page.iterfind(f".//{place}//a")]
    assert [link for link in found if link.startswith("/") and not link.startswith("/pl/")] == []


def test_a_tick_without_a_place_of_its_own_reaches_rules_and_staff_in_english(
    client: Client, centre: Site
) -> None:
    said = hidden(client.get("/pl/urgent/"))
    client.post("/pl/urgent/", said | {"enquirer": "self", "phone": "07700 900123", "happening": THOUGHTS})
    [enquiry] = Enquiry.objects.all()
    assert "I want to end my life" in enquiry.answers["free_text"]
    assert enquiry.source["language"] == "Polish"


def test_clinical_advice_stays_in_english_and_says_so(client: Client, centre: Site) -> None:
    """Danger on a form with something missing: the advice comes first, before any correction."""
    alarm = document(client.post("/pl/urgent/", {"happening": "chest_pain"})).find(
        ".//section[@class='alarm']"
    )
    assert alarm is not None
    assert "Call 999" in words(alarm.find(".//*[@lang='en-GB']"))
    assert "po angielsku" in words(alarm)


def test_the_emergency_card_is_translated_only_as_it_was_translated() -> None:
    """A wording that a clinician has approved since is shown in English, and marked as that."""
    with translation.override("pl"):
        assert (in_page_language("cannot be woken"), tag_of("cannot be woken")) == (
            "nie daje się dobudzić",
            "",
        )
        assert (in_page_language("turns grey"), tag_of("turns grey")) == ("turns grey", "en-GB")
    assert tag_of("turns grey") == ""


@pytest.mark.parametrize("code", OTHERS)
def test_nothing_of_the_emergency_card_that_ships_is_left_in_english(
    client: Client, centre: Site, code: str
) -> None:
    card = document(client.get(f"/{code}/urgent/")).find(".//section[@id='emergency']")
    assert [words(each) for each in card.iterfind(".//*[@lang='en-GB']")] == []
    assert "999" in words(card)


@pytest.mark.parametrize("path", PUBLIC)
def test_there_is_no_language_mark_on_an_english_page(client: Client, centre: Site, path: str) -> None:
    assert text_of(client.get(path)).count('lang="en-GB"') == 1


def test_the_promise_is_made_in_the_language_of_the_form(client: Client, centre: Site) -> None:
    said = hidden(client.get("/pl/urgent/"))
    client.post("/pl/urgent/", said | {"enquirer": "self", "phone": "07700 900123", "free_text": "pomocy"})
    [enquiry] = Enquiry.objects.all()
    own_page = document(client.get(f"/pl/received/{received_token(enquiry.pk)}/"))
    promise = own_page.find(".//section[@class='promise']")
    assert promise is not None
    assert "przed: " in words(promise)
    assert enquiry.reference in words(promise)
