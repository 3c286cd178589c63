"""What callers do on their own page, without scripts and without an account."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from crm.enums import Band, ContactMethod, EventKind, Level, RequestKind
from crm.models import CallerRequest, Lead, Person, Site, User
from intake.models import Enquiry
from intake.services.linking import Heard, link_enquiry
from intake.services.placement import place_lead
from intake.services.submission import submit_enquiry
from intake.tokens import received_token
from jobs.clock import database_now
from notifications.enums import MessageKind
from notifications.models import Message
from tests.factories.enquiries import CALM, submission
from tests.factories.opening import shut
from tests.intake.views.pages import document, main, title, words
from tests.vault.raw_rows import assert_absent

pytestmark = pytest.mark.django_db
OWN = ("ways", "more", "sooner", "stop", "resume", "copy", "erase", "close")
SAFE = {"call": True, "email": True}


def sent(centre: Site, *, said: dict[str, Any] | None = None, **contact: Any) -> Enquiry:
    """Return a stored and placed enquiry of Ada's, who called calls and e-mail safe."""
    given = {"safe_contact": SAFE} | contact
    at = database_now()
    enquiry = submit_enquiry(submission=submission(centre, said=said, **given), at=at).enquiry
    place_lead(enquiry_id=enquiry.pk, at=at)
    return enquiry


def address(enquiry: Enquiry, wish: str = "") -> str:
    page = f"/received/{received_token(enquiry.pk)}/"
    return f"{page}{wish}/" if wish else page


def press(client: Client, enquiry: Enquiry, wish: str, data: dict[str, Any] | None = None) -> HttpResponse:
    return client.post(address(enquiry, wish), data or {}, follow=True)


def lead_of(enquiry: Enquiry) -> Lead:
    return Lead.objects.select_related("caller").get(enquiries=enquiry)


def buttons(response: HttpResponse) -> set[str]:
    page = document(response).find(".//main")
    return {words(each) for tag in ("button", "a[@class]") for each in page.iterfind(f".//{tag}")}


# --- the promise


def test_the_promise_does_not_move_when_the_page_is_loaded_again(
    client: Client, centre: Site, monkeypatch: Any
) -> None:
    enquiry = sent(centre)
    first = words(document(client.get(address(enquiry))).find(".//p[@class='promise__when']"))
    later = database_now() + timedelta(minutes=5)
    monkeypatch.setattr("intake.views.received.database_now", lambda: later)
    again = words(document(client.get(address(enquiry))).find(".//p[@class='promise__when']"))
    assert first == again


def test_at_night_an_urgent_caller_is_told_the_truth_and_whom_to_ring(client: Client, centre: Site) -> None:
    shut(centre)
    enquiry = sent(centre, said=CALM | {"suicide": "thoughts_safe_now"})
    page = main(client.get(address(enquiry)))
    assert "Nobody is on shift right now. The next person is here at" in page
    assert "We want to call you before" in page
    assert "we cannot be sure of it" in page
    assert "A person will call you" not in page
    assert "Samaritans on 116 123" in page
    assert lead_of(enquiry).level == Level.U1
    assert lead_of(enquiry).respond_by == enquiry.received_at + timedelta(minutes=30)


def test_a_planned_call_is_promised_for_staffed_hours_and_the_page_says_so(
    client: Client, centre: Site
) -> None:
    shut(centre)
    enquiry = sent(centre)
    page = main(client.get(address(enquiry)))
    assert "Nobody is on shift right now" in page
    assert "A person will call you before" in page
    lead = lead_of(enquiry)
    assert lead.respond_by > enquiry.received_at + timedelta(days=2)
    assert lead.respond_by.isoformat() == Enquiry.objects.get(pk=enquiry.pk).answer["call_by"]


def test_whoever_waits_behind_others_is_told_so(client: Client, centre: Site) -> None:
    late = lead_of(sent(centre))
    Lead.objects.filter(pk=late.pk).update(due_at=database_now() - timedelta(hours=1))
    page = main(client.get(address(sent(centre, phone="07700 900456", email="", name="Bea"))))
    assert "Others are still waiting for their call" in page


def test_somebody_who_named_no_safe_way_is_promised_nothing(client: Client, centre: Site) -> None:
    page = main(client.get(address(sent(centre, safe_contact=False))))
    assert "We do not know a safe way to reach you" in page
    assert "before" not in page.split("Your reference")[0]
    assert "in the ways you said are safe" not in page


