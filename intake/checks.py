"""Whether we could be heard if something went wrong: asked by manage.py check --deploy."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks


@checks.register(checks.Tags.security, deploy=True)
def check_somebody_outside_listens(**_: Any) -> list[checks.CheckMessage]:
    """There is a heartbeat outside, and canaries that have somewhere to go."""
    return [*_heartbeat(), *_canary()]


def _heartbeat() -> Iterator[checks.CheckMessage]:
    if not settings.HEARTBEAT_URL:
        yield checks.Warning(
            "HEARTBEAT_URL is not set: if this machine is gone, nobody is told.", id="intake.W001"
        )
    elif urlsplit(settings.HEARTBEAT_URL).scheme != "https":
        yield checks.Error("HEARTBEAT_URL must begin with https://.", id="intake.E001")


def _canary() -> Iterator[checks.CheckMessage]:
    if settings.CANARY_MINUTES < 1:
        yield checks.Warning(
            "CANARY_MINUTES is 0: nothing shows whether an enquiry would come through.", id="intake.W002"
        )
    elif urlsplit(settings.CANARY_URL).scheme not in {"http", "https"}:
        yield checks.Error("CANARY_URL must begin with http:// or https://.", id="intake.E002")
