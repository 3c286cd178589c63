"""After the database was put back to an earlier point in time, before anything is started."""

from typing import Any

from django.core.management.base import BaseCommand

from notifications.services.outbox import mark_possible_duplicates


class Command(BaseCommand):
    help = "Mark every message that is not sent yet as one that may have arrived before. Prints how many."

    def handle(self, **_: Any) -> None:
        self.stdout.write(
            f"{mark_possible_duplicates()} messages may have been sent after that point in time."
        )