def test_somebody_who_is_watched_and_named_no_way_is_promised_nothing(client: Client, centre: Site) -> None:
    watched = CALM | {"situation": ["abuse_or_coercion"]}
    page = main(client.get(address(sent(centre, said=watched, email="", safe_contact={}))))
    assert "We do not know a safe way to reach you" in page
    assert "A person will" not in page.split("Your reference")[0].replace("A person will read it", "")


def test_whoever_ticked_nothing_is_told_what_we_do(client: Client, centre: Site) -> None:
    page = main(client.get(address(sent(centre, email="", safe_contact={}))))
    assert "You did not say which ways are safe, so we only do this: we call you." in page
    assert "in the ways you said are safe" not in page


def test_once_we_have_spoken_nothing_is_promised_any_more(client: Client, centre: Site) -> None:
    enquiry = sent(centre)
    lead = lead_of(enquiry)
    Lead.objects.filter(pk=lead.pk).update(first_contact_at=database_now(), band=Band.FOLLOW_UP)
    assert "We have been in touch" in main(client.get(address(enquiry)))


def test_a_closed_enquiry_promises_no_call(client: Client, centre: Site) -> None:
    enquiry = sent(centre)
    closed = {"stage": "CLOSED", "closed_at": database_now(), "disposition": "CHOSE_ANOTHER"}
    Lead.objects.filter(enquiries=enquiry).update(**closed)
    page = client.get(address(enquiry))
    assert "Nobody is going to call you about it now" in main(page)
    assert "Call me sooner" not in buttons(page)


# --- asking for something


def test_call_me_sooner_is_seen_by_staff_and_confirmed(client: Client, centre: Site, manager: User) -> None:
    enquiry = sent(centre)
    page = press(client, enquiry, "sooner")
    assert "You asked us to call sooner at" in main(page)
    assert "Call me sooner" not in buttons(page)
    press(client, enquiry, "sooner")
    assert Message.objects.filter(kind=MessageKind.CALLER_WANTS_SOONER).count() == 1


def test_stop_contacting_me_stops_at_once_and_can_be_taken_back(client: Client, centre: Site) -> None:
    enquiry = sent(centre)
    page = press(client, enquiry, "stop")
    assert "We have stopped contacting you" in main(page)
    assert "will call you" not in main(page)
    assert "E-mail me a copy" not in buttons(page)
    assert not lead_of(enquiry).caller.allows(ContactMethod.CALL)
    page = press(client, enquiry, "resume")
    assert "A person will call you before" in main(page)
    assert lead_of(enquiry).caller.allows(ContactMethod.CALL)


def test_a_copy_goes_by_e_mail_and_names_nothing(client: Client, centre: Site) -> None:
    enquiry = sent(centre, said=CALM | {"substances": [{"name": "ketamine"}]})
    assert "You asked for a copy at" in main(press(client, enquiry, "copy"))
    message = Message.objects.get(kind=MessageKind.ENQUIRY_COPY)
    assert message.to == "ada@example.org"
    assert message.context["link"].endswith(address(enquiry))
    assert_absent(connection, [received_token(enquiry.pk)])
    assert "ketamine" not in str(message.context)


def test_no_copy_is_offered_nor_sent_where_e_mail_is_not_safe(client: Client, centre: Site) -> None:
    enquiry = sent(centre, safe_contact=["call"])
    assert "E-mail me a copy" not in buttons(client.get(address(enquiry)))
    press(client, enquiry, "copy")
    assert not Message.objects.filter(kind=MessageKind.ENQUIRY_COPY).exists()


def test_erasing_is_a_request_with_a_due_date_and_the_page_says_so(client: Client, centre: Site) -> None:
    enquiry = sent(centre)
    page = main(press(client, enquiry, "erase"))
    request = CallerRequest.objects.get(kind=RequestKind.ERASE)
    assert request.due_date
    assert f"A person must deal with it by {request.due_date:%-d %B %Y}" in page
    assert Enquiry.objects.filter(pk=enquiry.pk).exists()


def test_a_new_number_is_used_and_never_shown(client: Client, centre: Site) -> None:
    enquiry = sent(centre)
    form = client.get(address(enquiry, "ways"))
    assert "900123" not in form.content.decode()
    assert "ada@" not in form.content.decode()
    page = press(client, enquiry, "ways", {"phone": "07700 900777", "safe_ways": ["text"], "ask_for": "Jo"})
    assert "You told us how to reach you at" in main(page)
    assert "A person will text you before" in main(page)
    caller = lead_of(enquiry).caller
    assert (caller.phone, caller.ask_for, caller.may_call, caller.may_text) == (
        "07700 900777",
        "Jo",
        False,
        True,
    )


