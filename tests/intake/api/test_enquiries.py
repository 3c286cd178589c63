"""POST /api/v1/enquiries: what a website or another service of the clinic sends."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from crm.enums import Band, LeadChannel, Queue
from crm.models import Lead, Site
from intake.models import Enquiry
from intake.services.reconciliation import reconcile
from jobs.clock import database_now
from notifications.models import Message
from tests.factories.enquiries import ADA, CALM, DRINKER, IN_DANGER
from tests.factories.opening import shut
from tests.intake.api.conftest import Send
from tests.intake.views.pages import main
from tests.jobs.threads import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("front_door")]
BODY = DRINKER | {"contact": ADA, "consent": True}
PHONE = {"contact": {"phone": "07700 900123"}}


def test_an_enquiry_is_stored_and_becomes_a_lead(send: Send, front_door: Site) -> None:
    response = send(BODY, key="one")
    assert response.status_code == 201
    enquiry = Enquiry.objects.get(reference=response.json()["reference"])
    assert (enquiry.channel, enquiry.site, enquiry.idempotency_key) == (LeadChannel.API, front_door, "one")
    assert enquiry.answers["substances"][0]["amount_per_day"] == 18
    assert enquiry.contact == ADA
    assert enquiry.consent == {"given": True}
    assert enquiry.lead.queue == Queue.UNROUTED
    assert reconcile().unaccounted == 0


def test_the_answer_tells_the_caller_what_to_do_first(send: Send) -> None:
    told = send(IN_DANGER | PHONE).json()
    assert list(told) == ["reference", "status_url", "outcome", "messages", "call_by", "promise"]
    assert told["outcome"] == "emergency_signpost"
    assert told["messages"][0]["key"] == "M999"
    assert told["messages"][0]["text"].startswith("Call 999 now.")


def test_the_promised_time_carries_its_offset(send: Send) -> None:
    call_by = datetime.fromisoformat(send(IN_DANGER | PHONE).json()["call_by"])
    assert call_by.utcoffset() is not None
    assert timedelta(minutes=4) < call_by - database_now() <= timedelta(minutes=5)


class TestPromise:
    """What the API says of the call is what the caller's own page says."""

    def page_of(self, told: dict[str, Any]) -> str:
        return main(Client().get(told["status_url"].removeprefix("http://127.0.0.1:8000")))

    def test_while_somebody_is_there_it_is_a_promise(self, send: Send) -> None:
        told = send(CALM | PHONE).json()
        assert told["promise"].startswith("A person will call you before ")
        assert told["promise"].rstrip(".") in self.page_of(told)

    def test_a_closed_desk_promises_an_urgent_caller_nothing(self, send: Send, front_door: Site) -> None:
        shut(front_door)
        told = send(IN_DANGER | PHONE).json()
        assert told["promise"].startswith("We want to call you before ")
        assert "But we cannot be sure of it. Nobody is on shift right now." in told["promise"]
        page = self.page_of(told)
        assert all(sentence.strip() in page for sentence in told["promise"].split("."))

    def test_without_a_safe_way_no_call_is_promised(self, send: Send) -> None:
        told = send(CALM | {"contact": PHONE["contact"] | {"safe_contact": False}}).json()
        assert told["promise"] == "We do not know a safe way to reach you. So we cannot promise a call."
        assert "We do not know a safe way to reach you" in self.page_of(told)

    def test_a_retry_is_told_the_same_whatever_happened_meanwhile(self, send: Send, front_door: Site) -> None:
        first = send(CALM | PHONE, key="one")
        Lead.objects.update(first_contact_at=database_now(), band=Band.FOLLOW_UP)
        shut(front_door)
        assert send(CALM | PHONE, key="one").content == first.content


def test_the_status_page_opens_without_an_account_and_names_nobody_in_its_address(send: Send) -> None:
    response = send(BODY)
    address = response.json()["status_url"]
    assert address.startswith("http://127.0.0.1:8000/received/")
    for secret in ("Ada", "900123", "alcohol", response.json()["reference"]):
        assert secret not in address
    page = Client().get(address.removeprefix("http://127.0.0.1:8000"))
    assert page.status_code == 200
    assert response.json()["reference"] in page.content.decode()


