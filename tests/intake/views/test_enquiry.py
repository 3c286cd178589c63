"""The forms of one page: one enquiry a submission, nothing lost, danger first."""

from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from crm.enums import LeadChannel
from crm.models import Lead, Site
from intake.models import Enquiry
from intake.services.screening import HONEYPOT, NO_TRAP, TOO_FAST
from tests.intake.forms.sent import REFERRAL, URGENT
from tests.intake.views.pages import document, hidden, main, text_of, title, words

pytestmark = pytest.mark.django_db
FORMS = [("/urgent/", URGENT), ("/refer/", REFERRAL)]
NEXT = {"/urgent/": "/more/"}


@pytest.mark.parametrize(("path", "sent"), FORMS)
def test_sending_stores_one_enquiry_and_says_that_it_was_taken(
    client: Client, centre: Site, path: str, sent: dict[str, Any]
) -> None:
    response = client.post(path, sent | hidden(client.get(path)), follow=True)
    assert response.redirect_chain[0][0].startswith(NEXT.get(path, "/received/"))
    assert "We have your message" in main(response)
    assert response.status_code == 200
    enquiry = Enquiry.objects.get()
    assert enquiry.answers["free_text"].startswith("I need some help")
    assert enquiry.lead_id
    assert enquiry.consent["notice"]


def test_a_referral_comes_by_its_own_channel(client: Client, centre: Site) -> None:
    client.post("/refer/", REFERRAL)
    assert Enquiry.objects.get().channel == LeadChannel.REFERRAL


def test_each_form_shown_gets_a_key_of_its_own(client: Client, centre: Site) -> None:
    first, second = (hidden(client.get("/urgent/"))["idempotency_key"] for _ in range(2))
    assert first != second


def test_a_double_click_makes_one_enquiry_and_goes_to_the_same_page(client: Client, centre: Site) -> None:
    first, second = (client.post("/urgent/", URGENT)["Location"] for _ in range(2))
    assert first == second
    assert Enquiry.objects.count() == 1


def test_a_correction_does_not_burn_the_key(client: Client, centre: Site) -> None:
    assert client.post("/urgent/", URGENT | {"phone": ""}).status_code == 422
    assert client.post("/urgent/", URGENT).status_code == 302
    assert Enquiry.objects.get().idempotency_key == URGENT["idempotency_key"]


def test_words_changed_after_going_back_are_a_second_enquiry_of_the_same_lead(
    client: Client, centre: Site
) -> None:
    client.post("/urgent/", URGENT)
    changed = URGENT | {"free_text": "It has got worse"}
    first, second = (client.post("/urgent/", changed)["Location"] for _ in range(2))
    assert first == second
    assert (Enquiry.objects.count(), Lead.objects.count()) == (2, 1)


@pytest.mark.parametrize("key", ["", "not a key", "\x00", "x" * 5000, "-" * 500 + URGENT["idempotency_key"]])
def test_a_form_that_lost_its_key_is_taken_all_the_same(client: Client, centre: Site, key: str) -> None:
    assert client.post("/urgent/", URGENT | {"idempotency_key": key}).status_code == 302
    assert Enquiry.objects.count() == 1


def test_an_error_is_summed_up_and_every_answer_is_kept(client: Client, centre: Site) -> None:
    sent = URGENT | {"phone": "", "name": "Zoë", "happening": ["confusion"]}
    response = client.post("/urgent/", sent)
    page = document(response)
    summary = page.find(".//div[@data-error-summary]")
    assert response.status_code == 422
    assert title(response).startswith("Error: ")
    assert [each.get("href") for each in summary.iterfind(".//a")] == ["#id_phone"]
    assert page.find(".//input[@id='id_phone']").get("aria-describedby") == "id_phone_helptext id_phone_error"
    assert words(page.find(".//p[@id='id_phone_error']")).startswith("Error: Give a phone number")
    assert page.find(".//input[@name='name']").get("value") == "Zoë"
    assert page.find(".//input[@value='confusion']").get("checked") is not None
    assert words(page.find(".//textarea")) == "I need some help"
    assert Enquiry.objects.count() == 0


