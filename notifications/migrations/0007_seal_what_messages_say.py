"""Encrypt what messages are filled with: a link in it may open somebody's page."""

from django.db import migrations

import vault.fields

AT_ONCE = 500


def seal(apps, schema_editor):
    _copy(apps, "plain_context", "context")


def unseal(apps, schema_editor):
    _copy(apps, "context", "plain_context")


def _copy(apps, source, target):
    message = apps.get_model("notifications", "Message")
    rows = message.objects.only("pk", source).iterator(chunk_size=AT_ONCE)
    for row in rows:
        message.objects.filter(pk=row.pk).update(**{target: getattr(row, source)})


class Migration(migrations.Migration):

    dependencies = [("notifications", "0006_a_way_back_to_saved_answers")]

    operations = [
        migrations.RenameField("message", "context", "plain_context"),
        migrations.AddField("message", "context", vault.fields.EncryptedJSONField(default=dict)),
        migrations.RunPython(seal, unseal),
        migrations.RemoveField("message", "plain_context"),
    ]
