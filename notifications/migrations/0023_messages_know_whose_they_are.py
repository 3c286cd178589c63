"""Two of the staff may give the same number: what is said there is said to one of them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0022_messages_are_found_by_what_they_replace")]

    operations = [
        migrations.AddField(
            model_name="message",
            name="person",
            field=models.UUIDField(
                blank=True, null=True, verbose_name="whose address it is: two of the staff may give the same"
            ),
        ),
    ]
