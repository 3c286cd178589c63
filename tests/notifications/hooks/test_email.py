"""What e-mail providers report, each in its own words, and what is not believed."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import RequestFactory

from notifications.hooks.email import VIEWS, read_email_events
from notifications.hooks.receipts import Receipt, ReceiptState, Unreadable
from notifications.hooks.signatures import NotTheirs

PASSWORD = "us:a-password-of-the-tests"
SIGNING_KEY = "a-signing-key-of-the-tests"
ID = "018f0000-0000-7000-8000-000000000001"
AT = datetime(2027, 3, 1, 12, tzinfo=UTC)
POSTMARK = {"MessageID": "pm-1", "Recipient": "robin.sample@example.org", "Metadata": {"message": ID}}


@pytest.fixture(autouse=True)
def _agreed(settings: Any) -> None:
    settings.ANYMAIL = {"WEBHOOK_SECRET": PASSWORD, "MAILGUN_WEBHOOK_SIGNING_KEY": SIGNING_KEY}


def read(request: HttpRequest, provider: str, at: datetime = AT) -> list[Receipt]:
    return read_email_events(request, provider, at)


def posted(said: Any, password: str = PASSWORD) -> HttpRequest:
    pair = base64.b64encode(password.encode()).decode()
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    return RequestFactory().post(
        "/", body, content_type="application/json", headers={"Authorization": f"Basic {pair}"}
    )


@pytest.mark.parametrize(
    ("said", "state", "reason"),
    [
        ({"RecordType": "Delivery", "DeliveredAt": "2027-03-01T12:00:00Z"}, ReceiptState.DELIVERED, ""),
        ({"RecordType": "Bounce", "ID": 1, "Type": "Transient"}, ReceiptState.ON_ITS_WAY, ""),
        ({"RecordType": "Bounce", "ID": 1, "Type": "HardBounce"}, ReceiptState.GONE, "bounced bounced"),
        ({"RecordType": "Bounce", "ID": 1, "Type": "SoftBounce"}, ReceiptState.FAILED, "bounced bounced"),
        ({"RecordType": "Bounce", "ID": 1, "Type": "BadEmailAddress"}, ReceiptState.GONE, "rejected invalid"),
        (
            {"RecordType": "SpamComplaint", "ID": 1, "Type": "SpamComplaint"},
            ReceiptState.STOPPED,
            "complained spam",
        ),
    ],
)
def test_postmark(said: dict[str, Any], state: ReceiptState, reason: str) -> None:
    assert read(posted(POSTMARK | said), "postmark") == [Receipt("pm-1", state, reason, ID)]


@pytest.mark.parametrize("kind", ["Open", "Click"])
def test_that_something_was_opened_says_nothing_about_a_person(kind: str) -> None:
    assert read(posted(POSTMARK | {"RecordType": kind}), "postmark") == []


def mailgun(key: str) -> dict[str, Any]:
    token, when = "t" * 50, "1800000000"
    signature = hmac.new(key.encode(), f"{when}{token}".encode(), hashlib.sha256).hexdigest()
    event = {
        "event": "failed",
        "severity": "permanent",
        "reason": "suppress-bounce",
        "id": "e1",
        "timestamp": 1800000000.0,
        "recipient": "robin.sample@example.org",
        "message": {"headers": {"message-id": "mg-1@threshold.example"}},
        "user-variables": {"message": ID},
    }
    return {"signature": {"timestamp": when, "token": token, "signature": signature}, "event-data": event}


def test_mailgun_signs() -> None:
    (receipt,) = read(posted(mailgun(SIGNING_KEY)), "mailgun")
    assert receipt.state.is_bad_news
    assert (receipt.provider_id, receipt.message) == ("<mg-1@threshold.example>", ID)


@pytest.mark.parametrize(
    ("provider", "request_"),
    [
        ("postmark", posted(POSTMARK | {"RecordType": "Delivery"}, "us:wrong")),
        ("mailgun", posted(mailgun("another key"))),
        ("mailgun", posted(b"{}")),
        ("pigeon", posted({})),
    ],
)
def test_what_is_not_theirs_is_not_believed(provider: str, request_: HttpRequest) -> None:
    with pytest.raises(NotTheirs):
        read(request_, provider)


@pytest.mark.parametrize("provider", VIEWS)
def test_nobody_is_believed_where_nothing_was_agreed(settings: Any, provider: str) -> None:
    settings.ANYMAIL = {}
    with pytest.raises(NotTheirs):
        read(posted({}), provider)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"null", b"[1]", b"[" * 100_000])
@pytest.mark.parametrize("provider", ["brevo", "mailjet", "postmark", "sparkpost"])
def test_what_makes_no_sense_says_so(provider: str, body: bytes) -> None:
    try:
        assert read(posted(body), provider) == []
    except Unreadable as error:
        assert str(error).isidentifier()  # noqa: PT017  an empty list is right as well


# --- which bounces are final, and what is a wish

EVENTS: dict[str, Callable[..., Any]] = {
    "brevo": lambda **said: {"message-id": "b-1", "email": "a@example.org", "ts_epoch": 1, **said},
    "mailersend": lambda **said: {
        "type": "activity.x",
        "created_at": "2027-03-01T12:00:00.000000Z",
        "data": {"created_at": "2027-03-01T12:00:00.000000Z", "email": {"message": {"id": "ms-1"}}, **said},
    },
    "mailgun": lambda **said: signed_mailgun(said),
    "mailjet": lambda **said: [{"time": 1, "MessageID": 1, "email": "a@example.org", **said}],
    "sparkpost": lambda **said: [
        {
            "msys": {
                "message_event": {"timestamp": "1", "transmission_id": "sp-1", "rcpt_to": "a@x.org", **said}
            }
        }
    ],
}


def signed_mailgun(said: dict[str, Any]) -> dict[str, Any]:
    whole = mailgun(SIGNING_KEY)
    whole["event-data"] |= said
    return whole


@pytest.mark.parametrize(
    ("provider", "said", "state"),
    [
        ("brevo", {"event": "hard_bounce"}, ReceiptState.GONE),
        ("brevo", {"event": "soft_bounce"}, ReceiptState.FAILED),
        ("brevo", {"event": "blocked"}, ReceiptState.FAILED),
        ("brevo", {"event": "unsubscribe"}, ReceiptState.STOPPED),
        ("brevo", {"event": "spam"}, ReceiptState.STOPPED),
        ("mailersend", {"type": "hard_bounced"}, ReceiptState.GONE),
        ("mailersend", {"type": "soft_bounced"}, ReceiptState.FAILED),
        ("mailersend", {"type": "spam_complaint"}, ReceiptState.STOPPED),
        ("mailgun", {"reason": "bounce"}, ReceiptState.GONE),
        ("mailgun", {"reason": "suppress-bounce"}, ReceiptState.GONE),
        ("mailgun", {"reason": "espblock"}, ReceiptState.FAILED),
        ("mailgun", {"reason": "suppress-complaint"}, ReceiptState.STOPPED),
        ("mailgun", {"reason": "suppress-unsubscribe"}, ReceiptState.STOPPED),
        ("mailgun", {"severity": "temporary"}, ReceiptState.ON_ITS_WAY),
        ("mailjet", {"event": "bounce", "hard_bounce": True, "error": "user unknown"}, ReceiptState.GONE),
        (
            "mailjet",
            {"event": "bounce", "hard_bounce": False, "error": "quota exceeded"},
            ReceiptState.FAILED,
        ),
        ("mailjet", {"event": "blocked", "error": "spam reporter"}, ReceiptState.STOPPED),
        ("mailjet", {"event": "blocked", "error": "content blocked"}, ReceiptState.FAILED),
        ("sparkpost", {"type": "bounce", "bounce_class": "10"}, ReceiptState.GONE),
        ("sparkpost", {"type": "bounce", "bounce_class": "30"}, ReceiptState.GONE),
        ("sparkpost", {"type": "bounce", "bounce_class": "22"}, ReceiptState.FAILED),
        ("sparkpost", {"type": "bounce", "bounce_class": "52"}, ReceiptState.FAILED),
        ("sparkpost", {"type": "spam_complaint"}, ReceiptState.STOPPED),
    ],
)
def test_a_full_mailbox_or_a_filter_says_nothing_about_a_person(
    provider: str, said: dict[str, Any], state: ReceiptState, settings: Any
) -> None:
    settings.ANYMAIL |= {"MAILERSEND_SIGNING_SECRET": SIGNING_KEY}
    body = json.dumps(EVENTS[provider](**said)).encode()
    request = posted(body)
    signature = hmac.new(SIGNING_KEY.encode(), body, hashlib.sha256).hexdigest()
    request.META["HTTP_SIGNATURE"] = signature  # MailerSend's
    (receipt,) = read(request, provider)
    assert receipt.state == state


# --- Resend

SVIX = "whsec_" + base64.b64encode(b"the secret of the tests, of Svix").decode()
OLD_SVIX = "whsec_" + base64.b64encode(b"the secret of before, also Svix.").decode()


def resend(kind: str, *, secrets: tuple[str, ...] = (SVIX,), at: datetime = AT, **said: Any) -> HttpRequest:
    """Return what Resend posts, signed here as Svix documents it."""
    data = {"email_id": "re-1", "created_at": "2027-03-01T12:00:00.000Z", "to": ["a@example.org"], **said}
    body = json.dumps({"type": kind, "created_at": "2027-03-01T12:00:01.000Z", "data": data}).encode()
    when = str(int(at.timestamp()))
    signed = b"msg_1." + when.encode() + b"." + body
    keys = [base64.b64decode(secret.removeprefix("whsec_")) for secret in secrets]
    signatures = ["v1," + base64.b64encode(hmac.digest(key, signed, "sha256")).decode() for key in keys]
    headers = {"svix-id": "msg_1", "svix-timestamp": when, "svix-signature": " ".join(signatures)}
    return RequestFactory().post("/", body, content_type="application/json", headers=headers)


@pytest.mark.parametrize(
    ("kind", "said", "state"),
    [
        ("email.sent", {}, ReceiptState.ON_ITS_WAY),
        ("email.delivered", {}, ReceiptState.DELIVERED),
        ("email.delivery_delayed", {}, ReceiptState.ON_ITS_WAY),
        ("email.complained", {}, ReceiptState.STOPPED),
        (
            "email.bounced",
            {"bounce": {"type": "Permanent", "message": "hard bounce message"}},
            ReceiptState.GONE,
        ),
        ("email.bounced", {"bounce": {"type": "Transient", "message": "inbox full"}}, ReceiptState.FAILED),
        ("email.suppressed", {}, ReceiptState.GONE),
        ("email.failed", {}, ReceiptState.FAILED),
    ],
)
def test_resend(settings: Any, kind: str, said: dict[str, Any], state: ReceiptState) -> None:
    settings.RESEND_SIGNING_SECRET = SVIX
    (receipt,) = read(resend(kind, **said), "resend")
    assert (receipt.provider_id, receipt.state) == ("re-1", state)


def test_while_resends_secret_changes_either_is_believed(settings: Any) -> None:
    for secret in (SVIX, OLD_SVIX):
        settings.RESEND_SIGNING_SECRET = secret
        assert read(resend("email.delivered", secrets=(OLD_SVIX, SVIX)), "resend")


def test_what_says_nothing_of_resends_is_passed_over(settings: Any) -> None:
    settings.RESEND_SIGNING_SECRET = SVIX
    assert read(resend("email.opened"), "resend") == []
    assert read(resend("contact.created"), "resend") == []


@pytest.mark.parametrize(
    "changes",
    [
        {"secrets": (OLD_SVIX,)},
        {"secrets": ()},
        {"at": AT - timedelta(minutes=6)},
        {"at": AT + timedelta(minutes=6)},
    ],
    ids=["another secret", "unsigned", "played again", "of the future"],
)
def test_what_resend_did_not_just_sign_is_not_believed(settings: Any, changes: dict[str, Any]) -> None:
    settings.RESEND_SIGNING_SECRET = SVIX
    with pytest.raises(NotTheirs):
        read(resend("email.complained", **changes), "resend")


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_no base64"])
def test_without_a_secret_resend_is_not_believed(settings: Any, secret: str) -> None:
    settings.RESEND_SIGNING_SECRET = secret
    with pytest.raises(NotTheirs):
        read(resend("email.delivered"), "resend")


def test_a_password_is_no_word_of_resends(settings: Any) -> None:
    settings.RESEND_SIGNING_SECRET = SVIX
    with pytest.raises(NotTheirs):
        read(posted({"type": "email.complained", "data": {"email_id": "re-1"}}), "resend")
