"""E-mail to a folder: development and tests. A second copy gets a file of its own, so that it shows."""

import os
import tempfile
from pathlib import Path

from django.conf import settings

from notifications.channels.base import DeliveryError, Handed, Outgoing
from notifications.channels.mime import to_mime


def send_by_file(outgoing: Outgoing) -> Handed:
    """Write the message to EMAIL_OUTBOX_DIR as <id>.<random>.eml: whole or not at all, for our eyes only."""
    content = to_mime(outgoing).as_bytes()
    folder = Path(settings.EMAIL_OUTBOX_DIR)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, draft = tempfile.mkstemp(dir=folder, prefix=f"{outgoing.id}.", suffix=".part")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(draft).rename(Path(draft).with_suffix(".eml"))
    except OSError as error:
        raise DeliveryError(type(error).__name__, permanent=False) from None
    return Handed()
