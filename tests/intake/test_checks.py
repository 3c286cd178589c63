"""What manage.py check --deploy says of the heartbeat outside and of canaries."""

from typing import Any

import pytest

from intake.checks import check_somebody_outside_listens


@pytest.fixture(autouse=True)
def _well(settings: Any) -> None:
    settings.HEARTBEAT_URL = "https://heart.example/abc"
    settings.CANARY_MINUTES, settings.CANARY_URL = 5, "http://web:8000"


def said() -> list[str]:
    return [str(message.id) for message in check_somebody_outside_listens()]


def test_nothing_when_both_are_there() -> None:
    assert said() == []


@pytest.mark.parametrize(
    ("setting", "value", "found"),
    [
        ("HEARTBEAT_URL", "", "intake.W001"),
        ("HEARTBEAT_URL", "http://heart.example/abc", "intake.E001"),
        ("CANARY_MINUTES", 0, "intake.W002"),
        ("CANARY_URL", "web:8000", "intake.E002"),
    ],
)
def test_each_that_is_missing_or_wrong(settings: Any, setting: str, value: object, found: str) -> None:
    setattr(settings, setting, value)
    assert said() == [found]


def test_the_address_is_a_secret_and_never_said(settings: Any) -> None:
    settings.HEARTBEAT_URL = "http://heart.example/abc"
    assert not [message for message in check_somebody_outside_listens() if "abc" in message.msg]
