"""Refuse every change to an enquiry but its outcome, which is written once."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION intake_refuse_enquiry_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    outcome text[] := ARRAY['lead_id', 'linked_at', 'answer'];
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.lead_id IS NULL
       AND (to_jsonb(NEW) - outcome) = (to_jsonb(OLD) - outcome) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an enquiry is never edited: % refused', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER intake_enquiry_unchanged BEFORE UPDATE OR DELETE ON intake_enquiry
    FOR EACH ROW EXECUTE FUNCTION intake_refuse_enquiry_change();
"""

ALLOW = """
DROP TRIGGER intake_enquiry_unchanged ON intake_enquiry;
DROP FUNCTION intake_refuse_enquiry_change();
"""


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_first_version")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
