"""The single list of ways out: for each channel, the transports that the settings choose from."""

from urllib.parse import urlsplit

from django.conf import settings

from notifications.channels.base import Channel, DeliveryError, Handed, Outgoing
from notifications.channels.console import send_by_console
from notifications.channels.email import send_by_smtp
from notifications.channels.email_providers import PROVIDERS, send_by
from notifications.channels.file import send_by_file
from notifications.channels.note import note_for
from notifications.channels.push import Subscription, send_by_push
from notifications.channels.sink import is_sink, send_to_sink
from notifications.channels.sms import send_by_twilio_sms
from notifications.channels.voice import send_by_twilio_call
from notifications.channels.webhook import Endpoint, send_by_webhook
from notifications.enums import ChannelName

OFF = "off"
EMAIL_TRANSPORTS: dict[str, Channel] = {
    "smtp": send_by_smtp,
    **{provider: send_by(provider) for provider in PROVIDERS},
    "file": send_by_file,
    "console": send_by_console,
}


def send_by_nothing(outgoing: Outgoing) -> Handed:
    """Refuse: the settings leave this way out closed, so the next channel has to do it."""
    raise DeliveryError("NotSetUp", permanent=True)


def _transports(channel: ChannelName, name: str, send: Channel) -> dict[str, Channel]:
    return {name: send, "file": note_for(channel), OFF: send_by_nothing}


TRANSPORTS: dict[ChannelName, dict[str, Channel]] = {
    ChannelName.EMAIL: EMAIL_TRANSPORTS,
    ChannelName.SMS: _transports(ChannelName.SMS, "twilio", send_by_twilio_sms),
    ChannelName.VOICE: _transports(ChannelName.VOICE, "twilio", send_by_twilio_call),
    ChannelName.PUSH: _transports(ChannelName.PUSH, "vapid", send_by_push),
    ChannelName.WEBHOOK: _transports(ChannelName.WEBHOOK, "https", send_by_webhook),
}


def can_be_asked(name: ChannelName) -> bool:
    """Return whether its provider, before another try, says if it took the one before."""
    return getattr(settings, setting_of(name)) == "twilio"


def has_receipts(name: ChannelName) -> bool:
    """Return whether its provider reports later what became of a message that it took."""
    return getattr(settings, setting_of(name)) not in {"vapid", "https", "file", "console", OFF}


def timeout_of(name: ChannelName) -> float:
    """Return the seconds after which a try by this channel is over at the latest."""
    if name == ChannelName.EMAIL and settings.EMAIL_CHANNEL == "smtp":
        return float(settings.EMAIL_TIMEOUT)
    return float(settings.WEBHOOK_TIMEOUT if name == ChannelName.WEBHOOK else settings.OUTGOING_TIMEOUT)


def host_of(name: ChannelName, to: str) -> str:
    """Return the host behind a channel on which everybody has their own; "" where all share a provider.

    The sink is a host of its own: that it takes a message says nothing about the provider.
    """
    if is_sink(to):
        return "sink"
    try:
        if name == ChannelName.PUSH:
            return urlsplit(Subscription.read(to).endpoint).hostname or ""
        if name == ChannelName.WEBHOOK:
            return urlsplit(Endpoint.read(to).url).hostname or ""
    except (DeliveryError, ValueError):
        pass  # no address at all: the channel itself says so
    return ""


def setting_of(name: ChannelName) -> str:
    """Return the name of the setting that chooses a channel's transport."""
    return f"{name}_CHANNEL"


def channel_for(name: ChannelName, to: str = "") -> Channel:
    """Return the transport in use. Raises KeyError for a setting that names none."""
    if is_sink(to):
        return send_to_sink
    return TRANSPORTS[name][getattr(settings, setting_of(name))]


def channels_in_use() -> list[ChannelName]:
    """Return the channels that the settings open, for whoever has to choose one."""
    return [name for name in TRANSPORTS if getattr(settings, setting_of(name)) != OFF]
