"""A run on one machine has all that it needs: its own keys, and every way out open, into files."""

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings

ASK = """
import django
django.setup()
from django.conf import settings
from notifications.channels.push import public_key
from notifications.channels.registry import channels_in_use
print(public_key(), settings.VAPID_SUBJECT, *channels_in_use())
"""
KEPT_OUT = ("VAPID_PRIVATE_KEY", "VAPID_SUBJECT", "PUSH_CHANNEL")


def said_by_a_process(folder: Path) -> list[str]:
    kept = {name: value for name, value in os.environ.items() if name not in KEPT_OUT}
    environment = kept | {"DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "config.settings.dev"}
    done = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=settings.BASE_DIR,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.split()


def test_every_process_of_a_run_has_the_same_key_for_push_and_another_run_another(tmp_path: Path) -> None:
    key, subject, *ways = said_by_a_process(tmp_path / "one")
    assert said_by_a_process(tmp_path / "one") == [key, subject, *ways]
    assert said_by_a_process(tmp_path / "other")[0] != key
    assert len(key) == 87  # a point of the curve: what a browser subscribes with
    assert subject.startswith("mailto:")
    assert set(ways) == {"EMAIL", "SMS", "VOICE", "PUSH", "WEBHOOK"}
