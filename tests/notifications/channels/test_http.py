"""The HTTP client against a server that does everything wrong that a server can do."""

import socket
import time
from typing import Any

import pytest

from notifications.channels.base import DeliveryError
from notifications.channels.deadline import Deadline
from notifications.channels.http import Answer, call
from notifications.channels.tls import LARGEST_ANSWER
from tests.notifications.patience import IN_TIME, SHORT
from tests.notifications.peers.server import Provider, Reply


@pytest.fixture
def provider(serve: Any) -> Provider:
    return serve(Provider)


def ask(url: str, seconds: float = 5, body: bytes = b"hello", *, public_only: bool = False) -> Answer:
    headers = {"Content-Type": "text/plain"}
    return call("POST", url, headers=headers, body=body, deadline=Deadline(seconds), public_only=public_only)


def refusal(url: str, seconds: float = 5, *, public_only: bool = False) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        ask(url, seconds, public_only=public_only)
    return caught.value


def test_what_is_asked_arrives_and_what_is_answered_comes_back(provider: Provider) -> None:
    provider.then(Reply(201, {"sid": "1"}, {"Location": "/there"}))
    answer = ask(f"{provider.url}/messages?a=1")
    (asked,) = provider.asked
    assert (asked.method, asked.path, asked.body) == ("POST", "/messages?a=1", b"hello")
    assert asked.headers["Host"] == f"127.0.0.1:{provider.port}"
    assert asked.headers["Accept-Encoding"] == "identity"
    assert (answer.status, answer.is_success, answer.json()) == (201, True, {"sid": "1"})
    assert answer.headers["Location"] == "/there"


def test_a_name_is_resolved_once_and_still_asked_for_by_its_name(provider: Provider) -> None:
    provider.then("ok")
    ask(f"https://localhost:{provider.port}/")
    assert provider.names == ["localhost"]
    assert provider.asked[0].headers["Host"] == f"localhost:{provider.port}"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_an_answer_and_is_not_followed(provider: Provider, status: int) -> None:
    provider.then(Reply(status, headers={"Location": f"{provider.url}/elsewhere"}))
    answer = ask(provider.url)
    assert (answer.status, answer.is_success) == (status, False)
    assert len(provider.asked) == 1


@pytest.mark.parametrize("word", ["hang", "drip"])
def test_a_server_that_takes_its_time_is_left_in_time(provider: Provider, word: str) -> None:
    provider.then(word)
    began = time.monotonic()
    error = refusal(provider.url, SHORT)
    assert (error.reason, error.permanent, error.ambiguous) == ("TimeoutError", False, True)
    assert time.monotonic() - began < IN_TIME


def test_a_status_counts_even_if_its_body_never_ends(provider: Provider) -> None:
    provider.then("drip-body")
    began = time.monotonic()
    assert ask(provider.url, SHORT).status == 200
    assert time.monotonic() - began < IN_TIME


def test_a_status_counts_even_if_its_body_breaks_off(provider: Provider) -> None:
    provider.then("half")
    answer = ask(provider.url)
    assert (answer.status, answer.json()) == (200, {})


def test_a_large_body_is_read_to_its_limit(provider: Provider) -> None:
    provider.then("huge")
    answer = ask(provider.url)
    assert (answer.status, len(answer.body)) == (200, LARGEST_ANSWER)


def test_headers_without_end_are_left_at_their_limit(provider: Provider) -> None:
    provider.then("huge-head")
    error = refusal(provider.url)
    assert (error.permanent, error.ambiguous) == (False, True)


@pytest.mark.parametrize("word", ["garbage", "lost", "hangup"])
def test_no_answer_that_makes_sense_leaves_open_whether_it_was_taken(provider: Provider, word: str) -> None:
    provider.then(word)
    error = refusal(provider.url)
    assert (error.permanent, error.ambiguous) == (False, True)
    assert error.__cause__ is None
    assert error.__suppress_context__


def test_a_refused_connection_was_not_taken(serve: Any) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        error = refusal(f"https://127.0.0.1:{unused.getsockname()[1]}/")
    assert (error.reason, error.permanent, error.ambiguous) == ("ConnectionRefusedError", False, False)


def test_a_server_that_never_begins_tls_was_not_told_anything(serve: Any) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        error = refusal(f"https://127.0.0.1:{silent.getsockname()[1]}/", 0.3)
    assert (error.reason, error.ambiguous) == ("TimeoutError", False)


def test_an_unknown_host_is_tried_again(serve: Any) -> None:
    error = refusal("https://no-such-host.invalid/")
    assert (error.reason, error.permanent, error.ambiguous) == ("gaierror", False, False)


def test_a_certificate_that_nobody_vouches_for_is_told_nothing(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    error = refusal(provider.url)
    assert (error.reason, error.permanent, error.ambiguous) == ("SSLCertVerificationError", False, False)
    assert provider.asked == []


def test_a_certificate_of_another_host_is_told_nothing(provider: Provider) -> None:
    error = refusal(f"https://127.0.0.2:{provider.port}/")  # loopback as well, and not in the certificate
    assert not error.ambiguous
    assert provider.asked == []


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://127.0.0.1/",
        "ftp://127.0.0.1/",
        "https:///path",
        "https://user:secret@example.org/",
        "https://example.org:99999/",
        "https://example.org:0/",
        "https://example.org/a b",
        "https://example.org/\r\nHost: other",
        "https://example.org/ä",
        "https://[::1",
    ],
)
def test_what_is_no_https_address_is_refused_for_good(serve: Any, url: str) -> None:
    error = refusal(url)
    assert (error.reason, error.permanent) == ("InvalidAddress", True)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "7"}, 7),
        ({"Retry-After": "86400"}, 3600),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "-1"}, None),
        ({"Retry-After": "Mon, 01 Mar 2027 12:00:30 GMT"}, 30),
        ({"Retry-After": "Mon, 01 Mar 2027 11:00:00 GMT"}, 0),
    ],
)
def test_a_provider_says_when_to_come_again(
    provider: Provider, headers: dict[str, str], seconds: float | None
) -> None:
    provider.then(Reply(429, headers=headers | {"Date": "Mon, 01 Mar 2027 12:00:00 GMT"}))
    error = ask(provider.url).failure()
    assert (error.reason, error.retry_after, error.ambiguous) == ("HTTP 429", seconds, False)


@pytest.mark.parametrize(
    ("status", "unsure"), [(400, False), (429, False), (500, True), (502, True), (503, False)]
)
def test_a_fault_of_theirs_may_have_come_after_taking_it(
    provider: Provider, status: int, *, unsure: bool
) -> None:
    provider.then(Reply(status))
    assert ask(provider.url).failure().ambiguous is unsure


# --- addresses that somebody gave us


def test_a_loopback_that_the_settings_do_not_let_pass_is_refused(provider: Provider, settings: Any) -> None:
    settings.OUTGOING_LOOPBACK = False
    for host in ("127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "[::ffff:127.0.0.1]"):
        error = refusal(f"https://{host}:{provider.port}/", public_only=True)
        assert (host, error.reason, error.permanent) == (host, "AddressRefused", True)
    assert provider.asked == []
    assert provider.names == []


def test_a_loopback_that_the_settings_let_pass_is_reached(provider: Provider) -> None:
    provider.then("ok")
    assert ask(provider.url, public_only=True).is_success
