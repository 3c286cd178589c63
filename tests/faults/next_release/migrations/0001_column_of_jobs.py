from django.db import migrations


class Migration(migrations.Migration):
    """One table each: with both in one transaction, a deploy under load met a job in a deadlock."""

    dependencies = [("jobs", "0004_queue_of_placing_what_can_wait")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE jobs_job ADD COLUMN of_the_next_release text NOT NULL DEFAULT ''",
            "ALTER TABLE jobs_job DROP COLUMN of_the_next_release",
        )
    ]
