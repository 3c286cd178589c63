"""Words to the public are never edited in place, and a number that changes is unconfirmed again."""

from django.db import migrations, models

REFUSE = """
CREATE FUNCTION intake_refuse_rewording() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (to_jsonb(NEW) - TG_ARGV) = (to_jsonb(OLD) - TG_ARGV) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a version of % is never edited: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER intake_guide_unchanged BEFORE UPDATE OR DELETE ON intake_guide FOR EACH ROW
    EXECUTE FUNCTION intake_refuse_rewording('state', 'reviewed_by_id', 'approved_at', 'review_date');
CREATE TRIGGER intake_callermessage_unchanged BEFORE UPDATE OR DELETE ON intake_callermessage FOR EACH ROW
    EXECUTE FUNCTION intake_refuse_rewording('state', 'approved_by_id', 'approved_at');

CREATE FUNCTION intake_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER intake_helplinecheck_append_only BEFORE UPDATE OR DELETE ON intake_helplinecheck
    FOR EACH ROW EXECUTE FUNCTION intake_refuse_change();
CREATE TRIGGER intake_guideapproval_append_only BEFORE UPDATE OR DELETE ON intake_guideapproval
    FOR EACH ROW EXECUTE FUNCTION intake_refuse_change();

CREATE FUNCTION intake_unconfirm_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.is_confirmed := false;
    NEW.checked_date := NULL;
    RETURN NEW;
END $$;
CREATE TRIGGER intake_helpline_changed BEFORE UPDATE ON intake_helpline FOR EACH ROW
    WHEN (NEW.is_confirmed AND (OLD.number, OLD.dial, OLD.phrases) IS DISTINCT FROM (NEW.number, NEW.dial, NEW.phrases))
    EXECUTE FUNCTION intake_unconfirm_line();
"""

ALLOW = """
DROP TRIGGER intake_guide_unchanged ON intake_guide;
DROP TRIGGER intake_callermessage_unchanged ON intake_callermessage;
DROP TRIGGER intake_helplinecheck_append_only ON intake_helplinecheck;
DROP TRIGGER intake_guideapproval_append_only ON intake_guideapproval;
DROP TRIGGER intake_helpline_changed ON intake_helpline;
DROP FUNCTION intake_refuse_rewording();
DROP FUNCTION intake_refuse_change();
DROP FUNCTION intake_unconfirm_line();
"""


class Migration(migrations.Migration):
    dependencies = [("intake", "0006_settle_what_was_approved")]

    operations = [
        migrations.AddConstraint(
            model_name='callermessage',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'APPROVED')), fields=('key', 'voice'), name='one_approved_text'),
        ),
        migrations.AddConstraint(
            model_name='callermessage',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'APPROVED'), _negated=True), ('approved_by__isnull', False), _connector='OR'), name='text_approved_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='guide',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'APPROVED')), fields=('slug',), name='one_approved_guide'),
        ),
        migrations.AddConstraint(
            model_name='guide',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'APPROVED'), _negated=True), models.Q(('approved_at__isnull', False), ('review_date__isnull', False), ('reviewed_by__isnull', False)), _connector='OR'), name='guide_approved_by_somebody'),
        ),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
