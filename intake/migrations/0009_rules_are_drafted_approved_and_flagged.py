"""Rules are edited as drafts, approved by somebody else, tried on the past, and flagged by who reads a lead."""


import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import jobs.ids
import vault.fields

REFUSE = """
CREATE FUNCTION intake_refuse_rule_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM intake_ruleset
         WHERE id IN (CASE WHEN TG_OP <> 'INSERT' THEN OLD.rule_set_id END,
                      CASE WHEN TG_OP <> 'DELETE' THEN NEW.rule_set_id END)
           AND state <> 'DRAFT'
    ) THEN
        RAISE EXCEPTION 'the rules of a version that was in use are never edited: % refused', TG_OP
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER intake_rule_unchanged BEFORE INSERT OR UPDATE OR DELETE ON intake_rule
    FOR EACH ROW EXECUTE FUNCTION intake_refuse_rule_change();
CREATE TRIGGER intake_ruleset_unchanged BEFORE UPDATE OR DELETE ON intake_ruleset FOR EACH ROW
    WHEN (OLD.state <> 'DRAFT')
    EXECUTE FUNCTION intake_refuse_rewording('state', 'approver_id', 'published_at', 'effective_date', 'review_date');

CREATE FUNCTION intake_guard_rule_set() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'DRAFT' AND NEW.state = 'DRAFT' THEN
        RAISE EXCEPTION 'a version that was in use is no draft any more' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state = 'DRAFT' AND NEW.state = 'PUBLISHED' AND EXISTS (
        SELECT 1 FROM intake_rulesetevent
         WHERE rule_set_id = NEW.id AND by_id = NEW.approver_id
           AND kind NOT IN ('REPLAYED', 'PUBLISHED', 'RETIRED', 'ROLLED_BACK')
    ) THEN
        RAISE EXCEPTION 'nobody approves the rules that they have edited' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER intake_ruleset_states BEFORE UPDATE OF state ON intake_ruleset
    FOR EACH ROW EXECUTE FUNCTION intake_guard_rule_set();

CREATE TRIGGER intake_rulesetevent_append_only BEFORE UPDATE OR DELETE ON intake_rulesetevent
    FOR EACH ROW EXECUTE FUNCTION intake_refuse_change();
"""

ALLOW = """
DROP TRIGGER intake_rule_unchanged ON intake_rule;
DROP TRIGGER intake_ruleset_unchanged ON intake_ruleset;
DROP TRIGGER intake_ruleset_states ON intake_ruleset;
DROP TRIGGER intake_rulesetevent_append_only ON intake_rulesetevent;
DROP FUNCTION intake_refuse_rule_change();
DROP FUNCTION intake_guard_rule_set();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0022_forms_are_taken_once'),
        ('intake', '0008_enquiries_of_imported_lists'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Replay',
            fields=[
                ('id', models.UUIDField(default=jobs.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('digest', models.CharField(max_length=64)),
                ('asked_at', models.DateTimeField()),
                ('since', models.DateTimeField()),
                ('total', models.PositiveIntegerField()),
                ('done', models.PositiveIntegerField(default=0)),
                ('up', models.PositiveIntegerField(default=0)),
                ('down', models.PositiveIntegerField(default=0)),
                ('failed', models.PositiveIntegerField(default=0, verbose_name='answers that the rules could not decide')),
                ('moves', models.JSONField(default=list)),
                ('reached', models.JSONField(null=True, verbose_name='the lead after which the next batch begins')),
                ('finished_at', models.DateTimeField(null=True)),
                ('is_stale', models.BooleanField(default=False, verbose_name='the draft was changed meanwhile')),
            ],
        ),
        migrations.CreateModel(
            name='RuleFlag',
            fields=[
                ('id', models.UUIDField(default=jobs.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('rule_set_version', models.CharField(max_length=40)),
                ('rule_id', models.CharField(blank=True, max_length=50)),
                ('note', vault.fields.EncryptedTextField()),
                ('flagged_at', models.DateTimeField()),
                ('answer', vault.fields.EncryptedTextField(blank=True)),
                ('settled_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='RuleSetEvent',
            fields=[
                ('id', models.UUIDField(default=jobs.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('DRAFTED', 'Draft begun'), ('RULE_CHANGED', 'Rule changed'), ('RULE_ADDED', 'Rule added'), ('RULE_REMOVED', 'Rule removed'), ('PHRASES_CHANGED', 'Words to look for changed'), ('CASE_CHANGED', 'Stored case changed'), ('REPLAYED', 'Tried on the last 30 days'), ('PUBLISHED', 'Put in use'), ('RETIRED', 'Taken out of use'), ('ROLLED_BACK', 'Put back in use')], max_length=16)),
                ('occurred_at', models.DateTimeField()),
                ('data', models.JSONField(default=dict)),
                ('note', models.CharField(blank=True, max_length=1000)),
            ],
        ),
        migrations.AddField(
            model_name='ruleset',
            name='based_on',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='intake.ruleset'),
        ),
        migrations.AddField(
            model_name='ruleset',
            name='created_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='drafted_rule_sets', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='ruleset',
            name='expectations',
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name='ruleset',
            name='published_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='latest time at which it came into use'),
        ),
        migrations.AddConstraint(
            model_name='ruleset',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'DRAFT'), ('created_by', None), ('approver__isnull', False), _connector='OR'), name='rule_set_approved_by_somebody'),
        ),
        migrations.AddField(
            model_name='replay',
            name='against',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='intake.ruleset'),
        ),
        migrations.AddField(
            model_name='replay',
            name='asked_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='replay',
            name='rule_set',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='replays', to='intake.ruleset'),
        ),
        migrations.AddField(
            model_name='ruleflag',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='ruleflag',
            name='lead',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rule_flags', to='crm.lead'),
        ),
        migrations.AddField(
            model_name='ruleflag',
            name='settled_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='rulesetevent',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='rulesetevent',
            name='rule_set',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='intake.ruleset'),
        ),
        migrations.AddIndex(
            model_name='replay',
            index=models.Index(fields=['rule_set', '-asked_at'], name='replay_by_rule_set'),
        ),
        migrations.AddIndex(
            model_name='ruleflag',
            index=models.Index(fields=['-flagged_at'], name='rule_flag_by_time'),
        ),
        migrations.AddConstraint(
            model_name='ruleflag',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('settled_at', None), ('settled_by', None)), models.Q(('settled_at__isnull', False), ('settled_by__isnull', False)), _connector='OR'), name='settled_flag_has_who_and_when'),
        ),
        migrations.AddIndex(
            model_name='rulesetevent',
            index=models.Index(fields=['rule_set', '-occurred_at'], name='rule_set_event_by_set'),
        ),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
