"""Queue a message that says nothing, to see whether messages get through."""

from argparse import ArgumentParser
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from jobs.clock import database_now
from notifications.enums import MessageKind
from notifications.services.outbox import queue_message


class Command(BaseCommand):
    help = "Queue a test message; the workers deliver it like any other. Prints its id."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("address", help="the e-mail address to send it to")

    def handle(self, *, address: str, **_: Any) -> None:
        try:
            validate_email(address)
        except ValidationError:
            raise CommandError(f"{address} is not an e-mail address.") from None
        message = queue_message(
            kind=MessageKind.TEST,
            to=address,
            context={},
            dedupe_key=f"test:{uuid4()}",
            about=None,
            at=database_now(),
        )
        self.stdout.write(str(message.pk))