def test_danger_is_answered_before_any_correction_is_asked_for(client: Client, centre: Site) -> None:
    response = client.post("/urgent/", {"happening": ["seizure_24h"], "enquirer": "loved_one"})
    page = main(response)
    assert response.status_code == 422
    assert page.index("Call 999 now") < page.index("There is a problem")
    assert "have not been sent yet" in page


def test_the_trap_for_robots_sends_an_enquiry_to_review_and_refuses_nobody(
    client: Client, centre: Site
) -> None:
    assert client.post("/urgent/", URGENT | {"homepage": "http://x.example"}).status_code == 302
    assert HONEYPOT in Enquiry.objects.get().flags


def test_when_the_form_was_shown_is_checked_by_its_signature(client: Client, centre: Site) -> None:
    client.post("/urgent/", URGENT)
    client.post("/urgent/", URGENT | hidden(client.get("/urgent/")) | {"free_text": "Something else"})
    assert [each.flags for each in Enquiry.objects.order_by("id")] == [[NO_TRAP], [TOO_FAST]]


def test_no_cookie_is_needed(centre: Site) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/urgent/", URGENT).status_code == 302


def test_without_a_database_nothing_is_promised_and_nothing_is_lost(
    client: Client, centre: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: object, **__: object) -> None:
        raise OperationalError("the database is down")

    for place in ("intake.views.enquiry.default_site", "intake.frame.default_site"):
        monkeypatch.setattr(place, down)
    monkeypatch.setattr("intake.services.advice.triage_in_request", down)
    monkeypatch.setattr("django.conf.settings.PUBLIC_PHONE", "01632 960 123", raising=False)
    response = client.post("/urgent/", URGENT | {"happening": ["overdose_24h"], "name": "Zoë"})
    page = main(response)
    assert response.status_code == 503
    assert "We could not take your message" in page
    assert centre.phone in page or "01632 960 123" in page  # the last one known, or the setting's
    assert page.index("Call 999") < page.index("We could not take")
    assert 'value="Zoë"' in text_of(response)
    assert "116 123" in text_of(response)


@pytest.mark.parametrize(
    "body",
    [
        b"\xff\xfe\x00=\x00",
        b"enquirer=self&enquirer=loved_one&phone=07700900123&free_text=%00%F0%9F%8C%B1",
        b"=" * 10_000,
        b"unknown=1&" * 400,
    ],
)
def test_a_body_that_makes_no_sense_is_an_answer_and_never_a_failure(
    client: Client, centre: Site, body: bytes
) -> None:
    response = client.post("/urgent/", body, content_type="application/x-www-form-urlencoded")
    assert response.status_code in {302, 422}


def test_a_text_of_a_megabyte_is_answered_and_kept(client: Client, centre: Site) -> None:
    response = client.post("/urgent/", URGENT | {"free_text": "x" * 1_000_000})
    assert response.status_code == 422
    assert "x" * 1_000_000 in text_of(response)


def test_a_body_beyond_the_limit_is_refused_with_the_numbers_in_sight(client: Client, centre: Site) -> None:
    response = client.post("/urgent/", URGENT | {"free_text": "x" * 2_000_000})
    assert response.status_code == 400
    assert "Call 999" in text_of(response)
    assert "shorter" in main(response)


def test_the_errors_are_summed_up_in_the_order_of_the_page(client: Client, centre: Site) -> None:
    sent = {"happening": ["junk"], "safe_ways": ["junk"], "free_text": "x", "idempotency_key": "x"}
    summary = document(client.post("/urgent/", sent)).find(".//div[@data-error-summary]")
    assert [(each.get("href"), words(each)) for each in summary.iterfind(".//a")] == [
        ("#id_enquirer_0", "Choose who this is for."),
        ("#id_happening_0", "Choose answers from the list."),
        ("#id_safe_ways_0", "Choose answers from the list."),
    ]
