"""What was sent of one alert: built while messages go on being written."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # if it is cut off: DROP INDEX message_escalation, and again

    dependencies = [("notifications", "0020_messages_are_found_by_recipient")]

    operations = [
        AddIndexConcurrently(
            model_name="message",
            index=models.Index(
                fields=["escalation"], condition=models.Q(escalation__isnull=False), name="message_escalation"
            ),
        ),
    ]
