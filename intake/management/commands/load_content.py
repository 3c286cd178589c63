import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from intake.services.content import load_shipped_content


class Command(BaseCommand):
    help = (
        "Add the help lines, guides, texts and rules that ship with Threshold where they are missing. Never "
        "changes what staff have edited. Prints what was added as JSON."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(json.dumps(asdict(load_shipped_content())))
