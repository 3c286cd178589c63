"""Odd, huge and hostile input on every public form: never a failure, never a lost word."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from crm.models import Site
from intake.forms.call_me import CallMeForm
from intake.forms.more import MoreForm
from intake.forms.own_page import WaysForm, WorseForm
from intake.forms.prebooked import PrebookedForm
from intake.forms.refer import ReferralForm
from intake.forms.urgent import UrgentForm
from intake.forms.way_back import SendLinkForm
from intake.models import Enquiry
from intake.services.reconciliation import reconcile
from tests.intake.forms.sent import REFERRAL, URGENT
from tests.journeys.front_door import READING, Visitor, faults_of, public_names

pytestmark = pytest.mark.django_db

FORM = "application/x-www-form-urlencoded"
FORMS = (UrgentForm, PrebookedForm, ReferralForm, CallMeForm, MoreForm, WaysForm, WorseForm, SendLinkForm)
NAMES = sorted({name for form in FORMS for name in form.base_fields} | {"then", "as", "sign", "unknown"})
ODD = {
    "empty": "",
    "spaces": " \t\r\n\u00a0\u200b",
    "10,000 characters": "x" * 10_000,
    "NUL bytes": "a\x00b",
    "right to left": "\u202e\u0645\u0631\u062d\u0628\u0627 \u05e9\u05dc\u05d5\u05dd",
    "emoji": "👩‍👩‍👧 😀",
    "markup": "<script>alert(1)</script>\"'{{ 7*7 }}{% now %}",
    "a number": "-1e309",
    "a huge number": "9" * 400,
    "digits of another script": "٣٠",
    "half a surrogate": "\ud800",
    "a date to come": "2999-12-31",
    "30 February": "30",
    "a list": "['self']",
    "null": "null",
}
ONE_PAGE = {"/urgent/": URGENT, "/refer/": REFERRAL, "/call-me/": URGENT}
TEXT = {"/urgent/": "free_text", "/refer/": "free_text", "/call-me/": "safe_times"}


def body(value: str) -> dict[str, str]:
    return dict.fromkeys(NAMES, value.encode(errors="replace").decode())


def faults_in(visitor: Visitor, data: Any, **how: Any) -> list[str]:
    """Post to every public form, with the visitor's draft and without."""
    held = visitor.client.cookies.copy()
    found = []
    for path in visitor.forms():
        for client in (visitor.client, Client()):
            visitor.client.cookies = held.copy()
            response = client.generic("POST", path, data, **how) if how else client.post(path, data)
            found += [f"{path}: {fault}" for fault in faults_of(response)]
    return found


@pytest.mark.parametrize("value", ODD.values(), ids=ODD)
def test_every_field_of_every_form_can_hold_anything(visitor: Visitor, value: str) -> None:
    assert faults_in(visitor, body(value)) == []
    assert reconcile().unaccounted == 0


@pytest.mark.parametrize(
    ("sent", "kind"),
    [
        (b"", FORM),
        (b"\xff\xfe\x00=\x00&%00=%ff&=&&&", FORM),
        (b"[" * 10_000, "application/json"),
        (b'{"enquirer": "self"}', "application/json"),
        (b"--x\r\nContent-Disposition: form-data", "multipart/form-data; boundary=x"),
        (b"no parts at all", "multipart/form-data"),
        (b"enquirer=self", f"{FORM}; charset=klingon"),
        (b"x=1&" * 2_000, FORM),
        (b"free_text=" + b"x" * 1_000_000, FORM),
        (b"free_text=" + b"x" * 3_000_000, FORM),
    ],
    ids=[
        "nothing",
        "bytes",
        "nested",
        "JSON",
        "half a part",
        "no parts",
        "a charset that nobody has",
        "2,000 fields",
        "1 MB",
        "3 MB",
    ],
)
def test_every_form_answers_a_body_that_makes_no_sense(visitor: Visitor, sent: bytes, kind: str) -> None:
    assert faults_in(visitor, sent, content_type=kind) == []
    assert reconcile().unaccounted == 0


@pytest.mark.parametrize("value", [ODD["NUL bytes"] + ODD["right to left"] + ODD["emoji"], "2999", "9" * 400])
@pytest.mark.parametrize("path", ONE_PAGE)
def test_one_odd_answer_costs_none_of_the_others(centre: Site, path: str, value: str) -> None:
    """Each field in turn: the enquiry is stored, or the page comes back with the words still on it."""
    words, text = "I need help \u202eshalom 😀", TEXT[path]
    for name in [name for name in NAMES if name != text]:
        said = ONE_PAGE[path] | {text: words, "idempotency_key": str(uuid4())} | {name: value}
        response = Client().post(path, said)
        assert faults_of(response) == [], name
        if response.status_code == 422:
            assert words in response.content.decode(), name
        else:
            stored = Enquiry.objects.latest("received_at", "pk")
            assert words in json.dumps([stored.answers, stored.contact], ensure_ascii=False), name
    assert reconcile().unaccounted == 0


@pytest.mark.parametrize(
    ("day", "month", "year"), [("30", "2", "2027"), ("1", "1", "2999"), ("1", "1", "1"), ("x", "", "٣")]
)
def test_a_date_that_cannot_be_is_asked_about_and_stays_on_the_page(
    visitor: Visitor, day: str, month: str, year: str
) -> None:
    parts = {"start_day": day, "start_month": month, "start_year": year}
    response = visitor.client.post("/pre-booked/18/", {"timing": "date", **parts})
    assert response.status_code in {302, 422}
    assert faults_of(response) == []


@pytest.mark.parametrize("name", sorted({*public_names()} - READING))
def test_every_page_of_a_journey_is_kept_by_nobody_and_names_nothing(visitor: Visitor, name: str) -> None:
    for path in visitor.addresses(name):
        for response in (visitor.client.get(path), Client().get(path), Client().put(path)):
            assert faults_of(response) == [], path


@pytest.mark.parametrize(
    "query", ["utm_source=%00", "via=%00", "via=" + "x" * 5_000, "utm_campaign=%ff%fe", "a=" * 50]
)
def test_an_odd_address_is_no_reason_to_lose_an_enquiry(centre: Site, query: str) -> None:
    response = Client().post(
        f"/urgent/?{query}", URGENT, headers={"Referer": "http://[::1", "Accept-Language": "\x00"}
    )
    assert response.status_code == 302
    assert Enquiry.objects.count() == 1


def test_with_cache_and_broker_away_every_form_works(visitor: Visitor, no_cache: None) -> None:
    for path, said in ONE_PAGE.items():
        response = Client().post(path, said | {"idempotency_key": str(uuid4()), "free_text": path})
        assert response.status_code == 302
        assert Client().get(response["Location"]).status_code == 200
    assert visitor.client.post("/pre-booked/check/", {"then": "send"})["Location"].startswith("/received/")
    assert faults_in(visitor, body("x")) == []
    assert reconcile().unaccounted == 0
