"""The migration that seals what messages say keeps it."""

from uuid import uuid4

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from jobs.clock import database_now
from notifications.models import Message

PLAIN = ("notifications", "0006_a_way_back_to_saved_answers")
WORDS = {"link": "/received/somebodys-own-page/"}


def migrate(*, to: tuple[str, str]) -> MigrationExecutor:
    executor = MigrationExecutor(connection)
    executor.migrate([to])
    return MigrationExecutor(connection)


def latest() -> tuple[str, str]:
    [end] = MigrationExecutor(connection).loader.graph.leaf_nodes("notifications")
    return end


@pytest.mark.django_db(transaction=True)
def test_what_messages_said_is_sealed_and_can_still_be_read() -> None:
    try:
        old = migrate(to=PLAIN).loader.project_state([PLAIN]).apps.get_model("notifications", "Message")
        row = old.objects.create(
            kind="TEST",
            channel="EMAIL",
            to="x",
            context=WORDS,
            dedupe_key=str(uuid4()),
            created_at=database_now(),
        )
    finally:
        migrate(to=latest())
    assert Message.objects.get(pk=row.pk).context == WORDS
    migrate(to=PLAIN)
    assert old.objects.get(pk=row.pk).context == WORDS
    migrate(to=latest())
