"""A call becomes an enquiry: from the form that knows its number, or in one press."""

import pytest
from django.test import Client

from crm.enums import CallEnding, CallState, EventKind, LeadChannel
from crm.models import Lead, PhoneCall, Site, User
from intake.models import Enquiry
from intake.services.reconciliation import reconcile
from tests.factories.phone import NUMBER, PhoneCallFactory
from tests.intake.views.test_phone_enquiry import CALL, URL
from tests.pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(site: Site) -> PhoneCall:
    return PhoneCallFactory(line__site=site)


def one_press(client: Client, call: PhoneCall) -> object:
    return client.post(f"/desk/calls/{call.pk}/enquiry/", follow=True)


def test_one_press_makes_a_lead_of_a_missed_call(desk: Client, call: PhoneCall, coordinator: User) -> None:
    page = one_press(desk, call)
    enquiry = Enquiry.objects.get()
    assert "Taken down as a phone enquiry." in text_of(page)
    assert (enquiry.channel, enquiry.taken_by) == (LeadChannel.PHONE, coordinator)
    assert enquiry.contact["phone"] == NUMBER
    call.refresh_from_db()
    assert (call.lead, call.ending, call.settled_by) == (enquiry.lead, CallEnding.ENQUIRY, coordinator)
    assert enquiry.lead.events.filter(kind=EventKind.CALL_MISSED).count() == 1
    assert (enquiry.lead.caller.may_call, enquiry.lead.caller.may_text) == (True, False)
    assert reconcile().unaccounted == 0


def test_pressing_twice_makes_one(desk: Client, call: PhoneCall) -> None:
    for _ in range(2):
        one_press(desk, call)
    assert (Enquiry.objects.count(), Lead.objects.count()) == (1, 1)


def test_a_withheld_number_cannot_be_an_enquiry(desk: Client, site: Site) -> None:
    call = PhoneCallFactory(line__site=site, number="", search_tokens=[])
    assert "The number was withheld" in text_of(one_press(desk, call))
    assert not Enquiry.objects.exists()


def test_the_form_knows_the_number_of_the_call_and_joins_it(desk: Client, call: PhoneCall) -> None:
    PhoneCall.objects.update(state=CallState.CONNECTED)
    page = desk.get(f"{URL}?call={call.pk}").content.decode()
    assert f'value="{NUMBER}"' in page
    assert str(call.pk) in page
    desk.post(URL, CALL | {"call": str(call.pk), "phone": NUMBER})
    call.refresh_from_db()
    assert call.lead == Lead.objects.get()
    assert call.settled_at is None
    assert call.lead.events.filter(kind=EventKind.CALL_CONNECTED).count() == 1


@pytest.mark.parametrize("query", ["?call=", "?call=nonsense", ""])
def test_without_a_call_the_form_is_empty(desk: Client, query: str) -> None:
    assert desk.get(f"{URL}{query}").status_code == 200


def test_a_call_of_another_site_is_not_there(client: Client, call: PhoneCall, outsider: User) -> None:
    client.force_login(outsider)
    assert client.get(f"{URL}?call={call.pk}").status_code == 404
    assert client.post(URL, CALL | {"call": str(call.pk)}).status_code == 404
    assert client.post(f"/desk/calls/{call.pk}/enquiry/").status_code == 404
    assert not Enquiry.objects.exists()


def test_one_press_is_a_post_of_those_who_answer_callers(
    client: Client, call: PhoneCall, clinician: User, coordinator: User
) -> None:
    client.force_login(clinician)
    assert client.post(f"/desk/calls/{call.pk}/enquiry/").status_code == 403
    client.force_login(coordinator)
    assert client.get(f"/desk/calls/{call.pk}/enquiry/").status_code == 405
