from django.db import migrations


class Migration(migrations.Migration):
    """One table each: with both in one transaction, a deploy under load met a job in a deadlock."""

    dependencies = [("next_release", "0001_column_of_jobs"), ("crm", "0001_first_version")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE crm_lead ADD COLUMN of_the_next_release text NOT NULL DEFAULT ''",
            "ALTER TABLE crm_lead DROP COLUMN of_the_next_release",
        )
    ]
