"""Calls and texts at the desk: the list, the pop on the dashboard, the count on the rail."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.enums import CallEnding, CallState, Level
from crm.models import PhoneCall, PhoneText, Site, User
from crm.services.phone_texts import note_text
from crm.services.pulse import touch_queues
from crm.telephony.news import TextNews, keyword_of
from jobs.clock import database_now
from tests.factories import LeadFactory, PersonFactory
from tests.factories.phone import NUMBER, PhoneCallFactory, PhoneLineFactory
from tests.pages import text_of

PAGE = "/desk/calls/"


def missed(site: Site, **values: object) -> PhoneCall:
    return PhoneCallFactory(line__site=site, **values)


def texted(site: Site, words: str = "Can I come tomorrow?") -> PhoneText:
    news = TextNews(uuid4().hex, NUMBER, words, keyword_of(words))
    return note_text(line=PhoneLineFactory(site=site), news=news, at=database_now())


def test_a_missed_call_can_be_rung_back(desk: Client, site: Site) -> None:
    missed(site)
    page = desk.get(PAGE)
    assert f'href="tel:{NUMBER}"' in page.content.decode()
    assert "Unknown number" in text_of(page)
    assert "Make it an enquiry" in text_of(page)


def test_somebody_who_has_not_called_calls_safe_is_not_rung_by_one_press(desk: Client, site: Site) -> None:
    lead = LeadFactory(site=site, caller=PersonFactory(phone_e164=NUMBER, may_call=False))
    missed(site, lead=lead)
    page = desk.get(PAGE)
    assert "tel:" not in page.content.decode()
    assert "Calls are not safe" in text_of(page)
    assert lead.reference in text_of(page)
    assert "Make it an enquiry" not in text_of(page)


def test_a_withheld_number_says_so(desk: Client, site: Site) -> None:
    missed(site, number="", search_tokens=[])
    assert "Number withheld" in text_of(desk.get(PAGE))
    assert "No number to call" in text_of(desk.get(PAGE))


def test_a_missed_call_is_settled_with_a_reason(desk: Client, site: Site, coordinator: User) -> None:
    call = missed(site)
    sent = {"ending": CallEnding.NOT_AN_ENQUIRY, "note": "A sales call"}
    done = desk.post(f"{PAGE}{call.pk}/settle/", sent, follow=True)
    assert "Settled: 1 missed call." in text_of(done)
    assert "Every call was answered" in text_of(done)
    call.refresh_from_db()
    assert (call.settled_by, call.settled_note) == (coordinator, "A sales call")
    assert "already" in text_of(desk.post(f"{PAGE}{call.pk}/settle/", sent, follow=True))


@pytest.mark.parametrize("ending", ["", CallEnding.PAIRED, CallEnding.ENQUIRY, "PARTY"])
def test_without_a_reason_of_the_list_it_stays(desk: Client, site: Site, ending: str) -> None:
    call = missed(site)
    page = desk.post(f"{PAGE}{call.pk}/settle/", {"ending": ending, "note": "kept words"})
    assert page.status_code == 422
    assert "kept words" in page.content.decode()
    call.refresh_from_db()
    assert call.settled_at is None


def test_a_text_is_read_here_and_leaves_the_list(desk: Client, site: Site) -> None:
    text = texted(site)
    assert "Can I come tomorrow?" in text_of(desk.get(PAGE))
    done = desk.post(f"/desk/texts-in/{text.pk}/read/", follow=True)
    assert "Every text was read" in text_of(done)
    assert "already" in text_of(desk.post(f"/desk/texts-in/{text.pk}/read/", follow=True))


def test_a_text_stands_on_its_leads_timeline(desk: Client, site: Site) -> None:
    lead = LeadFactory(site=site, caller=PersonFactory(phone_e164=NUMBER))
    texted(site)
    text = text_of(desk.get(f"/desk/leads/{lead.reference}/"))
    assert "Text message from them" in text
    assert "Can I come tomorrow?" in text


def test_who_rings_pops_up_with_the_lead(desk: Client, site: Site) -> None:
    lead = LeadFactory(site=site, level=Level.U1, caller=PersonFactory(name="Ada Example"))
    missed(site, lead=lead, state=CallState.RINGING, ended_at=None)
    page = desk.get("/desk/")
    assert f"Ringing now on Front desk: Ada Example , {lead.reference}, U1" in text_of(page)
    assert f'href="/desk/leads/{lead.reference}/"' in page.content.decode()


def test_an_unknown_number_pops_up_as_a_new_enquiry_without_the_number(desk: Client, site: Site) -> None:
    call = missed(site, state=CallState.RINGING, ended_at=None)
    page = desk.get("/desk/").content.decode()
    assert f'href="/desk/phone-enquiry/?call={call.pk}"' in page
    assert "900123" not in page


@pytest.mark.django_db(transaction=True)
def test_a_refresh_brings_the_pop_and_the_count(desk: Client, site: Site) -> None:
    tag = desk.get("/desk/")["ETag"]
    headers = {"HX-Request": "true", "If-None-Match": tag}
    assert desk.get("/desk/", headers=headers).status_code == 304
    missed(site, state=CallState.RINGING, ended_at=None)
    missed(site)
    touch_queues()
    part = desk.get("/desk/", headers=headers)
    assert part.status_code == 200
    assert "Ringing now" in text_of(part)
    assert '<span id="rail-phone" hx-swap-oob="innerHTML"><span class="count count--alarm">1</span>' in (
        part.content.decode().replace("\n", "")
    )


def test_the_rail_counts_calls_and_texts(desk: Client, site: Site) -> None:
    assert 'id="rail-phone"></span>' in desk.get(PAGE).content.decode().replace("\n", "")
    missed(site)
    texted(site)
    assert "Calls and texts 2 waiting" in text_of(desk.get(PAGE))


def test_an_outsider_sees_nothing_and_can_settle_nothing(client: Client, site: Site, outsider: User) -> None:
    ringing = missed(site, state=CallState.RINGING, ended_at=None)
    call, text = missed(site), texted(site)
    client.force_login(outsider)
    assert NUMBER not in client.get(PAGE).content.decode()
    assert str(ringing.pk) not in client.get("/desk/").content.decode()
    assert client.post(f"{PAGE}{call.pk}/settle/").status_code == 404
    assert client.post(f"/desk/texts-in/{text.pk}/read/").status_code == 404


def test_the_pages_are_for_those_who_answer_callers(
    client: Client, site: Site, coordinator: User, manager: User, clinician: User
) -> None:
    call, text = missed(site), texted(site)
    missed(site, state=CallState.RINGING, ended_at=None)
    for person, status in ((coordinator, 200), (manager, 200), (clinician, 403)):
        client.force_login(person)
        assert client.get(PAGE).status_code == status
        assert ("Ringing now" in text_of(client.get("/desk/"))) is (status == 200)
    assert client.post(f"{PAGE}{call.pk}/settle/").status_code == 403
    assert client.post(f"/desk/texts-in/{text.pk}/read/").status_code == 403
    client.logout()
    assert client.get(PAGE).url == f"/accounts/login/?next={PAGE}"


def test_settling_and_reading_are_posts(desk: Client, site: Site) -> None:
    assert desk.get(f"{PAGE}{missed(site).pk}/settle/").status_code == 405
    assert desk.get(f"/desk/texts-in/{texted(site).pk}/read/").status_code == 405
    assert desk.post(PAGE).status_code == 405


def test_thirty_of_each_cost_as_many_queries_as_one(desk: Client, site: Site) -> None:
    counts = []
    for number in (1, 29):
        for _ in range(number):
            lead = LeadFactory(site=site)
            missed(site, lead=lead, number=lead.caller.phone_e164)
            texted(site)
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(PAGE).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
