"""Whatever is sent: an accepted lead or a clear error, never a 500, never a lost answer."""

import json
from typing import Any

import pytest

from intake.models import Enquiry
from intake.services.reconciliation import reconcile
from tests.factories.enquiries import ADA, DRINKER, IN_DANGER
from tests.intake.api.conftest import Send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("front_door")]
BODY = DRINKER | {"contact": ADA}

NOT_JSON = [
    b" ",
    b"nonsense",
    b"{",
    b'{"contact": }',
    b"\xff\xfe\x00",
    b'{"pgsi": NaN}',
    b'{"pgsi": -Infinity}',
    b'{"symptoms": ["seizure_24h"], "symptoms": []}',
    b"1" * 5000,
    b"[" * 100_000,
    b'{"contact":' * 50_000,
    b"name=Ada&phone=07700900123",
]


@pytest.mark.parametrize("body", NOT_JSON, ids=lambda body: body[:20].decode("latin-1"))
def test_what_is_not_json_is_said_to_be_unreadable(send: Send, body: bytes) -> None:
    response = send(body)
    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["status"] == 400
    assert not Enquiry.objects.exists()


@pytest.mark.parametrize("body", [b"", b"[]", b'"Ada"', b"null", b"7", b"true"])
def test_nothing_and_json_that_is_no_object_are_refused(send: Send, body: bytes) -> None:
    response = send(body)
    assert response.status_code == 422
    assert list(response.json()["errors"]) == ["body"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"contact": None}, "contact.phone"),
        ({"contact": {}}, "contact.phone"),
        ({"contact": "07700 900123"}, "contact"),
        ({"contact": ADA | {"name": 7}}, "contact.name"),
        ({"contact": ADA | {"name": "a" * 201}}, "contact.name"),
        ({"contact": ADA | {"safe_contact": {"call": "maybe"}}}, "contact.safe_contact.call"),
        ({"consent": "yes"}, "consent"),
        ({"consent": {"contact": "yes"}}, "consent.contact"),
        ({"symptoms": "tremor"}, "symptoms"),
        ({"symptoms": ["headache"]}, "symptoms.0"),
        ({"substances": {"name": "alcohol"}}, "substances"),
        ({"substances": [{}]}, "substances.0.name"),
        ({"substances": [{"name": "alcohol", "freq": "sometimes"}]}, "substances.0.freq"),
        ({"substances": [{"name": "alcohol", "amount_per_day": -1}]}, "substances.0.amount_per_day"),
        ({"substances": [{"name": "alcohol", "hours_since_last": "5"}]}, "substances.0.hours_since_last"),
        ({"age_band": 44}, "age_band"),
        ({"pgsi": 2.5}, "pgsi"),
        ({"pgsi": 10**30}, "pgsi"),
        ({"professional_urgent": "yes"}, "professional_urgent"),
        ({"free_text": ["help"]}, "free_text"),
        ({"timing": "2026-13-45"}, "timing"),
    ],
)
def test_what_makes_no_sense_is_named_field_by_field(send: Send, change: Any, field: str) -> None:
    response = send(BODY | change)
    assert response.status_code == 422
    assert response.headers["Content-Type"] == "application/problem+json"
    assert list(response.json()["errors"]) == [field]
    assert all(message.endswith(".") for message in response.json()["errors"][field])


def test_all_errors_come_at_once(send: Send) -> None:
    response = send({"age_band": "old", "contact": {}, "consent": "yes"})
    assert set(response.json()["errors"]) == {"age_band", "contact.phone", "consent"}


def test_danger_is_answered_whatever_is_missing(send: Send) -> None:
    told = send(IN_DANGER).json()
    assert list(told["errors"]) == ["contact.phone"]
    assert told["messages"][0]["key"] == "M999"
    assert send({"suicide": "none_disclosed"}).json()["messages"] == []


def test_an_error_never_repeats_what_was_said(send: Send) -> None:
    response = send({"free_text": 1, "age_band": "sekrit", "contact": {"name": {"first": "sekrit"}}})
    assert b"sekrit" not in response.content


def test_numbers_beyond_any_float_are_refused_not_crashed_on(send: Send) -> None:
    for number in ("1e400", "1" + "0" * 400, "-1e400"):
        body = '{"contact": {"phone": "116 123"}, "substances": [{"name": "alcohol", "amount_per_day": %s}]}'
        assert send(body % number).status_code == 422


ODD_WORDS = [
    "NUL \x00 inside",
    "half a pair \ud83d",
    "\u202eright to left\u202c",
    "emoji 🆘👩‍👩‍👧",
    "中文 العربية हिन्दी",
    "'; DROP TABLE intake_enquiry; --",
    "{{ 7 * 7 }} {% debug %}",
    "<script>alert(1)</script>",
    "\x1b[31m\r\nInjected: header",
    "e\u0301" * 500,
    " ",
]


@pytest.mark.parametrize("words", ODD_WORDS)
def test_odd_words_are_taken_everywhere_and_kept(send: Send, words: str) -> None:
    contact = {"phone": "07700 900123", "name": words[:200], "safe_contact": {"note": words}}
    response = send(json.dumps({"free_text": words, "contact": contact, "consent": {words: True}, words: 1}))
    assert response.status_code == 201
    kept = words.replace("\x00", "").replace("\ud83d", "?")
    enquiry = Enquiry.objects.get()
    assert enquiry.answers["free_text"] == kept
    assert enquiry.contact["name"] == kept[:200].strip()
    assert enquiry.consent == {}


def test_a_megabyte_of_words_is_a_lead_and_more_is_refused_with_a_number_to_ring(send: Send) -> None:
    assert send(BODY | {"free_text": "help " * 200_000}).status_code == 201
    assert len(Enquiry.objects.get().answers["free_text"]) == 1_000_000
    response = send(BODY | {"free_text": "help " * 400_000})
    assert response.status_code == 413
    assert response.json()["phone"] == "020 7946 0123"


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "", "?"],
)
def test_a_wrong_content_type_costs_no_enquiry(send: Send, content_type: str) -> None:
    assert send(json.dumps(BODY), content_type=content_type).status_code == 201


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_any_encoding_of_unicode_is_read(send: Send, encoding: str) -> None:
    assert (
        send(json.dumps(BODY | {"free_text": "ça va"}, ensure_ascii=False).encode(encoding)).status_code
        == 201
    )
    assert Enquiry.objects.get().answers["free_text"] == "ça va"


def test_a_hundred_substances_are_taken_and_a_thousand_refused(send: Send) -> None:
    assert send(BODY | {"substances": [{"name": "other"}] * 100}).status_code == 201
    assert send(BODY | {"substances": [{"name": "other"}] * 1000}).status_code == 422


def test_deep_nesting_in_an_unknown_key_is_ignored(send: Send) -> None:
    deep: Any = []
    for _ in range(300):
        deep = {"a": [deep]}
    assert send(BODY | {"deep": deep}).status_code == 201


def test_nothing_of_all_this_is_left_unaccounted(send: Send) -> None:
    for words in ODD_WORDS:
        send(json.dumps({"free_text": words, "contact": {"phone": "07700 900123"}}))
    assert reconcile().received == len(ODD_WORDS)
    assert reconcile().unaccounted == 0
