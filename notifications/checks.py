"""System checks: what must be right before messages can go out."""

from collections.abc import Iterator
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core import checks

from notifications.channels.email_providers import PROVIDERS
from notifications.channels.push import public_key
from notifications.channels.registry import TRANSPORTS, setting_of
from notifications.enums import ChannelName

TWILIO = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN")
NEEDED = {  # by each transport, of the settings that are empty if nobody sets them
    (ChannelName.SMS, "twilio"): (*TWILIO, "TWILIO_SMS_FROM"),
    (ChannelName.VOICE, "twilio"): (*TWILIO, "TWILIO_VOICE_FROM"),
    (ChannelName.PUSH, "vapid"): ("VAPID_PRIVATE_KEY", "VAPID_SUBJECT"),
    **{(ChannelName.EMAIL, provider): names for provider, names in PROVIDERS.items()},
}
LOCAL = ("file", "console")


@checks.register
def check_channels_exist(**_: Any) -> list[checks.CheckMessage]:
    """Each …_CHANNEL names a transport."""
    return [
        checks.Error(f"{setting_of(name)} must be one of {', '.join(transports)}.", id="notifications.E001")
        for name, transports in TRANSPORTS.items()
        if _chosen(name) not in transports
    ]


@checks.register(checks.Tags.security, deploy=True)
def check_channels_have_credentials(**_: Any) -> list[checks.CheckMessage]:
    """A channel that was chosen has what it needs to send: otherwise it would fail when it is needed."""
    return [
        checks.Error(
            f"{setting_of(name)} is {_chosen(name)}, so set {', '.join(missing)}.", id="notifications.E002"
        )
        for name in TRANSPORTS
        if (missing := list(_missing(name)))
    ]


@checks.register(checks.Tags.security, deploy=True)
def check_push_key(**_: Any) -> list[checks.CheckMessage]:
    """VAPID_PRIVATE_KEY is a key, and VAPID_SUBJECT says whom push services may ask."""
    if settings.PUSH_CHANNEL != "vapid" or list(_missing(ChannelName.PUSH)):
        return []
    problems = []
    try:
        public_key()
    except Exception:  # noqa: BLE001  whatever the libraries make of a wrong key
        problems.append("VAPID_PRIVATE_KEY is no key: make one with manage.py push_key.")
    if not settings.VAPID_SUBJECT.startswith(("mailto:", "https://")):
        problems.append("VAPID_SUBJECT must begin with mailto: or https://.")
    return [checks.Error(problem, id="notifications.E003") for problem in problems]


@checks.register(checks.Tags.security, deploy=True)
def check_messages_go_out(**_: Any) -> list[checks.CheckMessage]:
    """In production messages go out: a file or a terminal reaches nobody and shows addresses."""
    return [
        checks.Warning(
            f"{setting_of(name)} is {_chosen(name)}: nobody gets any message.", id="notifications.W001"
        )
        for name in TRANSPORTS
        if _chosen(name) in LOCAL
    ]


@checks.register(checks.Tags.security, deploy=True)
def check_sender(**_: Any) -> list[checks.CheckMessage]:
    """E-mail comes from an address of the clinic's: what has a made-up one is thrown away on its way."""
    address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    if _chosen(ChannelName.EMAIL) in LOCAL or not address.endswith((".example", "@localhost")):
        return []
    return [checks.Error(f"DEFAULT_FROM_EMAIL is {address}: set your own.", id="notifications.E004")]


def _chosen(name: ChannelName) -> str:
    return str(getattr(settings, setting_of(name)))


def _missing(name: ChannelName) -> Iterator[str]:
    """Yield the settings that the chosen transport needs and that are empty."""
    for setting in NEEDED.get((name, _chosen(name)), ()):
        if not (getattr(settings, setting, "") or settings.ANYMAIL.get(setting)):
            yield setting
