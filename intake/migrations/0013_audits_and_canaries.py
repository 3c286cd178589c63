"""The auditor's findings, the canary's runs, and that what the canary has sent may be deleted."""

from django.db import migrations, models

import jobs.ids

CANARY_SITE = "00000000-0000-7000-8000-00000000ca9a"  # crm.canary

REFUSE = """
CREATE OR REPLACE FUNCTION intake_refuse_enquiry_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    outcome text[] := ARRAY['lead_id', 'linked_at', 'answer'];
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.lead_id IS NULL
       AND (to_jsonb(NEW) - outcome) = (to_jsonb(OLD) - outcome) THEN
        RETURN NEW;
    END IF;
    {unless}RAISE EXCEPTION 'an enquiry is never edited: % refused', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
"""
SPARE = f"""IF TG_OP = 'DELETE' AND OLD.site_id = '{CANARY_SITE}' THEN
        RETURN OLD;  -- nobody's: it was made up by us
    END IF;
    """


class Migration(migrations.Migration):

    dependencies = [
        ('intake', '0012_drafts_are_looked_at_before_use_and_deleted'),
    ]

    operations = [
        migrations.CreateModel(
            name='Audit',
            fields=[
                ('id', models.UUIDField(default=jobs.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('passed', models.BooleanField()),
                ('failures', models.JSONField(default=list)),
                ('pinged_at', models.DateTimeField(blank=True, null=True)),
                ('ping_error', models.CharField(blank=True, max_length=60)),
            ],
            options={
                'indexes': [models.Index(fields=['-at'], name='audit_by_time')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('failures', []), ('passed', True)), models.Q(('passed', False), models.Q(('failures', []), _negated=True)), _connector='OR'), name='audit_fails_for_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='CanaryRun',
            fields=[
                ('id', models.UUIDField(default=jobs.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('key', models.CharField(blank=True, max_length=100)),
                ('begun_at', models.DateTimeField()),
                ('form_at', models.DateTimeField(blank=True, null=True, verbose_name="when the form's answer came")),
                ('lead_at', models.DateTimeField(blank=True, null=True)),
                ('placed_at', models.DateTimeField(blank=True, null=True)),
                ('alerted_at', models.DateTimeField(blank=True, null=True, verbose_name='when its alert had been handed over')),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('missed', models.CharField(blank=True, choices=[('FORM', 'Form'), ('LEAD', 'Lead'), ('PLACED', 'Queue'), ('ALERTED', 'Alert')], max_length=10, verbose_name='the stage that was late or missing')),
                ('reason', models.CharField(blank=True, max_length=60, verbose_name='error class or status, never text')),
            ],
            options={
                'indexes': [models.Index(fields=['-begun_at'], name='canary_by_time')],
                'constraints': [models.CheckConstraint(condition=models.Q(('missed', ''), ('ended_at__isnull', False), _connector='OR'), name='missed_canary_ended')],
            },
        ),
        migrations.RunSQL(REFUSE.replace("{unless}", SPARE), REFUSE.replace("{unless}", "")),
    ]
