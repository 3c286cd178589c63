"""python -m tests.faults.many N: queue N messages to N people, one of which cannot be written."""

import sys

import django
from django.db import transaction


@transaction.atomic  # or the broken one is sent before it is broken
def main(number: int) -> None:
    from jobs.clock import database_now
    from notifications.enums import MessageKind
    from notifications.services.outbox import queue_message

    messages = [
        queue_message(
            kind=MessageKind.TEST,
            to=f"person{each}@many.example",
            context={},
            dedupe_key=f"many:{each}",
            about=None,
            at=database_now(),
        )
        for each in range(number)
    ]
    broken = messages[number // 3]
    broken.context = {"link": 7}  # no address: the values of the template cannot be made
    broken.save(update_fields=["context"])


if __name__ == "__main__":
    django.setup()
    main(int(sys.argv[1]))
