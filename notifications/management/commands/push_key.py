"""Make the key by which push services know us."""

from typing import Any

from django.core.management.base import BaseCommand

from notifications.push_keys import new_push_key


class Command(BaseCommand):
    help = "Print a new VAPID_PRIVATE_KEY. With another key, every browser has to subscribe again."
    requires_system_checks = []

    def handle(self, **_: Any) -> None:
        self.stdout.write(new_push_key())
