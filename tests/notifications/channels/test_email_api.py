"""E-mail by the APIs of providers, each played on loopback: anymail's forms, our own client and errors."""

import time
from dataclasses import replace
from email.header import decode_header, make_header
from email.utils import parseaddr
from typing import Any

import pytest

from notifications.channels.base import AddressGone, DeliveryError, Handed, Outgoing
from notifications.channels.email_providers import PROVIDERS, send_by
from tests.notifications.channels.failing import failure
from tests.notifications.patience import IN_TIME, SHORT
from tests.notifications.peers.mail_api import (
    KEY,
    Brevo,
    Mailer,
    MailerSend,
    Mailgun,
    Mailjet,
    Postmark,
    Resend,
    SparkPost,
)
from tests.notifications.peers.server import Reply

KINDS: dict[str, tuple[type[Mailer], str]] = {
    "brevo": (Brevo, "<brevo-1@threshold.example>"),
    "mailersend": (MailerSend, "ms-1"),
    "mailgun": (Mailgun, "<mg-1@threshold.example>"),
    "mailjet": (Mailjet, "456"),
    "postmark": (Postmark, "pm-1"),
    "resend": (Resend, "re-1"),
    "sparkpost": (SparkPost, "sp-1"),
}
MESSAGE = Outgoing(
    id="018f0000-0000-7000-8000-000000000001",
    to="robin.sample@example.org",
    subject="A message from Sam",
    text="Hello – we’ll call you.\n",
    html="<p>Hello</p>",
)
send_by_postmark = send_by("postmark")


@pytest.fixture
def start(serve: Any, settings: Any) -> Any:
    """Return a function that starts a provider of a kind and tells the settings of it."""

    def start(kind: type[Mailer]) -> Mailer:
        provider: Mailer = serve(kind)
        settings.DEFAULT_FROM_EMAIL = "Sam <sam@threshold.example>"
        settings.ANYMAIL = {
            kind.setting: KEY,
            "MAILJET_SECRET_KEY": KEY,
            kind.api_url: f"{provider.url}{kind.base}",
        }
        return provider

    return start


@pytest.fixture
def postmark(start: Any) -> Postmark:
    return start(Postmark)


def test_every_provider_is_tried_here() -> None:
    assert KINDS.keys() == PROVIDERS.keys()


@pytest.mark.parametrize("name", KINDS)
def test_a_message_is_handed_over_and_known_by_the_providers_id(start: Any, name: str) -> None:
    kind, identity = KINDS[name]
    provider = start(kind)
    provider.then("ok")
    assert send_by(name)(MESSAGE) == Handed(identity)
    (taken,) = provider.taken
    assert "robin.sample@example.org" in str(taken).replace("%40", "@")
    if name != "mailersend":  # which sends nothing of ours along
        assert MESSAGE.id in str(taken), "comes back in receipts"


def test_the_message_arrives_word_for_word(postmark: Postmark) -> None:
    postmark.then("ok")
    send_by_postmark(MESSAGE)
    (taken,) = postmark.taken
    assert (taken["To"], taken["Subject"]) == (MESSAGE.to, MESSAGE.subject)
    assert (taken["TextBody"], taken["HtmlBody"]) == (MESSAGE.text, MESSAGE.html)
    headers = {header["Name"]: header["Value"] for header in taken["Headers"]}
    assert headers["Message-ID"] == f"<{MESSAGE.id}@threshold.example>"
    assert headers["Auto-Submitted"] == "auto-generated"
    assert taken["Metadata"] == {"message": MESSAGE.id}


@pytest.mark.parametrize("name", ["Threshold desk", 'St "Ann", desk', "Zoë’s desk"])
def test_staff_see_the_name_of_the_desk_and_callers_the_neutral_one(postmark: Postmark, name: str) -> None:
    postmark.then("ok", "ok")
    for message in (replace(MESSAGE, sender=name), MESSAGE):
        send_by_postmark(message)
    to_staff, to_caller = (make_header(decode_header(taken["From"])) for taken in postmark.taken)
    assert parseaddr(str(to_staff)) == (name, "sam@threshold.example")
    assert str(to_caller) == "Sam <sam@threshold.example>"


def test_nobody_is_tracked(postmark: Postmark) -> None:
    postmark.then("ok")
    send_by_postmark(MESSAGE)
    assert (postmark.taken[0]["TrackOpens"], postmark.taken[0]["TrackLinks"]) == (False, "None")


def test_without_html_there_is_plain_text_only(postmark: Postmark) -> None:
    postmark.then("ok")
    send_by_postmark(replace(MESSAGE, html=""))
    assert "HtmlBody" not in postmark.taken[0]


def test_a_second_try_has_the_same_idempotency_key(start: Any) -> None:
    resend = start(Resend)
    resend.then("lost", "ok")
    with pytest.raises(DeliveryError):
        send_by("resend")(MESSAGE)
    assert send_by("resend")(MESSAGE) == Handed("re-1")
    assert {asked.headers["Idempotency-Key"] for asked in resend.asked} == {MESSAGE.id}


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("brevo", lambda asked, taken: taken["headers"]["idempotencyKey"]),
        ("resend", lambda asked, taken: asked.headers["Idempotency-Key"]),
    ],
)
def test_what_is_sent_again_by_hand_has_a_key_of_its_own(start: Any, name: str, key: Any) -> None:
    provider = start(KINDS[name][0])
    provider.then("ok", "ok", "ok")
    for series in ("a", "a", "b"):
        send_by(name)(replace(MESSAGE, series=series))
    assert [key(*each) for each in zip(provider.asked, provider.taken, strict=True)] == ["a", "a", "b"]


