"""`make demo`: fictional people and enquiries for a Threshold that runs, and who can sign in to see them."""

import io
import json
import os
import sys
from pathlib import Path

import django
from django.core.management import call_command

from config import env
from config.embedded import data_dir, web_url, why_unreachable
from config.run.sign_ins import sign_ins
from config.why import explained

NO_PASSWORDS = (
    "The passwords are in the DATA_DIR in which the demo was made. `manage.py changepassword "
    "coordinator@threshold.example` sets another one."
)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    folder = data_dir()
    if sentence := why_unreachable(folder):  # before the settings make keys in a folder that was mistyped
        sys.exit(sentence)
    django.setup()
    print("Demo data (fictional people, 90 days) …", flush=True)
    said = io.StringIO()
    call_command("demo_data", stdout=said)
    print("\n".join([in_words(json.loads(said.getvalue())), *where(folder)]))


def in_words(made: dict[str, object]) -> str:
    """Return what the command has made, or has found."""
    leads = f"{made['leads']} demo leads at {made['site']}"
    return f"There are {leads} now." if made["rows"] else f"Nothing to do: there are {leads} already."


def where(folder: Path) -> list[str]:
    """Return the address, and who can sign in there."""
    url = web_url(folder) or env.text("BASE_URL", "")
    return ["", *([f"Threshold is at {url}"] if url else []), *(sign_ins(folder) or [NO_PASSWORDS])]


if __name__ == "__main__":
    with explained():
        main()
