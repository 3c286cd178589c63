"""Give emergencies and pre-booked leads bands of their own, and refuse to edit a policy."""

from django.db import migrations

FORWARDS = """
UPDATE crm_lead SET band = CASE
    WHEN band = 2 THEN 5
    WHEN level = 'E1' THEN 0
    WHEN level = 'E2' THEN 1
    WHEN level = 'P1' THEN 3
    WHEN level = 'P2' THEN 4
    ELSE 2
END;
"""
BACKWARDS = """
UPDATE crm_lead SET band = CASE WHEN band = 5 THEN 2 WHEN band IN (0, 3) THEN 0 ELSE 1 END;
"""
APPEND_ONLY = """
CREATE TRIGGER crm_queuepolicy_append_only BEFORE UPDATE OR DELETE ON crm_queuepolicy
FOR EACH ROW EXECUTE FUNCTION crm_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("crm", "0019_queues_have_an_order_of_their_own")]

    operations = [
        migrations.RunSQL(FORWARDS, BACKWARDS),
        migrations.RunSQL(APPEND_ONLY, "DROP TRIGGER crm_queuepolicy_append_only ON crm_queuepolicy;"),
    ]
