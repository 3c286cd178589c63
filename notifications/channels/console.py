"""E-mail to the terminal: development only, since it shows whom a message is for."""

import sys

from notifications.channels.base import Handed, Outgoing
from notifications.channels.mime import to_mime


def send_by_console(outgoing: Outgoing) -> Handed:
    """Print the message to standard output."""
    sys.stdout.write(f"{'-' * 80}\n{to_mime(outgoing).as_string()}\n{'-' * 80}\n")
    sys.stdout.flush()
    return Handed()
