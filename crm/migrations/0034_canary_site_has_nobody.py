"""The canary's site: nobody works there, and what happened there may be deleted after a while."""

import uuid

from django.db import migrations, models

CANARY_SITE = "00000000-0000-7000-8000-00000000ca9a"  # crm.canary

# Only of leads at the canary's site, which are nobody's: all other history stays for ever. The triggers stay
# as they are (0002), so that none of their tables is locked. `lead_id` is asked of tables that have one.
REFUSE = """
CREATE OR REPLACE FUNCTION crm_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {unless}RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
"""
SPARE = """IF TG_OP = 'DELETE' AND TG_TABLE_NAME IN ('crm_leadevent', 'crm_placement') THEN
        IF EXISTS (SELECT 1 FROM crm_lead WHERE id = OLD.lead_id AND site_id = '00000000-0000-7000-8000-00000000ca9a') THEN
            RETURN OLD;
        END IF;
    END IF;
    """


class Migration(migrations.Migration):
    dependencies = [("crm", "0033_staff_have_ways")]

    operations = [
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=~models.Q(site=uuid.UUID(CANARY_SITE)), name="nobody_works_at_canary_site"
            ),
        ),
        migrations.AddConstraint(
            model_name="site",
            constraint=models.CheckConstraint(
                condition=~models.Q(pk=uuid.UUID(CANARY_SITE), is_default=True),
                name="canary_site_is_never_default",
            ),
        ),
        migrations.RunSQL(REFUSE.replace("{unless}", SPARE), REFUSE.replace("{unless}", "")),
    ]
