"""Keep on each lead the furthest step of the funnel that its history proves; nothing ever takes it back."""

from django.db import migrations

FILL = """
UPDATE crm_lead SET furthest_step = proven.step
FROM (SELECT lead_id, max(reached) AS step FROM crm_leadevent WHERE reached IS NOT NULL GROUP BY 1) AS proven
WHERE proven.lead_id = crm_lead.id;
"""

KEEP = """
CREATE FUNCTION crm_note_progress() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE crm_lead SET furthest_step = NEW.reached WHERE id = NEW.lead_id AND furthest_step < NEW.reached;
    RETURN NULL;
END $$;
CREATE TRIGGER crm_leadevent_progress AFTER INSERT ON crm_leadevent
    FOR EACH ROW WHEN (NEW.reached IS NOT NULL) EXECUTE FUNCTION crm_note_progress();
"""

# A service that saves a whole lead which it read before the event must not write the old step.
NEVER_BACK = """
CREATE FUNCTION crm_keep_progress() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.furthest_step := OLD.furthest_step;
    RETURN NEW;
END $$;
CREATE TRIGGER crm_lead_progress BEFORE UPDATE ON crm_lead
    FOR EACH ROW WHEN (NEW.furthest_step < OLD.furthest_step) EXECUTE FUNCTION crm_keep_progress();
"""


class Migration(migrations.Migration):
    dependencies = [("crm", "0006_leads_know_how_far_they_got")]

    operations = [
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(
            KEEP, "DROP TRIGGER crm_leadevent_progress ON crm_leadevent; DROP FUNCTION crm_note_progress();"
        ),
        migrations.RunSQL(
            NEVER_BACK, "DROP TRIGGER crm_lead_progress ON crm_lead; DROP FUNCTION crm_keep_progress();"
        ),
    ]