# --- what goes wrong


INACTIVE = (
    "You tried to send to a recipient that has been marked as inactive.\n"
    f"Found inactive addresses: {MESSAGE.to}.\n"
    "Inactive recipients are ones that have generated a hard bounce or a spam complaint. "
)


@pytest.mark.parametrize(("code", "text"), [(300, f"Invalid 'To' address: '{MESSAGE.to}'."), (406, INACTIVE)])
def test_a_refused_recipient_is_gone(postmark: Postmark, code: int, text: str) -> None:
    postmark.then(Reply(422, {"ErrorCode": code, "Message": text}))
    error = failure(send_by_postmark, MESSAGE)
    assert isinstance(error, AddressGone)
    assert "robin" not in f"{error} {error.args}"
    assert error.__suppress_context__


@pytest.mark.parametrize("code", [300, 400, 405, 406, 412])
def test_a_refusal_that_may_be_about_our_account_is_tried_again(postmark: Postmark, code: int) -> None:
    postmark.then(Reply(422, {"ErrorCode": code, "Message": "Something new."}))
    error = failure(send_by_postmark, MESSAGE)
    assert (error.reason, error.permanent) == ("HTTP 422", False)


def test_elsewhere_it_is_about_the_message(start: Any) -> None:
    start(MailerSend).then(Reply(422, {"message": "x", "errors": {"subject": ["Too long."]}}))
    error = failure(send_by("mailersend"), MESSAGE)
    assert (error.reason, error.permanent) == ("HTTP 422", True)


def test_a_recipient_that_a_provider_suppresses_is_gone(start: Any) -> None:
    to = {"email": MESSAGE.to, "name": "", "reasons": ["hard_bounced"]}
    said = {"message": "x", "warnings": [{"type": "ALL_SUPPRESSED", "recipients": [to]}]}
    start(MailerSend).then(Reply(202, said))
    assert isinstance(failure(send_by("mailersend"), MESSAGE), AddressGone)


@pytest.mark.parametrize(
    ("status", "permanent", "unsure"),
    [
        (400, True, False),
        (413, True, False),
        (401, False, False),
        (403, False, False),
        (404, False, False),
        (500, False, True),
        (503, False, False),
    ],
)
def test_only_what_is_wrong_with_the_message_is_permanent(
    postmark: Postmark, status: int, *, permanent: bool, unsure: bool
) -> None:
    postmark.then(Reply(status, {"ErrorCode": 10, "Message": "no"}))
    error = failure(send_by_postmark, MESSAGE)
    assert (error.reason, error.permanent, error.ambiguous) == (f"HTTP {status}", permanent, unsure)


def test_a_wrong_key_is_our_configuration(postmark: Postmark, settings: Any) -> None:
    settings.ANYMAIL["POSTMARK_SERVER_TOKEN"] = "wrong"
    postmark.then("ok")
    error = failure(send_by_postmark, MESSAGE)
    assert (error.reason, error.permanent) == ("HTTP 401", False)
    assert len(postmark.faults) == 1
    postmark.faults.clear()


def test_too_many_messages_are_put_off(postmark: Postmark) -> None:
    postmark.then(Reply(429, headers={"Retry-After": "9"}))
    assert failure(send_by_postmark, MESSAGE).retry_after == 9


@pytest.mark.parametrize("word", ["hang", "drip"])
def test_a_slow_provider_is_left_in_time(postmark: Postmark, settings: Any, word: str) -> None:
    settings.EMAIL_TIMEOUT = SHORT
    postmark.then(word)
    began = time.monotonic()
    error = failure(send_by_postmark, MESSAGE)
    assert (error.reason, error.permanent, error.ambiguous) == ("TimeoutError", False, True)
    assert time.monotonic() - began < IN_TIME


@pytest.mark.parametrize("word", ["garbage", "lost", "huge", "half", Reply(200, b"[" * 60_000)])
def test_an_answer_that_cannot_be_read_leaves_it_open(postmark: Postmark, word: str) -> None:
    postmark.then(word)
    error = failure(send_by_postmark, MESSAGE)
    assert (error.permanent, error.ambiguous) == (False, True)


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize(
    "said", [{}, {"id": None, "Messages": 1, "results": []}, b"[]", b"null", b'"queued"']
)
def test_a_success_of_a_shape_that_nobody_knows_is_handed_over_or_left_open(
    start: Any, name: str, said: Any
) -> None:
    start(KINDS[name][0]).then(Reply(200, said))
    try:
        send_by(name)(MESSAGE)
    except DeliveryError as error:
        assert (error.permanent, error.ambiguous) == (False, True)  # noqa: PT017  both ways are right


def test_a_redirect_is_not_followed(postmark: Postmark) -> None:
    postmark.then(Reply(302, headers={"Location": f"{postmark.url}/elsewhere"}))
    error = failure(send_by_postmark, MESSAGE)
    assert (error.reason, error.permanent) == ("HTTP 302", False)


@pytest.mark.parametrize(
    "to", ["", "robin", "a@example.org, b@example.org", "robin@example.org\nBcc: x@y.org"]
)
def test_what_is_no_address_is_refused_before_it_leaves(postmark: Postmark, to: str) -> None:
    error = failure(send_by_postmark, replace(MESSAGE, to=to))
    assert (error.reason, error.permanent) == ("InvalidAddress", True)
