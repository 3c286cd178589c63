"""The migration that seals what messages say keeps it."""

from uuid import uuid4

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from jobs.clock import database_now
from notifications.models import Message

PLAIN = ("notifications", "0006_a_way_back_to_saved_answers")
WORDS = {"link": "/received/somebodys-own-page/"}


def migrate(*to: tuple[str, str]) -> MigrationExecutor:
    executor = MigrationExecutor(connection)
    executor.migrate(list(to))
    return MigrationExecutor(connection)


def latest() -> list[tuple[str, str]]:
    """Return the ends of all apps: going back takes back what other apps have built on it."""
    return MigrationExecutor(connection).loader.graph.leaf_nodes()


@pytest.mark.django_db(transaction=True)
def test_what_messages_said_is_sealed_and_can_still_be_read() -> None:
    try:
        old = migrate(PLAIN).loader.project_state([PLAIN]).apps.get_model("notifications", "Message")
        row = old.objects.create(
            kind="TEST",
            channel="EMAIL",
            to="x",
            context=WORDS,
            dedupe_key=str(uuid4()),
            created_at=database_now(),
        )
    finally:
        migrate(*latest())
    assert Message.objects.get(pk=row.pk).context == WORDS
    try:
        migrate(PLAIN)
        assert old.objects.get(pk=row.pk).context == WORDS
    finally:
        migrate(*latest())
