from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from tests.vault.raw_rows import assert_absent, columns_with


def test_it_finds_text_json_and_bytes_in_any_case(note: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE leaky (words text, names varchar(20)[], facts jsonb, packed bytea)")
        cursor.execute(
            "INSERT INTO leaky VALUES (%s, %s, %s, %s)",
            [
                "to ADA LOVELACE",
                ["Zoë", "Byron"],
                '{"name": "Grace Hopper"}',
                b"\x00\xff Zo\xc3\xab Hare \xfe",
            ],
        )
    assert columns_with(connection, ["Ada Lovelace"]) == {"leaky.words"}
    assert columns_with(connection, ["byron"]) == {"leaky.names"}
    assert columns_with(connection, ["grace hopper"]) == {"leaky.facts"}
    assert columns_with(connection, ["zoë hare"]) == {"leaky.packed"}


def test_it_unpacks_sessions(db: None) -> None:
    session = SessionStore()
    session["answers"] = {"name": "Ada Lovelace " * 50}  # long enough to be compressed
    session.save()
    assert columns_with(connection, ["ada lovelace"]) == {"django_session.session_data"}


def test_it_passes_over_encrypted_columns(note: Any) -> None:
    note.objects.create(title="Ada Lovelace", body="Ada Lovelace", data={"name": "Ada Lovelace"})
    assert_absent(connection, ["Ada Lovelace"])


def test_its_complaint_names_the_column_and_not_the_text(note: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE leaky AS SELECT 'Ada Lovelace' AS words")
    with pytest.raises(AssertionError, match=r"leaky\.words") as caught:
        assert_absent(connection, ["Ada Lovelace"])
    assert "Lovelace" not in str(caught.value)


@pytest.mark.parametrize("nothing", [[], [""]])
def test_looking_for_nothing_is_a_mistake(db: None, nothing: list[str]) -> None:
    with pytest.raises(AssertionError):
        assert_absent(connection, nothing)
