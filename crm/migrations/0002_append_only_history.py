"""Refuse UPDATE and DELETE on the history, in the database itself."""

from django.db import migrations

HISTORY = ("crm_leadevent", "crm_placement", "crm_contactattempt")

REFUSE = """
CREATE FUNCTION crm_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
"""


def _trigger(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION crm_refuse_change();",
        f"DROP TRIGGER {table}_append_only ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [("crm", "0001_first_version")]

    operations = [
        migrations.RunSQL(REFUSE, "DROP FUNCTION crm_refuse_change();"),
        *[_trigger(table) for table in HISTORY],
        migrations.RunSQL("CREATE SEQUENCE crm_queue_pulse;", "DROP SEQUENCE crm_queue_pulse;"),
    ]
