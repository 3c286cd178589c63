"""A table of its own for the fields: every kind of encrypted column, and nothing of the product."""

from typing import Any

import pytest
from django.db import connection, models
from django.test.utils import isolate_apps

from vault.fields import EncryptedJSONField, EncryptedTextField


@pytest.fixture
@isolate_apps("vault")
def note(db: None) -> Any:
    """Return a model whose table exists for one test."""

    class Note(models.Model):  # noqa: DJ008
        title = EncryptedTextField(blank=True)
        body = EncryptedTextField(null=True)
        data = EncryptedJSONField(default=dict)

        class Meta:
            app_label = "vault"

    with connection.schema_editor() as editor:
        editor.create_model(Note)
    return Note