def test_a_missing_answer_counts_as_unknown(send: Send) -> None:
    told = send(PHONE).json()
    stored = Enquiry.objects.get().answers
    assert (stored["suicide"], stored["age_band"], stored["substances"]) == ("unknown", "unknown", [])
    assert told["outcome"] == "urgent"  # unknown is not "no"


def test_null_and_unknown_keys_are_no_reason_to_refuse(send: Send) -> None:
    body = {**CALM, "symptoms": None, "contact": ADA | {"fax": "1"}, "consent": None, "utm": {"a": [1]}}
    assert send(body).status_code == 201
    assert "utm" not in Enquiry.objects.get().answers


def test_the_same_body_with_the_same_key_gets_the_same_answer(send: Send) -> None:
    first, again = send(BODY, key="one"), send(BODY, key="one")
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert Enquiry.objects.count() == 1
    assert Lead.objects.get().enquiry_count == 1


def test_fifty_retries_in_the_same_moment_get_the_same_answer(send: Send, transactional_db: None) -> None:
    answers = {response.content for response in at_once(50, lambda: send(BODY, key="one"))}
    assert len(answers) == 1
    assert Lead.objects.count() == Enquiry.objects.count() == 1


@pytest.mark.parametrize("change", [{"consent": False}, {"contact": ADA | {"name": "Bea"}}, {"symptoms": []}])
def test_the_same_key_with_another_body_is_a_conflict_and_the_first_is_kept(send: Send, change: Any) -> None:
    send(BODY, key="one")
    response = send(BODY | change, key="one")
    assert response.status_code == 409
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["type"].endswith("/idempotency-key-reused")
    assert Enquiry.objects.get().contact["name"] == "Ada Example"


def test_a_refused_body_does_not_burn_the_key(send: Send) -> None:
    assert send({}, key="one").status_code == 422
    assert send(BODY, key="one").status_code == 201


@pytest.mark.parametrize("key", [None, "", "   "])
def test_without_a_key_every_request_is_an_enquiry_of_its_own(send: Send, key: str | None) -> None:
    assert [send(BODY, key=key).status_code for _ in range(2)] == [201, 201]
    assert Enquiry.objects.count() == 2
    assert Lead.objects.get().enquiry_count == 2


@pytest.mark.parametrize("key", ["k" * 101, "k" * 5000, "clé-✓".encode().decode("latin-1"), "tab\there"])
def test_a_key_of_any_length_and_kind_works(send: Send, key: str) -> None:
    first, again = send(BODY, key=key), send(BODY, key=key)
    assert first.status_code == 201
    assert again.content == first.content
    assert send(BODY, key=key + "x").json()["status_url"] != first.json()["status_url"]
    assert Enquiry.objects.count() == 2


def test_a_signed_in_browser_gets_no_say_in_it(desk: Client, send: Send) -> None:
    assert send(BODY).status_code == 201
    assert Enquiry.objects.get().taken_by is None


def test_an_e_mail_confirms_it_where_that_is_safe(send: Send) -> None:
    send(BODY | {"contact": ADA})
    send(BODY | {"contact": {"email": "bea@example.org", "safe_contact": {"email": False}}})
    assert Message.objects.filter(kind="ENQUIRY_ACKNOWLEDGEMENT").count() == 1


def test_somebody_who_may_be_watched_hears_nothing_by_a_way_that_they_did_not_name(send: Send) -> None:
    send({"situation": ["abuse_or_coercion"], "contact": ADA})
    lead = Lead.objects.select_related("caller").get()
    assert not lead.caller.may_email
    assert not Message.objects.exists()


def test_a_link_in_the_words_is_noted_and_keeps_nobody_waiting(send: Send) -> None:
    assert send(BODY | {"free_text": "see https://example.org"}).status_code == 201
    assert Enquiry.objects.get().flags == ["HAS_LINK"]
    assert Lead.objects.get().queue == Queue.UNROUTED
