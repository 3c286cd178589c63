"""The database goes away in the middle: nothing is promised, nothing typed is lost, the number is there."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client

from crm.models import CallerRequest, Site
from intake.models import Enquiry
from intake.services.reconciliation import reconcile
from tests.intake.forms.sent import REFERRAL, URGENT
from tests.intake.views.journeys import answer
from tests.intake.views.pages import document, main
from tests.journeys.conftest import database_away
from tests.journeys.front_door import Visitor, faults_of

pytestmark = pytest.mark.django_db(transaction=True)

# What every public form is sent. Each can take some of it; a form that shows none of it is one button.
SAID = {
    **REFERRAL,
    "happening": ["overdose_24h"],
    "suicide": "not_safe_now",
    "free_text": "My <words> stay here",
    "phone": "07700 900177",
    "email": "ada@example.org",
    "safe_ways": ["call", "email"],
    "code": "BCDF-GHJK",
    "as": "self",
}
WITHOUT_A_DATABASE = {"/leave/", "/help/alcohol/signs/"}  # leaving must work, and signs are kept nowhere


def answered_away(visitor: Visitor) -> Iterator[tuple[str, HttpResponse]]:
    """Post to every public form while nobody listens where the database should be."""
    paths = [path for path in visitor.forms() if path not in WITHOUT_A_DATABASE]
    held = visitor.client.cookies.copy()
    with database_away():
        for path in paths:
            visitor.client.cookies = held.copy()
            yield path, visitor.client.post(path, SAID)


def kept(response: HttpResponse) -> dict[str, set[str]]:
    """Return what a press of the button would send again."""
    found: dict[str, set[str]] = {}
    for form in document(response).iterfind(".//main//form"):
        for each in form.iterfind(".//input"):
            if each.get("type") in {"radio", "checkbox"} and each.get("checked") is None:
                continue
            found.setdefault(each.get("name", ""), set()).add(each.get("value", ""))
        for area in form.iterfind(".//textarea"):
            found.setdefault(area.get("name", ""), set()).add((area.text or "").strip())
    return found


def shown_by(path: str) -> set[str]:
    """Return which answers the form at an address has a place for."""
    with_place = {name for name in kept_names(Client().get(path)) if name in SAID}
    return with_place - {"idempotency_key"}


def kept_names(response: HttpResponse) -> set[str]:
    if response.status_code != 200:
        return set()
    controls = [*document(response).iterfind(".//main//form//input")]
    controls += document(response).iterfind(".//main//form//textarea")
    return {each.get("name", "") for each in controls}


def test_every_form_says_so_keeps_what_was_typed_and_gives_the_number(visitor: Visitor, centre: Site) -> None:
    places = {path: shown_by(path) for path in visitor.forms()}
    before = Enquiry.objects.count()
    for path, response in answered_away(visitor):
        page = main(response)
        assert response.status_code == 503, path
        assert faults_of(response) == [], path
        assert "We could not take" in page, path
        assert centre.phone in response.content.decode(), path
        assert "A person will call" not in page, path
        assert "Thank you" not in page, path
        again = kept(response)
        for name in places[path]:
            wanted = SAID[name] if isinstance(SAID[name], list) else [SAID[name]]
            assert {*wanted} <= again.get(name, set()), (path, name)
    assert Enquiry.objects.count() == before
    assert CallerRequest.objects.count() == 0
    assert reconcile().unaccounted == 0


def test_danger_comes_before_what_failed_wherever_it_is_asked_about(visitor: Visitor) -> None:
    """The questions that can hear of danger: the two forms, the pages of the journeys, the caller's own."""
    asking = ("/urgent/", "/refer/", "/pre-booked/5/", "/pre-booked/6/", f"/received/{visitor.token}/more/")
    for path, response in answered_away(visitor):
        if path in asking:
            page = main(response)
            assert page.index("999") < page.index("We could not take"), path


@pytest.mark.parametrize("path", ["/urgent/", "/refer/", "/call-me/"])
def test_the_same_form_sent_again_once_it_is_back_becomes_one_enquiry(centre: Site, path: str) -> None:
    said = (REFERRAL if path == "/refer/" else URGENT) | {"idempotency_key": str(uuid4())}
    with database_away():
        assert Client().post(path, said).status_code == 503
    assert [Client().post(path, said).status_code for _ in range(2)] == [302, 302]
    assert Enquiry.objects.count() == 1
    assert reconcile().unaccounted == 0


def test_a_planned_stay_is_sent_by_the_button_on_the_page_that_failed(visitor: Visitor) -> None:
    before = Enquiry.objects.count()
    with database_away():
        failed = visitor.client.post("/pre-booked/check/", {"then": "send"})
    assert kept(failed)["then"] == {"send"}
    again = {name: [*values] for name, values in kept(failed).items()}
    assert visitor.client.post("/pre-booked/check/", again)["Location"].startswith("/received/")
    assert Enquiry.objects.count() == before + 1


def test_sending_at_once_in_danger_keeps_the_number_that_was_typed(visitor: Visitor) -> None:
    client = Client()
    answer(client, 1, enquirer="self")
    assert answer(client, 5, happening=["overdose_24h"])["Location"] == "/pre-booked/now/"
    typed = {"then": "send", "phone": "07700 900188", "email": ""}
    with database_away():
        failed = client.post("/pre-booked/now/", typed)
    assert "07700 900188" in main(failed)
    assert (
        client.post("/pre-booked/now/", {name: [*each] for name, each in kept(failed).items()}).status_code
        == 302
    )
    assert Enquiry.objects.latest("received_at").contact["phone"] == "07700 900188"


def test_a_password_is_never_shown_again(centre: Site) -> None:
    with database_away():
        response = Client(raise_request_exception=False).post(
            "/accounts/login/", {"login": "casey@threshold.example", "password": "open-sesame-17"}
        )
    assert response.status_code == 503
    assert "open-sesame-17" not in response.content.decode()
