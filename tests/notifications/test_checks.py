from typing import Any

from notifications.checks import check_email_channel, check_email_goes_out


def ids(messages: list[Any]) -> list[str]:
    return [message.id for message in messages]


def test_a_channel_that_does_not_exist_is_an_error(settings: Any) -> None:
    settings.EMAIL_CHANNEL = "pigeon"
    assert ids(check_email_channel()) == ["notifications.E001"]
    for name in ("smtp", "file", "console"):
        settings.EMAIL_CHANNEL = name
        assert check_email_channel() == []


def test_production_without_smtp_is_warned_of(settings: Any) -> None:
    settings.EMAIL_CHANNEL = "file"
    assert ids(check_email_goes_out()) == ["notifications.W001"]
    settings.EMAIL_CHANNEL = "smtp"
    assert check_email_goes_out() == []
