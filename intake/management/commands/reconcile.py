import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from intake.services.reconciliation import reconcile


class Command(BaseCommand):
    help = (
        "Prove that no enquiry is lost. Prints {received, on_leads, in_review, unaccounted} as JSON and "
        "exits with status 1 unless unaccounted is 0."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        result = reconcile()
        self.stdout.write(json.dumps(asdict(result) | {"unaccounted": result.unaccounted}))
        if result.unaccounted:
            sys.exit(1)
