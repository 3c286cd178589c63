import json
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from intake.demo.making import Wish, make_demo
from jobs.clock import database_now


class Command(BaseCommand):
    help = (
        "Make a fictional centre, its staff and their enquiries of the last days. The people are invented, "
        "their numbers and addresses set aside for fiction; nothing is sent. Passwords are kept in "
        "DATA_DIR/demo-sign-ins.json. Where there is a demo already, nothing happens (see --add). Prints "
        "JSON: the site, how many demo leads there are now, and the rows that were made."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--leads", type=int, default=1500, help="demo leads in all; 0: site and staff only"
        )
        parser.add_argument("--days", type=int, default=90, help="days back to which they reach (default 90)")
        parser.add_argument("--add", action="store_true", help="bring an existing demo up to --leads")

    def handle(self, *args: Any, **options: Any) -> None:
        wish = Wish(leads=max(options["leads"], 0), days=max(options["days"], 1))
        made = make_demo(wish=wish, folder=settings.DATA_DIR, at=database_now(), add=options["add"])
        self.stdout.write(json.dumps(asdict(made)))
