"""Imported lists."""

from django.db.models import TextChoices


class ImportState(TextChoices):
    """How far an imported list has got."""

    UPLOADED = "UPLOADED", "Waits for its columns"
    CHECKING = "CHECKING", "Being checked"
    CHECKED = "CHECKED", "Checked, not imported yet"
    IMPORTING = "IMPORTING", "Being imported"
    DONE = "DONE", "Imported"
    DROPPED = "DROPPED", "Deleted"
