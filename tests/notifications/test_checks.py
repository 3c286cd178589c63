from typing import Any

import pytest

from notifications.channels.registry import TRANSPORTS
from notifications.checks import (
    check_channels_exist,
    check_channels_have_credentials,
    check_messages_go_out,
    check_push_key,
    check_sender,
)
from notifications.enums import ChannelName

KEY = "x6zCkZ2Uu5S3x4jYzBcmZ3rVpmQ2f4dQe0ndZ4Y2X1A"


def said(messages: list[Any]) -> list[tuple[str, str]]:
    return [(message.id, message.msg) for message in messages]


@pytest.mark.parametrize("channel", TRANSPORTS)
def test_a_channel_that_does_not_exist_is_an_error(settings: Any, channel: ChannelName) -> None:
    setattr(settings, f"{channel}_CHANNEL", "pigeon")
    names = ", ".join(TRANSPORTS[channel])
    assert said(check_channels_exist()) == [
        ("notifications.E001", f"{channel}_CHANNEL must be one of {names}.")
    ]
    for name in TRANSPORTS[channel]:
        setattr(settings, f"{channel}_CHANNEL", name)
        assert check_channels_exist() == []


@pytest.mark.parametrize(
    ("setting", "transport", "missing"),
    [
        ("SMS_CHANNEL", "twilio", "TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TWILIO_SMS_FROM"),
        ("VOICE_CHANNEL", "twilio", "TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TWILIO_VOICE_FROM"),
        ("PUSH_CHANNEL", "vapid", "VAPID_PRIVATE_KEY, VAPID_SUBJECT"),
        ("EMAIL_CHANNEL", "postmark", "POSTMARK_SERVER_TOKEN"),
        ("EMAIL_CHANNEL", "mailjet", "MAILJET_API_KEY, MAILJET_SECRET_KEY"),
    ],
)
def test_a_chosen_channel_without_its_credentials_is_an_error_in_words(
    settings: Any, setting: str, transport: str, missing: str
) -> None:
    setattr(settings, setting, transport)
    expected = f"{setting} is {transport}, so set {missing}."
    assert said(check_channels_have_credentials()) == [("notifications.E002", expected)]
    for name in missing.split(", "):
        if setting == "EMAIL_CHANNEL":
            settings.ANYMAIL = settings.ANYMAIL | {name: "something"}
        else:
            setattr(settings, name, "something")
    assert check_channels_have_credentials() == []


@pytest.mark.parametrize(
    ("key", "subject", "problem"),
    [
        ("not a key", "mailto:a@example.org", "VAPID_PRIVATE_KEY is no key"),
        (KEY, "a@example.org", "VAPID_SUBJECT must begin with"),
    ],
)
def test_a_push_key_must_be_one(settings: Any, key: str, subject: str, problem: str) -> None:
    settings.PUSH_CHANNEL, settings.VAPID_PRIVATE_KEY, settings.VAPID_SUBJECT = "vapid", key, subject
    ((identity, words),) = said(check_push_key())
    assert identity == "notifications.E003"
    assert words.startswith(problem)


def test_a_push_key_that_is_one_passes(settings: Any) -> None:
    settings.PUSH_CHANNEL, settings.VAPID_PRIVATE_KEY = "vapid", KEY
    settings.VAPID_SUBJECT = "mailto:admin@threshold.example"
    assert check_push_key() == []


def test_production_is_warned_of_what_stays_on_the_machine(settings: Any) -> None:
    settings.EMAIL_CHANNEL = "file"
    assert [message.id for message in check_messages_go_out()] == ["notifications.W001"]
    settings.EMAIL_CHANNEL, settings.SMS_CHANNEL = "smtp", "file"
    assert [message.id for message in check_messages_go_out()] == ["notifications.W001"]
    settings.SMS_CHANNEL = "off"
    assert check_messages_go_out() == []


@pytest.mark.parametrize("sender", ["Sam <sam@threshold.example>", "root@localhost"])
def test_a_made_up_sender_is_an_error_where_e_mail_goes_out(settings: Any, sender: str) -> None:
    settings.DEFAULT_FROM_EMAIL, settings.EMAIL_CHANNEL = sender, "smtp"
    assert [identity for identity, _ in said(check_sender())] == ["notifications.E004"]
    settings.DEFAULT_FROM_EMAIL = "Sam <sam@clinic.org>"
    assert check_sender() == []
    settings.DEFAULT_FROM_EMAIL, settings.EMAIL_CHANNEL = sender, "file"
    assert check_sender() == []
