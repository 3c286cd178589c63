"""Bring database and static files up to date; load content, and demo data on the first start."""

import os

import django
from django.core.management import call_command

from config.why import explained


def main() -> None:
    """Run the management commands that a start needs, each safe to run again."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    django.setup()
    _step("Checking the settings", "check")
    _step("Bringing the database up to date", "migrate", interactive=False, verbosity=0)
    _step("Collecting static files", "collectstatic", interactive=False, verbosity=0)
    _step("Loading guides, help lines, messages and rules", "load_content")
    if _is_first_start():
        _step("Making demo data (fictional people, 90 days)", "demo_data")


def _step(sentence: str, command: str, **options: object) -> None:
    print(f"{sentence} …", flush=True)
    call_command(command, **options)


def _is_first_start() -> bool:
    from config import env
    from crm.models import User

    return env.flag("DEMO_DATA", default=True) and not User.objects.exists()


if __name__ == "__main__":
    with explained():
        main()
