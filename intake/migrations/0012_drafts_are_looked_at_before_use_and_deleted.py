"""A draft is looked at before it is put in use, and can be deleted: then it stays as it is, and unused."""

from django.conf import settings
from django.db import migrations, models

GUARD = """
CREATE OR REPLACE FUNCTION intake_guard_rule_set() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'DRAFT' AND NEW.state = 'DRAFT' THEN
        RAISE EXCEPTION 'a version that was in use is no draft any more' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (OLD.state = 'DISCARDED') <> (NEW.state = 'DISCARDED') AND OLD.state <> 'DRAFT' THEN
        RAISE EXCEPTION 'only a draft is deleted, and for good' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state = 'DRAFT' AND NEW.state = 'PUBLISHED' AND EXISTS (
        SELECT 1 FROM intake_rulesetevent
         WHERE rule_set_id = NEW.id AND by_id = NEW.approver_id
           AND kind NOT IN ({others})
    ) THEN
        RAISE EXCEPTION 'nobody approves the rules that they have edited' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""
BEFORE = "'REPLAYED', 'PUBLISHED', 'RETIRED', 'ROLLED_BACK'"
NOW = f"{BEFORE}, 'CASES_RUN', 'REPLAY_SEEN', 'DISCARDED'"


class Migration(migrations.Migration):

    dependencies = [
        ('intake', '0011_imports_say_what_they_join'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='ruleset',
            name='rule_set_approved_by_somebody',
        ),
        migrations.AlterField(
            model_name='ruleset',
            name='state',
            field=models.CharField(choices=[('DRAFT', 'Draft'), ('PUBLISHED', 'In use'), ('RETIRED', 'Retired'), ('DISCARDED', 'Deleted draft')], default='DRAFT', max_length=10),
        ),
        migrations.AlterField(
            model_name='rulesetevent',
            name='kind',
            field=models.CharField(choices=[('DRAFTED', 'Draft begun'), ('RULE_CHANGED', 'Rule changed'), ('RULE_ADDED', 'Rule added'), ('RULE_REMOVED', 'Rule removed'), ('PHRASES_CHANGED', 'Words to look for changed'), ('CASE_CHANGED', 'Stored case changed'), ('CASES_RUN', 'Stored cases run'), ('REPLAYED', 'Tried on the last 30 days'), ('REPLAY_SEEN', 'What that try says was read'), ('DISCARDED', 'Draft deleted'), ('PUBLISHED', 'Put in use'), ('RETIRED', 'Taken out of use'), ('ROLLED_BACK', 'Put back in use')], max_length=16),
        ),
        migrations.AddConstraint(
            model_name='ruleset',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ('DRAFT', 'DISCARDED')), ('created_by', None), ('approver__isnull', False), _connector='OR'), name='rule_set_approved_by_somebody'),
        ),
        migrations.RunSQL(GUARD.format(others=NOW), GUARD.format(others=BEFORE)),
    ]
