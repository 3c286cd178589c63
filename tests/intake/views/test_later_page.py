"""The page of an enquiry that joined somebody's lead: it tells its own caller what they did, and no more."""

import pytest
from django.test import Client

from crm.models import CallerRequest, Person, Site, User
from intake.models import Enquiry
from notifications.enums import MessageKind
from notifications.models import Message
from tests.intake.views.pages import main
from tests.intake.views.test_own_page import address, lead_of, press, sent

pytestmark = pytest.mark.django_db
NOT_SAID = "You did not say which ways are safe"


@pytest.fixture
def first(centre: Site) -> Enquiry:
    return sent(centre)


@pytest.fixture
def later(centre: Site, first: Enquiry) -> Enquiry:
    enquiry = sent(centre, name="", safe_contact={"call": True, "email": False})
    assert lead_of(enquiry) == lead_of(first)
    return enquiry


def test_whoever_said_which_ways_are_safe_is_not_told_that_they_did_not(
    client: Client, later: Enquiry
) -> None:
    page = main(client.get(address(later)))
    assert "For now we only do this: we call you." in page
    assert NOT_SAID not in page


def test_whoever_said_nothing_of_ways_is_told_so(client: Client, centre: Site, first: Enquiry) -> None:
    silent = sent(centre, name="", email="", safe_contact={})
    assert NOT_SAID in main(client.get(address(silent)))


def test_a_stop_is_confirmed_to_whoever_asked_for_it(client: Client, later: Enquiry) -> None:
    assert "You can change your mind on this page" not in main(client.get(address(later)))
    page = main(press(client, later, "stop"))
    assert "You asked us to stop contacting you at" in page
    assert "If you change your mind, call us on 020 7946 0000" in page
    assert not Person.objects.get(pk=lead_of(later).caller_id).may_be_contacted


def test_a_stop_is_confirmed_also_when_another_page_was_quicker(
    client: Client, first: Enquiry, later: Enquiry, manager: User
) -> None:
    press(client, first, "stop")
    for _ in range(2):
        assert "You asked us to stop contacting you at" in main(press(client, later, "stop"))
    assert Message.objects.filter(kind=MessageKind.CALLER_REQUEST).count() == 1
    assert lead_of(first).events.filter(kind="ASKED_TO_STOP").count() == 2


def test_a_page_that_proves_nothing_says_that_a_person_checks_first(
    client: Client, first: Enquiry, later: Enquiry
) -> None:
    counts, checks = "What you save here counts at once", "A person checks first what you save here"
    assert counts in main(client.get(address(first, "ways")))
    page = main(client.get(address(later, "ways")))
    assert checks in page
    assert counts not in page


def test_after_a_stop_nothing_is_said_to_be_on_its_way(client: Client, centre: Site, first: Enquiry) -> None:
    later = sent(centre, name="")
    assert "You asked for a copy" in main(press(client, later, "copy"))
    press(client, later, "sooner")
    press(client, later, "erase")
    page = main(press(client, later, "stop"))
    assert "You asked for a copy" not in page
    assert "You asked us to call sooner" not in page
    assert "You asked us to erase what we hold about you" in page


def test_the_page_that_opened_the_lead_says_once_that_it_was_stopped(client: Client, first: Enquiry) -> None:
    page = main(press(client, first, "stop"))
    assert "We have stopped contacting you" in page
    assert "You asked us to stop contacting you" not in page
    assert "You asked us to stop" not in main(press(client, first, "resume"))


@pytest.mark.parametrize(
    ("wish", "said"), [("erase", "You asked us to erase"), ("sooner", "You asked us to call sooner")]
)
def test_what_another_page_asked_already_is_confirmed_and_alerts_nobody_twice(
    client: Client, first: Enquiry, later: Enquiry, manager: User, wish: str, said: str
) -> None:
    press(client, first, wish)
    alerts = Message.objects.count()
    assert said in main(press(client, later, wish))
    assert CallerRequest.objects.count() == 1
    assert Message.objects.count() == alerts
