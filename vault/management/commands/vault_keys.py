"""Print keysets for VAULT_KEYSETS: new ones, or today's with a new key."""

from argparse import ArgumentParser, RawDescriptionHelpFormatter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from vault.keysets import (
    TEMPLATES,
    VaultError,
    check_keysets,
    new_keysets,
    with_added_key,
    with_latest_primary,
)

EPILOGUE = """
new      a fresh pair, for a new installation
add      today's with one more key that only reads so far: give it to every process first
promote  today's with the latest key as the one that writes: give it to every process after that
rotate   both steps at once, for when all processes restart together

Keep every key as long as a row may have been written with it. What is printed is secret.
"""


class Command(BaseCommand):
    requires_system_checks = ()  # it says itself what is wrong with the keys
    help = "Print keysets for VAULT_KEYSETS as JSON; nothing is changed or stored."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.epilog = EPILOGUE
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.add_argument("action", choices=("new", "add", "promote", "rotate"))
        parser.add_argument("--keyset", choices=tuple(TEMPLATES), default="aead", help="which one to change")

    def handle(self, *, action: str, keyset: str, **_: Any) -> None:
        try:
            keysets = changed_keysets(action, keyset)
            check_keysets(keysets)
        except VaultError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(keysets)


def changed_keysets(action: str, name: str) -> str:
    """Return what the action makes of the configured keysets. Raises VaultError when those cannot be read."""
    if action == "new":
        return new_keysets()
    keysets = settings.VAULT_KEYSETS
    check_keysets(keysets)
    if action in {"add", "rotate"}:
        keysets = with_added_key(keysets, name=name)
    if action in {"promote", "rotate"}:
        keysets = with_latest_primary(keysets, name=name)
    return keysets