@pytest.mark.parametrize(
    ("data", "error"),
    [({}, "Tick every way that is safe now"), ({"safe_ways": ["post"]}, "Write the address")],
)
def test_what_reaches_nobody_is_asked_again(
    client: Client, centre: Site, data: dict[str, Any], error: str
) -> None:
    enquiry = sent(centre)
    response = client.post(address(enquiry, "ways"), data)
    assert response.status_code == 422
    assert title(response).startswith("Error: ")
    assert error in main(response)
    assert lead_of(enquiry).caller.may_call


# --- it has got worse


def test_getting_worse_raises_the_lead_and_interrupts(client: Client, centre: Site) -> None:
    enquiry = sent(centre)
    page = press(client, enquiry, "more", {"happening": ["seizure_24h"], "suicide": "", "free_text": ""})
    assert words(document(page).find(".//h1")) == "Call 999 now"
    added = Enquiry.objects.get(adds_to=enquiry)
    place_lead(enquiry_id=added.pk, at=database_now())
    assert lead_of(enquiry).level == Level.E1


def test_getting_worse_is_seen_by_staff_whatever_the_rules_make_of_it(
    client: Client, centre: Site, manager: User
) -> None:
    enquiry = sent(centre)
    page = press(client, enquiry, "more", {"free_text": "I cannot sleep at all now"})
    assert Message.objects.filter(kind=MessageKind.CALLER_IS_WORSE).count() == 1
    assert lead_of(enquiry).events.filter(kind=EventKind.ANSWERED_MORE).exists()
    assert "You told us that it has got worse at" in main(page)


def test_getting_worse_is_no_wish_for_a_sooner_call(client: Client, centre: Site, manager: User) -> None:
    enquiry = sent(centre)
    page = press(client, enquiry, "more", {"free_text": "I cannot sleep at all now"})
    assert "You asked us to call sooner" not in main(page)
    assert "Call me sooner" in buttons(page)
    assert not Message.objects.filter(kind=MessageKind.CALLER_WANTS_SOONER).exists()
    assert [each.kind for each in lead_of(enquiry).requests.all()] == [RequestKind.WORSE]
    assert "You asked us to call sooner" in main(press(client, enquiry, "sooner"))


def test_sending_it_again_says_it_once(client: Client, centre: Site, manager: User) -> None:
    enquiry = sent(centre)
    said = {"free_text": "I cannot sleep at all now", "idempotency_key": str(uuid4())}
    press(client, enquiry, "more", said)
    press(client, enquiry, "more", said)
    press(client, enquiry, "more", said | {"free_text": "Changed after Back"})
    assert lead_of(enquiry).events.filter(kind=EventKind.GOT_WORSE).count() == 2
    assert Message.objects.filter(kind=MessageKind.CALLER_IS_WORSE).count() == 1


def test_what_got_worse_while_it_could_not_be_linked_alerts_once_it_is(
    client: Client, centre: Site, manager: User, monkeypatch: Any
) -> None:
    enquiry = sent(centre)
    with monkeypatch.context() as broken:
        broken.setattr("intake.services.linking.add_to_lead", None)
        press(client, enquiry, "more", {"free_text": "I cannot sleep at all now"})
    assert not Message.objects.filter(kind=MessageKind.CALLER_IS_WORSE).exists()
    added = Enquiry.objects.get(adds_to=enquiry)
    link_enquiry(heard=Heard.again(added), at=database_now())
    assert Message.objects.filter(kind=MessageKind.CALLER_IS_WORSE).count() == 1


def test_saying_nothing_asks_again_and_an_emergency_comes_before_the_correction(
    client: Client, centre: Site
) -> None:
    enquiry = sent(centre)
    assert "Tick what fits, or write a few words." in main(client.post(address(enquiry, "more"), {}))
    response = client.post(
        address(enquiry, "more"), {"happening": ["seizure_24h"], "free_text": "x" * 20_001}
    )
    assert response.status_code == 422
    assert document(response).find(".//main//section").get("class") == "alarm"


