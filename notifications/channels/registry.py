"""The single list of ways out: for each channel, the transports that the settings choose from."""

from django.conf import settings

from notifications.channels.base import Channel
from notifications.channels.console import send_by_console
from notifications.channels.email import send_by_smtp
from notifications.channels.file import send_by_file
from notifications.enums import ChannelName

EMAIL_TRANSPORTS: dict[str, Channel] = {
    "smtp": send_by_smtp,
    "file": send_by_file,
    "console": send_by_console,
}


def channel_for(name: ChannelName) -> Channel:
    """Return the transport in use. Raises KeyError for a setting that names none."""
    return {ChannelName.EMAIL: EMAIL_TRANSPORTS[settings.EMAIL_CHANNEL]}[name]
