"""The pulse: a number that moves whenever a queue has changed, so that an idle dashboard costs one query."""

from django.db import connection, transaction


def touch_queues() -> None:
    """Move the pulse after the current transaction has committed.

    Not earlier: a dashboard that saw the new pulse before the new rows would never ask for them again.
    """
    transaction.on_commit(_advance)


def _advance() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('crm_queue_pulse')")
