"""How much one address got of late: built while messages go on being written."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # if it is cut off: DROP INDEX message_recipient, and again

    dependencies = [("notifications", "0019_deliveries_are_found_by_provider_id")]

    operations = [
        AddIndexConcurrently(
            model_name="message",
            index=models.Index(
                fields=["recipient", "sent_at"], condition=models.Q(sent_at__isnull=False), name="message_recipient"
            ),
        ),
    ]
