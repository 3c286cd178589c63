from datetime import UTC, datetime
from typing import Any

import pytest
from django import forms
from django.core.exceptions import FieldError
from django.db import IntegrityError, connection, models
from django.db.models import F
from django.test.utils import isolate_apps
from hypothesis import given
from hypothesis import strategies as st

from vault.fields import EncryptedJSONField, EncryptedTextField
from vault.keysets import VaultError, new_keysets, with_added_key, with_latest_primary

ODD_TEXTS = ["", "Zoë O’Hare", "👩‍👧", "\u202eright to left", "a\x00b", "x" * 100_000, "b''"]
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


def raw(note: Any, column: str) -> Any:
    """Return what the only row really holds."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {note._meta.db_table}")
        return cursor.fetchone()[0]


def move(note: Any, *, source: str, target: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {note._meta.db_table} SET {target} = {source}")


# --- round trips


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_text_comes_back_as_it_went_in(note: Any, text: str) -> None:
    note.objects.create(title=text)
    assert note.objects.get().title == text


@given(text=st.text())
def test_any_text_survives_the_field(text: str) -> None:
    field = bound(EncryptedTextField())
    assert field.from_db_value(field.get_db_prep_value(text, connection)) == text


@given(value=JSON_VALUES)
def test_any_json_survives_the_field(value: Any) -> None:
    field = bound(EncryptedJSONField())
    assert field.from_db_value(field.get_db_prep_value({"value": value}, connection)) == {"value": value}


def test_dates_in_json_become_strings(note: Any) -> None:
    note.objects.create(data={"at": datetime(2026, 3, 1, 12, 30, tzinfo=UTC)})
    assert note.objects.get().data == {"at": "2026-03-01T12:30:00Z"}


def test_half_a_surrogate_pair_costs_one_character_and_not_the_row(note: Any) -> None:
    note.objects.create(title="Ada \ud83d", data={"name": "Ada \ud83d"})
    saved = note.objects.get()
    assert (saved.title, saved.data) == ("Ada ?", {"name": "Ada ?"})


def test_null_stays_null_and_blank_is_encrypted(note: Any) -> None:
    note.objects.create()
    saved = note.objects.get()
    assert (saved.title, saved.body, saved.data) == ("", None, {})
    assert raw(note, "body") is None
    assert len(raw(note, "title")) > 28  # nonce and tag of AES-GCM


def test_null_is_refused_where_the_column_forbids_it(note: Any) -> None:
    with pytest.raises(IntegrityError):
        note.objects.create(title=None)


def test_a_new_blank_column_reads_as_blank_in_old_rows(note: Any) -> None:
    note.objects.create(title="old")
    extra = EncryptedTextField(blank=True)
    extra.set_attributes_from_name("extra")
    note.add_to_class("extra", extra)
    with connection.schema_editor() as editor:
        editor.add_field(note, extra)
    assert note.objects.get().extra == ""


# --- what the table holds


def test_a_row_holds_no_plaintext(note: Any) -> None:
    note.objects.create(title="Ada Lovelace", data={"name": "Ada Lovelace"})
    assert b"Ada" not in raw(note, "title")
    assert b"name" not in raw(note, "data")


def test_equal_texts_look_different(note: Any) -> None:
    note.objects.bulk_create([note(title="same"), note(title="same")])
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(DISTINCT title) FROM {note._meta.db_table}")
        assert cursor.fetchone() == (2,)


# --- keys


def test_the_wrong_key_gives_an_error_and_nothing_else(note: Any, settings: Any) -> None:
    note.objects.create(title="Ada Lovelace")
    settings.VAULT_KEYSETS = new_keysets()
    with pytest.raises(VaultError) as caught:
        note.objects.get()
    assert str(caught.value) == "vault_note.title cannot be decrypted with our keys."
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("damaged", [b"", b"\x01", b"Ada Lovelace", b"\x01" * 60])
def test_damaged_ciphertext_gives_an_error(note: Any, damaged: bytes) -> None:
    note.objects.create(title="Ada Lovelace")
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {note._meta.db_table} SET title = %s", [damaged])
    with pytest.raises(VaultError):
        note.objects.get()


def test_a_rotated_key_reads_old_rows_and_writes_new_ones(note: Any, settings: Any) -> None:
    note.objects.create(title="old")
    before = settings.VAULT_KEYSETS
    settings.VAULT_KEYSETS = with_latest_primary(with_added_key(before, name="aead"), name="aead")
    note.objects.create(title="new")
    assert [row.title for row in note.objects.order_by("id")] == ["old", "new"]
    settings.VAULT_KEYSETS = before
    with pytest.raises(VaultError):
        list(note.objects.all())


def test_an_added_key_does_not_write_yet(note: Any, settings: Any) -> None:
    before = settings.VAULT_KEYSETS
    settings.VAULT_KEYSETS = with_added_key(before, name="aead")
    note.objects.create(title="readable by processes that have not restarted")
    settings.VAULT_KEYSETS = before
    assert note.objects.get().title.startswith("readable")


def test_ciphertext_moved_to_another_column_is_refused(note: Any) -> None:
    note.objects.create(title="Ada Lovelace", body="a note")
    move(note, source="title", target="body")
    with pytest.raises(VaultError, match=r"vault_note\.body"):
        note.objects.get()


def test_a_column_cannot_be_copied_by_an_update(note: Any) -> None:
    note.objects.create(title="Ada Lovelace")
    note.objects.update(body=F("title"))
    with pytest.raises(VaultError, match=r"vault_note\.body"):
        note.objects.get()


# --- queries


@pytest.mark.parametrize(
    "query",
    [
        {"title": "Ada"},
        {"title__in": ["Ada"]},
        {"title__contains": "Ada"},
        {"title__iexact": "Ada"},
        {"title__gt": "Ada"},
        {"title__startswith": "A"},
        {"title": F("body")},
        {"body": ""},
        {"data__name": "Ada"},
        {"data__name__first": "Ada"},
        {"data__contains": {"name": "Ada"}},
    ],
    ids=str,
)
def test_a_query_by_an_encrypted_field_is_refused(note: Any, query: dict[str, Any]) -> None:
    for method in (note.objects.filter, note.objects.exclude):
        with pytest.raises(FieldError, match="is encrypted"):
            method(**query)


def test_get_or_create_by_an_encrypted_field_is_refused(note: Any) -> None:
    with pytest.raises(FieldError, match="is encrypted"):
        note.objects.get_or_create(title="Ada")


def test_a_query_by_null_works(note: Any) -> None:
    note.objects.create(title="empty")
    note.objects.create(title="full", body="text")
    for empty in ({"body": None}, {"body__isnull": True}):
        assert note.objects.get(**empty).title == "empty"
        assert note.objects.exclude(**empty).get().title == "full"


def test_values_are_decrypted_wherever_rows_are_read(note: Any) -> None:
    note.objects.create(title="Ada", data={"n": 1})
    assert list(note.objects.values_list("title", "data")) == [("Ada", {"n": 1})]
    assert note.objects.annotate(again=F("title")).values("again").get() == {"again": "Ada"}
    assert note.objects.only("data").get().title == "Ada"


def test_bulk_writes_are_encrypted_like_single_ones(note: Any) -> None:
    note.objects.bulk_create([note(title=f"row {n}", body=None, data={"n": n}) for n in range(3)])
    rows = list(note.objects.order_by("id"))
    for row in rows:
        row.title, row.data = row.title.upper(), {"n": row.data["n"] * 10}
    note.objects.bulk_update(rows, ["title", "data"])
    note.objects.update(body="the same for all")
    saved = note.objects.order_by("id").values_list("title", "body", "data")
    assert list(saved) == [(f"ROW {n}", "the same for all", {"n": n * 10}) for n in range(3)]


# --- as fields of Django


def test_a_unique_field_fails_the_system_check() -> None:
    assert [error.id for error in bound(EncryptedTextField(unique=True)).check()] == ["vault.E001"]
    assert bound(EncryptedTextField()).check() == []


@pytest.mark.parametrize("field", [EncryptedTextField(blank=True), EncryptedJSONField(null=True)])
def test_a_migration_rebuilds_the_same_field(field: models.Field[Any, Any]) -> None:
    field.set_attributes_from_name("note")
    _, path, args, options = field.deconstruct()
    assert path == f"vault.fields.{type(field).__name__}"
    assert type(field)(*args, **options).deconstruct()[1:] == (path, args, options)


def test_form_fields_are_those_of_the_plain_kinds() -> None:
    assert isinstance(bound(EncryptedTextField()).formfield().widget, forms.Textarea)
    assert isinstance(bound(EncryptedJSONField()).formfield(), forms.JSONField)


@isolate_apps("vault")
def bound(field: Any) -> Any:
    """Return the field as the column vault_sample.value."""

    class Sample(models.Model):  # noqa: DJ008
        value = field

        class Meta:
            app_label = "vault"

    return Sample._meta.get_field("value")
