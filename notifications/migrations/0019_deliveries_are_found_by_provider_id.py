"""What receipts find a try by: built while deliveries go on being written."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # if it is cut off: DROP INDEX delivery_by_provider_id, and again

    dependencies = [("notifications", "0018_wordings_of_messages_to_callers")]

    operations = [
        AddIndexConcurrently(
            model_name="delivery",
            index=models.Index(
                fields=["provider_id"], condition=~models.Q(provider_id=""), name="delivery_by_provider_id"
            ),
        ),
    ]
