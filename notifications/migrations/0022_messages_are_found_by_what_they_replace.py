"""What followed one message by another way: built while messages go on being written."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # if it is cut off: DROP INDEX message_instead_of, and again

    dependencies = [("notifications", "0021_messages_are_found_by_escalation")]

    operations = [
        AddIndexConcurrently(
            model_name="message",
            index=models.Index(
                fields=["instead_of"], condition=models.Q(instead_of__isnull=False), name="message_instead_of"
            ),
        ),
    ]
