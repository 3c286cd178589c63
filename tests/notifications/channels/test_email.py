import base64
import socket
import time
from dataclasses import replace
from email.headerregistry import Address
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult

from notifications.channels.base import DeliveryError, Outgoing
from notifications.channels.email import send_by_smtp
from notifications.channels.mime import to_mime
from tests.notifications.certificates import server_context
from tests.notifications.patience import IN_TIME, SHORT
from tests.notifications.smtp import FakeSmtp

MESSAGE = Outgoing(
    id="018f0000-0000-7000-8000-000000000001",
    to="robin.sample@example.org",
    subject="A message from Sam",
    text="Hello – we’ll call you.\n.\nSam\n",
)


def failure(message: Outgoing = MESSAGE) -> DeliveryError:
    """Return the error that sending raises."""
    with pytest.raises(DeliveryError) as caught:
        send_by_smtp(message)
    return caught.value


def test_a_message_arrives_word_for_word(smtp: FakeSmtp, settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "Sam <sam@threshold.example>"
    handed = send_by_smtp(MESSAGE)
    (received,) = smtp.received
    assert handed.provider_id == received.message_id
    assert (received.to, received.sender) == ("robin.sample@example.org", "sam@threshold.example")
    assert (received.subject, received.text.replace("\r\n", "\n")) == (MESSAGE.subject, MESSAGE.text)
    assert received.message_id == "<018f0000-0000-7000-8000-000000000001@threshold.example>"


@pytest.mark.parametrize("name", ["Threshold desk", 'St "Ann", desk', "Zoë’s desk"])
def test_a_name_goes_before_the_one_address(smtp: FakeSmtp, settings: Any, name: str) -> None:
    settings.DEFAULT_FROM_EMAIL = "Sam <sam@threshold.example>"
    assert to_mime(replace(MESSAGE, sender=name))["From"].addresses == (
        Address(name, addr_spec="sam@threshold.example"),
    )
    send_by_smtp(replace(MESSAGE, sender=name))
    assert smtp.received[0].sender == "sam@threshold.example"


def test_without_a_name_of_its_own_a_message_comes_from_the_neutral_one(settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "Sam <sam@threshold.example>"
    assert to_mime(MESSAGE)["From"] == "Sam <sam@threshold.example>"


@pytest.mark.parametrize("letters", range(60, 90))
@pytest.mark.parametrize("last", ["", "é"])
def test_a_subject_begins_on_the_line_of_its_name(smtp: FakeSmtp, letters: int, last: str) -> None:
    """As the server gets it: some programs show no subject that begins on the line below."""
    subject = "2nd alert, waiting since 06:01. FNK-4K9-2: Clinical urgent, and more about it than fits"
    subject = subject[:letters].strip() + last
    send_by_smtp(replace(MESSAGE, subject=subject))
    (received,) = smtp.received
    line = next(line for line in received.head.split("\r\n") if line.startswith("Subject:"))
    assert line.startswith(("Subject: 2nd alert, waiting", "Subject: =?utf-8?q?2nd"))
    assert max(map(len, received.head.split("\r\n"))) <= 78
    assert received.subject.split() == subject.split()


def test_html_goes_along_and_the_plain_text_stays_first() -> None:
    html = "<p>Hello – we’ll call you.</p><p>Sam</p>"
    mime = to_mime(replace(MESSAGE, html=html))
    assert mime.get_content_type() == "multipart/alternative"
    first, second = mime.iter_parts()
    assert isinstance(first, EmailMessage)
    assert isinstance(second, EmailMessage)
    assert (first.get_content_type(), first.get_content().replace("\r\n", "\n")) == (
        "text/plain",
        MESSAGE.text,
    )
    assert (second.get_content_type(), second.get_content().strip()) == ("text/html", html)
    assert mime.as_bytes().isascii()
    assert max(map(len, mime.as_bytes().splitlines())) <= 998


def test_without_html_there_is_plain_text_only() -> None:
    assert to_mime(MESSAGE).get_content_type() == "text/plain"


def test_the_message_id_is_the_same_in_every_copy(smtp: FakeSmtp) -> None:
    send_by_smtp(MESSAGE)
    send_by_smtp(MESSAGE)
    assert len({received.message_id for received in smtp.received}) == 1


@pytest.mark.parametrize("word", ["421", "450", "451", "452", "rcpt 450", "rcpt 451", "mail 421", "mail 451"])
def test_a_server_that_says_not_now_is_tried_again(smtp: FakeSmtp, word: str) -> None:
    smtp.then(word)
    error = failure()
    assert (error.reason, error.permanent, error.ambiguous) == (f"SMTP {word[-3:]}", False, False)


@pytest.mark.parametrize("word", ["550", "552", "554", "rcpt 550", "rcpt 553"])
def test_a_refused_address_or_text_is_permanent(smtp: FakeSmtp, word: str) -> None:
    smtp.then(word)
    error = failure()
    assert (error.reason, error.permanent) == (f"SMTP {word[-3:]}", True)


@pytest.mark.parametrize("word", ["ehlo 554", "mail 530", "mail 550", "rcpt 530"])
def test_a_refusal_of_ourselves_is_our_configuration_and_not_permanent(smtp: FakeSmtp, word: str) -> None:
    smtp.then(word)
    assert not failure().permanent


@pytest.mark.parametrize("word", ["451", "550", "rcpt 550"])
def test_an_error_holds_none_of_the_servers_words(smtp: FakeSmtp, word: str) -> None:
    smtp.then(word)
    error = failure()
    assert "example.org" not in f"{error} {error.reason} {error.args}"
    assert error.__cause__ is None
    assert error.__suppress_context__


@pytest.mark.parametrize("word", ["silent", "hang", "drip"])
def test_a_slow_server_is_left_in_time(smtp: FakeSmtp, settings: Any, word: str) -> None:
    settings.EMAIL_TIMEOUT = SHORT
    smtp.then(word)
    began = time.monotonic()
    error = failure()
    assert (error.reason, error.permanent, error.ambiguous) == ("TimeoutError", False, word != "silent")
    assert time.monotonic() - began < IN_TIME


def test_a_server_that_does_not_greet_is_left_before_its_time(
    smtp: FakeSmtp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("notifications.channels.smtp.GREETING", 0.4)
    smtp.then("silent")
    began = time.monotonic()
    error = failure()
    assert (error.reason, error.ambiguous) == ("TimeoutError", False)
    assert time.monotonic() - began < IN_TIME


@pytest.mark.parametrize("word", ["hangup", "lost"])
def test_a_connection_lost_before_the_answer_is_tried_again(smtp: FakeSmtp, word: str) -> None:
    smtp.then(word)
    error = failure()
    assert (error.reason, error.permanent, error.ambiguous) == ("SMTPServerDisconnected", False, True)


def test_a_connection_lost_after_the_answer_is_a_message_sent(smtp: FakeSmtp) -> None:
    smtp.then("quit")
    send_by_smtp(MESSAGE)
    assert len(smtp.received) == 1


def test_a_refused_connection_is_tried_again(settings: Any) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", unused.getsockname()[1]
        error = failure()
    assert (error.reason, error.permanent) == ("ConnectionRefusedError", False)


def test_an_unknown_server_is_tried_again(settings: Any) -> None:
    settings.EMAIL_HOST = "no-such-host.invalid"
    error = failure()
    assert (error.reason, error.permanent) == ("gaierror", False)


@pytest.mark.parametrize(
    "to",
    [
        "",
        "robin",
        "robin@",
        "robin@example.org\nBcc: x@example.org",
        "a@example.org, b@example.org",
        "zoë@example.org",
    ],
)
def test_what_is_no_address_is_refused_before_it_leaves(smtp: FakeSmtp, to: str) -> None:
    error = failure(Outgoing(id="1", to=to, subject="A message", text="Hello"))
    assert (error.reason, error.permanent) == ("InvalidAddress", True)
    assert smtp.connections == 0


def test_an_international_domain_is_sent_in_its_ascii_form(smtp: FakeSmtp) -> None:
    send_by_smtp(Outgoing(id="1", to="robin@exämple.org", subject="A message", text="Hello"))
    assert smtp.received[0].to == "robin@xn--exmple-cua.org"


# --- TLS and log-in


@pytest.fixture
def tls_smtp(settings: Any, tmp_path: Path) -> Any:
    """A server that wants TLS and the password "right"."""

    def check(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=data.password == b"right", handled=False)

    options: dict[str, Any] = {
        "tls_context": server_context(tmp_path),
        "authenticator": check,
        "auth_required": True,
    }
    with FakeSmtp(**options) as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_USE_TLS, settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = True, "sam", "right"
        yield server


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Make this machine trust the server's certificate."""
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))


def test_it_logs_in_over_tls(trusted: None, tls_smtp: FakeSmtp) -> None:
    send_by_smtp(MESSAGE)
    assert len(tls_smtp.received) == 1


def test_a_wrong_password_is_our_configuration_and_not_permanent(
    trusted: None, tls_smtp: FakeSmtp, settings: Any
) -> None:
    settings.EMAIL_HOST_PASSWORD = "wrong"
    error = failure()
    assert (error.reason, error.permanent) == ("SMTP 535", False)
    assert base64.b64encode(b"wrong").decode() not in str(error)


def test_a_certificate_that_nobody_vouches_for_gets_no_password(tls_smtp: FakeSmtp) -> None:
    error = failure()
    assert (error.reason, error.permanent) == ("SSLCertVerificationError", False)
    assert tls_smtp.received == []


def test_a_server_without_tls_gets_no_password(smtp: FakeSmtp, settings: Any) -> None:
    settings.EMAIL_USE_TLS, settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = True, "sam", "right"
    error = failure()
    assert (error.reason, error.permanent) == ("SMTPNotSupportedError", False)


def test_it_speaks_tls_from_the_first_byte_if_told_so(trusted: None, settings: Any, tmp_path: Path) -> None:
    with FakeSmtp(tls=server_context(tmp_path)) as server:
        settings.EMAIL_USE_SSL, settings.EMAIL_HOST, settings.EMAIL_PORT = True, "127.0.0.1", server.port
        send_by_smtp(MESSAGE)
    assert len(server.received) == 1
