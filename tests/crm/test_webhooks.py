"""What phone systems post: believed only with a signature, stored first, and never counted twice."""

import logging

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from crm.checks import check_phone_secrets
from crm.enums import CallState, PhoneProvider
from crm.models import PhoneCall, PhoneEvent, PhoneLine, PhoneText, Site
from crm.services.phone_events import process_event
from crm.services.phone_refusals import refusal_counts
from crm.tasks import process_phone_event
from crm.telephony.news import Unreadable
from jobs.clock import database_now
from jobs.models import Job
from tests.factories.phone import (
    HOST,
    NUMBER,
    PhoneLineFactory,
    address,
    configure,
    from_other,
    from_twilio,
    ring,
    run_phone_jobs,
    text,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _secrets(settings: LazySettings) -> None:
    configure(settings)
    cache.clear()


@pytest.fixture
def line(site: Site) -> PhoneLine:
    return PhoneLineFactory(site=site)


@pytest.fixture
def other(site: Site) -> PhoneLine:
    return PhoneLineFactory(site=site, provider=PhoneProvider.SIGNED)


def test_a_signed_message_is_stored_encrypted_with_its_job_and_nothing_else_yet(
    client: Client, line: PhoneLine
) -> None:
    assert from_twilio(client, line, ring()).status_code == 200
    event, job = PhoneEvent.objects.get(), Job.objects.get()
    assert (event.line, event.processed_at) == (line, None)
    assert NUMBER in event.payload
    assert (job.subject, job.kind, job.queue) == (event.pk, "crm.tasks.process_phone_event", "urgent")
    assert not PhoneCall.objects.exists()


def test_the_job_makes_a_call_of_it_once_and_empties_it(client: Client, line: PhoneLine) -> None:
    from_twilio(client, line, ring())
    event = PhoneEvent.objects.get()
    for _ in range(2):
        process_phone_event(subject=event.pk, at=database_now())
    event.refresh_from_db()
    call = PhoneCall.objects.get()
    assert (call.site, call.line, call.number, call.state) == (line.site, line, NUMBER, CallState.RINGING)
    assert (event.payload, event.processed_at is not None) == ("", True)


@pytest.mark.parametrize(
    "headers", [{"X-Twilio-Signature": "forged"}, {"X-Twilio-Signature": ""}, {"Host": "other.example"}]
)
def test_a_wrong_signature_is_refused_counted_and_leaves_no_trace_of_the_body(
    client: Client, line: PhoneLine, caplog: pytest.LogCaptureFixture, headers: dict[str, str]
) -> None:
    with caplog.at_level(logging.DEBUG):
        response = from_twilio(client, line, text("I am in danger"), **headers)
    assert (response.status_code, response.content) == (403, b"")
    assert refusal_counts() == {"FORGED": 1, "STALE": 0, "REPLAYED": 0, "NO_SECRET": 0, "BAD_SECRET": 0}
    assert not PhoneEvent.objects.exists()
    assert "danger" not in caplog.text
    assert "900123" not in caplog.text


def test_a_replay_is_refused_and_counted(client: Client, line: PhoneLine, other: PhoneLine) -> None:
    said = {"type": "text", "id": "t1", "from": NUMBER, "text": "Hello"}
    assert from_twilio(client, line, ring()).status_code == 200
    assert from_twilio(client, line, ring()).status_code == 409
    assert from_other(client, other, said, event_id="m1").status_code == 204
    assert from_other(client, other, said, event_id="m1").status_code == 409
    assert (PhoneEvent.objects.count(), Job.objects.count()) == (2, 2)
    assert refusal_counts()["REPLAYED"] == 2


def test_a_replay_is_refused_after_it_was_processed_too(client: Client, line: PhoneLine) -> None:
    from_twilio(client, line, text("STOP"))
    run_phone_jobs()
    said = text("STOP", MessageSid="SM1")
    from_twilio(client, line, said)
    run_phone_jobs()
    assert from_twilio(client, line, said).status_code == 409
    assert PhoneText.objects.count() == 2


def test_another_systems_message_that_is_too_old_is_refused(client: Client, other: PhoneLine) -> None:
    said = {"type": "call", "id": "c1", "status": "ringing", "from": NUMBER}
    long_ago = int(database_now().timestamp()) - 301
    assert from_other(client, other, said, sent_at=long_ago).status_code == 403
    assert refusal_counts()["STALE"] == 1
    assert not PhoneEvent.objects.exists()


def test_a_signature_of_one_line_is_none_of_another(client: Client, line: PhoneLine, site: Site) -> None:
    twin = PhoneLineFactory(site=site)
    signed = from_twilio(client, line, ring()).wsgi_request.headers["X-Twilio-Signature"]
    sent = client.post(
        address(twin), ring(), secure=True, headers={"X-Twilio-Signature": signed, "Host": HOST}
    )
    assert sent.status_code == 403


def test_a_line_whose_secret_is_not_set_believes_nobody(
    client: Client, line: PhoneLine, settings: LazySettings
) -> None:
    settings.PHONE_SECRETS = {}
    assert from_twilio(client, line, ring()).status_code == 403
    assert refusal_counts()["NO_SECRET"] == 1


def test_a_secret_that_is_no_key_is_said_to_be_the_reason(
    client: Client, other: PhoneLine, settings: LazySettings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.PHONE_SECRETS = {"front": "whsec_this is no base64"}
    said = {"type": "call", "id": "c1", "status": "ringing", "from": NUMBER}
    assert from_other(client, other, said).status_code == 403
    assert refusal_counts()["BAD_SECRET"] == 1
    assert "BAD_SECRET" in caplog.text
    assert "base64" not in caplog.text
    assert [problem.id for problem in check_phone_secrets()] == ["crm.W001"]


def test_a_line_that_is_out_of_use_or_unknown_is_not_there(client: Client, line: PhoneLine) -> None:
    PhoneLine.objects.update(is_active=False)
    assert from_twilio(client, line, ring()).status_code == 404
    assert client.post("/hooks/phone/01890000-0000-7000-8000-000000000000/").status_code == 404


def test_only_posts_of_a_sensible_size_are_read(client: Client, line: PhoneLine) -> None:
    assert client.get(address(line)).status_code == 405
    assert from_twilio(client, line, text("x" * 70_000)).status_code == 413


def test_no_cookie_and_no_token_are_asked_for(line: PhoneLine) -> None:
    strict = Client(enforce_csrf_checks=True)
    response = from_twilio(strict, line, ring())
    assert response.status_code == 200
    assert not response.cookies
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(
    ("proxies", "forwarded", "status"),
    [
        (1, {"X-Forwarded-Proto": "https", "X-Forwarded-Host": HOST}, 200),
        (1, {"X-Forwarded-Proto": "http, https", "X-Forwarded-Host": f"evil.example, {HOST}"}, 200),
        (2, {"X-Forwarded-Proto": "https, http", "X-Forwarded-Host": f"{HOST}, inside:8000"}, 200),
        (0, {"X-Forwarded-Proto": "https", "X-Forwarded-Host": HOST}, 403),
        (1, {"X-Forwarded-Host": "evil.example"}, 403),
    ],
)
def test_the_address_is_the_one_that_our_own_proxies_saw(
    client: Client,
    line: PhoneLine,
    settings: LazySettings,
    proxies: int,
    forwarded: dict[str, str],
    status: int,
) -> None:
    settings.TRUSTED_PROXIES = proxies
    signed = from_twilio(client, line, ring()).wsgi_request.headers["X-Twilio-Signature"]
    PhoneEvent.objects.all().delete()
    headers = {"X-Twilio-Signature": signed, "Host": "inside:8000"} | forwarded
    assert client.post(address(line), ring(), headers=headers).status_code == status


def test_the_query_is_part_of_the_address(client: Client, line: PhoneLine) -> None:
    signed = from_twilio(client, line, ring()).wsgi_request.headers["X-Twilio-Signature"]
    headers = {"X-Twilio-Signature": signed, "Host": HOST}
    assert client.post(f"{address(line)}?x=1", ring(), secure=True, headers=headers).status_code == 403


def test_a_call_that_rings_is_passed_on_and_reported_back(client: Client, line: PhoneLine) -> None:
    PhoneLine.objects.update(passes_on_to="+441632960001")
    answer = from_twilio(client, line, ring())
    assert answer["Content-Type"] == "text/xml"
    words, back = answer.content.decode(), f"https://{HOST}{address(line)}"
    assert f'<Dial timeout="30" action="{back}">' in words
    assert f'statusCallback="{back}" statusCallbackEvent="answered">+441632960001</Number>' in words
    over = from_twilio(client, line, ring(CallStatus="completed", DialCallStatus="no-answer"))
    assert "<Dial" not in over.content.decode()


def test_a_call_that_can_be_passed_on_to_nobody_hears_the_engaged_tone(
    client: Client, line: PhoneLine
) -> None:
    assert b'<Reject reason="busy"/>' in from_twilio(client, line, ring()).content


def test_a_message_that_makes_no_sense_is_kept_for_a_person(client: Client, other: PhoneLine) -> None:
    assert from_other(client, other, {"type": "fax", "id": 1}).status_code == 204
    event = PhoneEvent.objects.get()
    with pytest.raises(Unreadable):
        process_event(event_id=event.pk, at=database_now())
    event.refresh_from_db()
    assert (event.processed_at, "fax" in event.payload) == (None, True)


def test_two_texts_without_an_id_are_two_texts(client: Client, other: PhoneLine) -> None:
    for words in ("I need help", "Me too"):
        from_other(client, other, {"type": "text", "id": "", "from": NUMBER, "text": words})
    run_phone_jobs()
    assert {each.text for each in PhoneText.objects.all()} == {"I need help", "Me too"}


def test_its_address_is_where_the_documentation_says(line: PhoneLine) -> None:
    assert reverse("crm:phone_event", args=[line.pk]) == address(line)
