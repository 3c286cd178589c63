"""The scripted mail server as the fault suite runs it: beside a whole stack, told what to do by a file."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from notifications.channels.base import DeliveryError, Outgoing
from notifications.channels.email import send_by_smtp

MESSAGE = Outgoing(id="7", to="robin.sample@example.org", subject="A message from Sam", text="Hello.\n")


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Iterator[Path]:
    command = [sys.executable, "-m", "tests.notifications.smtp", "--folder", str(tmp_path / "mail")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", json.loads(process.stdout.readline())["port"]
        yield tmp_path / "mail"
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0


def test_it_does_what_the_file_says_and_keeps_what_it_takes(folder: Path) -> None:
    (folder / "behaviour").write_text("rcpt 550\n", encoding="ascii")
    with pytest.raises(DeliveryError, match="SMTP 550"):
        send_by_smtp(MESSAGE)
    (folder / "behaviour").unlink()
    send_by_smtp(MESSAGE)
    (line,) = (folder / "received.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["subject"] == MESSAGE.subject