def test_after_very_many_additions_the_page_is_calm_and_danger_is_still_heard(
    client: Client, centre: Site, monkeypatch: Any
) -> None:
    monkeypatch.setattr("intake.services.additions.MOST", 1)
    enquiry = sent(centre)
    press(client, enquiry, "more", {"free_text": "I cannot sleep at all now"})
    response = client.post(address(enquiry, "more"), {"free_text": "And my hands <shake>"})
    assert response.status_code == 429
    page = main(response)
    assert "You have told us a lot" in page
    assert "020 7946 0000" in page
    assert "And my hands <shake>" in page
    assert Enquiry.objects.filter(adds_to=enquiry).count() == 1
    page = press(client, enquiry, "more", {"happening": ["seizure_24h"]})
    assert words(document(page).find(".//h1")) == "Call 999 now"


# --- whose page it is


def test_a_closed_page_shows_nothing_any_more(client: Client, centre: Site) -> None:
    enquiry = sent(centre)
    response = client.post(address(enquiry, "close"))
    assert "Its address shows nothing from now on" in main(response)
    gone = client.get(address(enquiry))
    assert gone.status_code == 404
    assert "020 7946 0000" in main(gone)
    assert client.post(address(enquiry, "stop")).status_code == 404


def test_an_enquiry_after_the_closing_has_a_page_again(client: Client, centre: Site) -> None:
    first = sent(centre)
    closed_at = first.received_at - timedelta(seconds=1)
    Lead.objects.filter(enquiries=first).update(pages_closed_at=closed_at)
    assert client.get(address(first)).status_code == 200


@pytest.mark.parametrize("wish", OWN)
@pytest.mark.parametrize("token", ["x", "x.y", "AaIDa7mXfG64BCqcSo2riQ.forged"])
def test_a_token_that_is_not_ours_asks_for_nothing(
    client: Client, centre: Site, wish: str, token: str
) -> None:
    assert client.post(f"/received/{token}/{wish}/").status_code == 404


@pytest.mark.parametrize("wish", OWN)
def test_an_expired_page_asks_for_nothing(client: Client, centre: Site, monkeypatch: Any, wish: str) -> None:
    enquiry = sent(centre)
    later = database_now() + timedelta(days=31)
    monkeypatch.setattr("intake.views.own_page.database_now", lambda: later)
    assert client.post(address(enquiry, wish)).status_code == 404
    assert not CallerRequest.objects.exists()


def test_the_page_of_one_lead_changes_nothing_of_another(client: Client, centre: Site) -> None:
    mine = sent(centre)
    other = sent(centre, phone="07700 900456", email="", name="Bea")
    for wish in ("sooner", "stop", "erase", "close"):
        press(client, mine, wish)
    assert not lead_of(other).requests.exists()
    assert lead_of(other).caller.may_be_contacted
    assert client.get(address(other)).status_code == 200


def test_somebody_with_the_same_number_learns_nothing_of_the_first_and_makes_nothing_safe(
    client: Client, centre: Site
) -> None:
    first = sent(centre, safe_contact=["call"])
    press(client, first, "sooner")
    later = sent(centre, name="", email="", safe_contact=["call", "text"])
    assert lead_of(later) == lead_of(first)
    page = main(client.get(address(later)))
    assert "You asked us to call sooner" not in page
    press(client, later, "ways", {"phone": "07700 900999", "safe_ways": ["call", "text"]})
    caller = Person.objects.get(pk=lead_of(first).caller_id)
    assert (caller.phone, caller.may_text) == ("07700 900123", False)
    press(client, first, "stop")
    page = main(client.get(address(later)))
    assert "stopped" not in page
    assert "We cannot say on this page when we will be in touch" in page
    press(client, later, "resume")
    assert not lead_of(first).caller.may_be_contacted


def test_only_a_plain_post_asks_for_anything(client: Client, centre: Site) -> None:
    enquiry = sent(centre)
    assert client.get(address(enquiry, "stop")).status_code == 405
    assert client.post(address(enquiry, "anything")).status_code == 404
    assert lead_of(enquiry).caller.may_be_contacted


@pytest.mark.parametrize("wish", ["", "ways", "more"])
def test_each_page_is_private_and_neutral(client: Client, centre: Site, wish: str) -> None:
    response = client.get(address(sent(centre, said=CALM | {"substances": [{"name": "ketamine"}]}), wish))
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert "noindex" in response["X-Robots-Tag"]
    assert title(response) == "Your message - Harbour House"
    assert not response.cookies
