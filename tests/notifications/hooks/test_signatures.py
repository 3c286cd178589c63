"""Who sent it: the worked examples that Twilio publishes, and what must be refused."""

from datetime import UTC, datetime, timedelta

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from notifications.hooks.signatures import (
    NotTheirs,
    Stale,
    StandardHeaders,
    UnusableSecret,
    check_standard,
    check_twilio,
    replay_key,
    standard_signature,
    twilio_signature,
)

# The example of https://www.twilio.com/docs/usage/security, and those of Twilio's own libraries.
TOKEN = "12345"
URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
PARAMETERS = {
    "CallSid": "CA1234567890ABCDE",
    "Digits": "1234",
    "From": "+14158675309",
    "To": "+18005551212",
    "Caller": "+14158675309",
}
SIGNATURE = "RSOYDt4T1cUTdK1PDd93/VVr8B8="
TWICE, TWICE_SIGNATURE = (
    "Sid=CA123&SidAccount=AC123&Digits=5678&Digits=1234",
    "IK+Dwps556ElfBT0I3Rgjkr1wJU=",
)
AT = datetime(2027, 3, 1, 12, tzinfo=UTC)
BODY = b'{"type": "call"}'


def posted(said: dict[str, str]) -> QueryDict:
    query = QueryDict(mutable=True)
    query.update(said)
    return query


def headers(secret: str = "secret", *, at: datetime = AT, **changed: str) -> StandardHeaders:
    stamp = str(int(at.timestamp()))
    signed = standard_signature(secret=secret, id="m1", timestamp=stamp, body=BODY)
    return StandardHeaders(**({"id": "m1", "timestamp": stamp, "signatures": signed} | changed))


def test_twilios_own_example_is_theirs() -> None:
    assert check_twilio(secret=TOKEN, url=URL, posted=posted(PARAMETERS), signature=SIGNATURE) == SIGNATURE


def test_a_name_that_came_twice_counts_with_each_value() -> None:
    assert twilio_signature(secret=TOKEN, url=URL, posted=QueryDict(TWICE)) == TWICE_SIGNATURE


@pytest.mark.parametrize(
    ("url", "signature"),
    [
        (URL.replace(".com", ".com:1234"), SIGNATURE),
        (URL, "kvajT1Ptam85bY51eRf/AJRuM3w="),  # of the address with port 443
        (URL.replace("https", "http"), "0ZXoZLH/DfblKGATFgpif+LLRf4="),  # of the address with port 80
    ],
)
def test_the_address_may_be_signed_with_or_without_its_port(url: str, signature: str) -> None:
    assert check_twilio(secret=TOKEN, url=url, posted=posted(PARAMETERS), signature=signature) == signature


@pytest.mark.parametrize("signature", ["", SIGNATURE[:-2], SIGNATURE.lower(), "é", "A" * 5000])
def test_any_other_signature_is_refused(signature: str) -> None:
    with pytest.raises(NotTheirs):
        check_twilio(secret=TOKEN, url=URL, posted=posted(PARAMETERS), signature=signature)


@given(st.sampled_from(sorted(PARAMETERS)), st.text(min_size=1))
def test_nothing_that_was_posted_can_be_changed(name: str, extra: str) -> None:
    changed = posted(PARAMETERS | {name: PARAMETERS[name] + extra})
    with pytest.raises(NotTheirs):
        check_twilio(secret=TOKEN, url=URL, posted=changed, signature=SIGNATURE)


@pytest.mark.parametrize("change", [{"secret": "54321"}, {"url": URL + "3"}])
def test_another_secret_or_address_is_refused(change: dict[str, str]) -> None:
    sent = {"secret": TOKEN, "url": URL, "signature": SIGNATURE} | change
    with pytest.raises(NotTheirs):
        check_twilio(posted=posted(PARAMETERS), **sent)


def test_a_message_of_another_system_is_known_by_its_id() -> None:
    assert check_standard(secret="secret", headers=headers(), body=BODY, at=AT) == "m1"


def test_a_secret_may_be_base64_as_the_standard_writes_it() -> None:
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    signed = standard_signature(
        secret=secret,
        id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp="1614265330",
        body=b'{"test": 2432232314}',
    )
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="  # the example of standardwebhooks.com


def test_a_secret_without_its_padding_is_the_same_key() -> None:
    padded = standard_signature(secret="whsec_YWJjZA==", id="m1", timestamp="1", body=b"")
    assert standard_signature(secret="whsec_YWJjZA", id="m1", timestamp="1", body=b"") == padded


@pytest.mark.parametrize("secret", ["whsec_", "whsec_!!!!", "whsec_YWJj ZA==", "whsec_Y", "whsec_abc…"])
def test_a_secret_that_is_no_key_checks_nothing(secret: str) -> None:
    """Read loosely, "whsec_!!!!" would be the empty key, with which anybody can sign."""
    with pytest.raises(UnusableSecret):
        check_standard(secret=secret, headers=headers(), body=BODY, at=AT)


def test_one_of_several_signatures_is_enough() -> None:
    both = f"v1,AAAA {headers().signatures}"
    assert check_standard(secret="secret", headers=headers(signatures=both), body=BODY, at=AT) == "m1"


@pytest.mark.parametrize(
    "changed",
    [
        {"id": "m2"},
        {"id": ""},
        {"timestamp": "1"},
        {"timestamp": "soon"},
        {"timestamp": ""},
        {"signatures": ""},
        {"signatures": "v1,é"},
    ],
)
def test_what_was_changed_on_the_way_is_refused(changed: dict[str, str]) -> None:
    with pytest.raises(NotTheirs):
        check_standard(secret="secret", headers=headers(**changed), body=BODY, at=AT)
    with pytest.raises(NotTheirs):
        check_standard(secret="secret", headers=headers(), body=BODY + b" ", at=AT)


@pytest.mark.parametrize(("minutes", "is_stale"), [(-5, False), (5, False), (-6, True), (6, True)])
def test_five_minutes_are_tolerated_either_way(minutes: int, is_stale: bool) -> None:
    sent = headers(at=AT + timedelta(minutes=minutes))
    if is_stale:
        with pytest.raises(Stale):
            check_standard(secret="secret", headers=sent, body=BODY, at=AT)
    else:
        assert check_standard(secret="secret", headers=sent, body=BODY, at=AT) == "m1"


def test_a_replay_key_fits_its_column() -> None:
    assert len(replay_key("x" * 10_000)) == 64
