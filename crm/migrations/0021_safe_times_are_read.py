"""Read the safe times that people gave in words, so that "take next" can keep to them."""

from typing import Any

from django.db import migrations

from crm.safe_times import slots_said


def read_safe_times(apps: Any, _schema_editor: Any) -> None:
    people = apps.get_model("crm", "Person").objects
    for person in people.only("pk", "safe_times", "contact_note").iterator(chunk_size=2000):
        slots = slots_said(person.safe_times, person.contact_note)
        if slots is not None:
            people.filter(pk=person.pk).update(safe_slots=slots)


class Migration(migrations.Migration):
    dependencies = [("crm", "0020_bands_follow_levels")]

    operations = [migrations.RunPython(read_safe_times, migrations.RunPython.noop)]
