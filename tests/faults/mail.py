"""The mail server of a stack: scripted, in a process of its own (tests/notifications/smtp.py)."""

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from config.run.leftovers import MARK
from config.servers.ports import free_port
from tests.processes import Process, wait_until


class MailServer:
    """An SMTP server on a port of its own that does what it is told to."""

    def __init__(self, folder: Path) -> None:
        self.port, self.folder = free_port(), folder / "mail"
        self.folder.mkdir()
        command = ["-m", "tests.notifications.smtp", "--port", str(self.port), "--folder", str(self.folder)]
        env = {MARK: str(folder)}  # by which the watchdog finds it
        self.process = Process("mail", [sys.executable, *command], env=env, folder=folder)

    def start(self) -> None:
        """Start it and return when it listens."""
        before = self._starts()
        self.process.start()
        wait_until(lambda: self._starts() > before or not self.process.is_alive(), what="a mail server")
        assert self._starts() > before, self.process.output()

    def behave(self, word: str) -> None:
        """Do this from the next connection on; the words are those of tests.notifications.smtp."""
        draft = self.folder / "behaviour.new"
        draft.write_text(word, encoding="ascii")
        draft.rename(self.folder / "behaviour")

    def received(self) -> list[dict[str, Any]]:
        """Return every message that was taken, in order; not one that is just being written down."""
        path = self.folder / "received.jsonl"
        written = path.read_bytes() if path.exists() else b""
        return [json.loads(line) for line in written.split(b"\n")[:-1]]

    def copies(self) -> Counter[str]:
        """Return how often each message was taken, by the id of its row."""
        return Counter(message["message_id"].strip("<>").partition("@")[0] for message in self.received())

    def _starts(self) -> int:
        return self.process.output().count('"port"') if self.process.log.exists() else 0
