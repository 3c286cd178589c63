"""A job's row is written four times in its life, so the table is vacuumed after 1,000 dead rows, not a fifth."""

from django.db import migrations

SOONER = """
ALTER TABLE jobs_job SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000)
"""
AS_USUAL = "ALTER TABLE jobs_job RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold)"


class Migration(migrations.Migration):
    dependencies = [("jobs", "0002_queue_of_alerts")]

    operations = [migrations.RunSQL(SOONER, AS_USUAL)]
