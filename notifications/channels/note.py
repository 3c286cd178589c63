"""A message as a small file: for development and tests, of what is no e-mail.

`goes_out` in it is what would be handed over: the words of a text, what a call says (TwiML), what a browser
or a webhook gets.
"""

import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings

from notifications.channels.base import Channel, DeliveryError, Handed, Outgoing
from notifications.channels.push import shown_to_the_browser
from notifications.channels.spoken import call_script
from notifications.channels.webhook import body_of
from notifications.enums import ChannelName

AS_IT_GOES: dict[ChannelName, Callable[[Outgoing], Any]] = {
    ChannelName.SMS: lambda outgoing: outgoing.text.strip(),
    ChannelName.VOICE: call_script,
    ChannelName.PUSH: shown_to_the_browser,
    ChannelName.WEBHOOK: body_of,
}


def note_for(channel: ChannelName) -> Channel:
    """Return the channel that writes EMAIL_OUTBOX_DIR/<id>.<random>.<channel>.json, for our eyes only."""

    def send(outgoing: Outgoing) -> Handed:
        said = {"goes_out": AS_IT_GOES[channel](outgoing)} | asdict(outgoing)
        content = json.dumps(said, default=str, indent=1, ensure_ascii=False)
        folder = Path(settings.EMAIL_OUTBOX_DIR)
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, draft = tempfile.mkstemp(dir=folder, prefix=f"{outgoing.id}.", suffix=".part")
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(content)
            Path(draft).rename(Path(draft).with_suffix(f".{channel.lower()}.json"))
        except OSError as error:
            raise DeliveryError(type(error).__name__, permanent=False) from None
        return Handed()

    return send
