"""The managers' page of help lines: what is due, one press to confirm, and who pressed."""

import pytest
from django.test import Client

from crm.models import Site, User
from intake.models import HelpLine, HelpLineCheck
from tests.intake.views.pages import document, main, text_of

pytestmark = pytest.mark.django_db
LIST = "/desk/help-lines/"
CONFIRM, HIDE = f"{LIST}gb-frank/confirm/", f"{LIST}gb-samaritans/hide/"


@pytest.fixture
def desk(client: Client, centre: Site, manager: User) -> Client:
    client.force_login(manager)
    return client


@pytest.mark.parametrize(("who", "status"), [("clinician", 403), ("coordinator", 403), ("outsider", 404)])
def test_it_is_for_managers_of_the_public_site(
    client: Client, centre: Site, request: pytest.FixtureRequest, who: str, status: int
) -> None:
    client.force_login(request.getfixturevalue(who))
    answers = [client.get(LIST), client.post(CONFIRM), client.post(HIDE)]
    assert [each.status_code for each in answers] == [status] * 3
    assert not HelpLineCheck.objects.exists()


def test_wrong_methods_and_unknown_lines(desk: Client) -> None:
    assert [desk.get(CONFIRM).status_code, desk.get(HIDE).status_code, desk.post(LIST).status_code] == [
        405
    ] * 3
    assert desk.post(f"{LIST}nothing/confirm/").status_code == 404
    assert Client().get(LIST).status_code == 302


def test_one_press_confirms_and_the_public_sees_it(desk: Client) -> None:
    assert "0300 123 6600" not in text_of(desk.get("/"))
    page = main(desk.post(CONFIRM, {"number": "0300 123 6600"}, follow=True))
    assert "FRANK is confirmed" in page
    assert "Confirmed: Morgan Manager" in page
    assert "0300 123 6600" in text_of(desk.get("/"))


def test_a_hidden_number_leaves_the_public_pages(desk: Client) -> None:
    assert "off the public pages" in main(desk.post(HIDE, {"number": "116 123"}, follow=True))
    assert "116 123" not in text_of(desk.get("/"))


def test_a_number_that_changed_meanwhile_is_not_confirmed(desk: Client) -> None:
    HelpLine.objects.filter(key="gb-frank").update(number="0300 123 0000")
    assert "has changed since you looked" in main(
        desk.post(CONFIRM, {"number": "0300 123 6600"}, follow=True)
    )
    assert not HelpLineCheck.objects.exists()


def test_an_emergency_number_is_never_missing_and_the_stand_in_is_said(desk: Client, centre: Site) -> None:
    assert "Nobody has confirmed an emergency number" not in text_of(desk.get(LIST))
    desk.post(f"{LIST}gb-999/hide/", {"number": "999"})
    assert "Nobody has confirmed an emergency number for GB" in text_of(desk.get(LIST))
    assert "Call 999 now" in text_of(desk.get("/"))


def test_every_line_of_every_place_is_on_the_page_once(desk: Client) -> None:
    rows = document(desk.get(LIST)).findall(".//main//tbody/tr")
    assert len(rows) == HelpLine.objects.count()
