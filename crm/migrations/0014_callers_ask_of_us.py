"""Keep what callers ask of us, and when their pages were closed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import jobs.ids
import vault.fields


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0013_leads_know_campaign_and_landing'),
    ]

    operations = [
        migrations.AddField(
            model_name='lead',
            name='pages_closed_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name="callers' pages of enquiries up to then are closed"),
        ),
        migrations.AlterField(
            model_name='leadevent',
            name='kind',
            field=models.CharField(choices=[('ENQUIRY_RECEIVED', 'Enquiry received'), ('REPEAT_ENQUIRY', 'Enquired again'), ('ANSWERED_MORE', 'Answered more questions'), ('PLACED', 'Placed in a queue'), ('NOT_PLACED_IN_TIME', 'Not routed within a minute, treated as urgent'), ('REVIEW_WAITING', 'Almost a quarter of an hour in review'), ('LEVEL_RAISED', 'Level raised'), ('LOWERING_ASKED', 'Asked a clinical lead to lower the level'), ('LEVEL_LOWERED', 'Level lowered'), ('MORE_SEVERE', 'New answers are more severe than the level a person chose'), ('CLAIMED', 'Taken'), ('RELEASED', 'Given back'), ('LEASE_ENDED', 'Returned to the queue by itself'), ('CONTACT_ATTEMPTED', 'Contact attempt'), ('FIRST_CONTACT', 'First two-way contact'), ('STAGE_MOVED', 'Stage moved'), ('CLOSED', 'Closed'), ('REOPENED', 'Opened again'), ('REVIEW_ACCEPTED', 'Accepted from review'), ('REVIEW_REJECTED', 'Rejected in review'), ('NOTE_ADDED', 'Note'), ('ASKED_SOONER', 'The caller asks to be called sooner'), ('ASKED_TO_STOP', 'The caller asked us to stop contacting them'), ('MAY_CONTACT_AGAIN', 'The caller may be contacted again'), ('ASKED_TO_ERASE', 'The caller asks to be erased'), ('WAYS_CHANGED', 'The caller changed how to reach them'), ('COPY_ASKED', 'The caller asked for a copy'), ('PAGE_CLOSED', "The caller's page was closed"), ('REQUEST_SETTLED', 'Request settled'), ('ALERTED', 'Staff alerted')], max_length=20),
        ),
        migrations.CreateModel(
            name='CallerRequest',
            fields=[
                ('id', models.UUIDField(default=jobs.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('SOONER', 'To be called sooner'), ('STOP', 'Not to be contacted any more'), ('ERASE', 'To be erased')], max_length=12)),
                ('enquiry', models.CharField(max_length=9)),
                ('is_verified', models.BooleanField()),
                ('asked_at', models.DateTimeField()),
                ('due_date', models.DateField(blank=True, null=True)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('outcome', vault.fields.EncryptedTextField(blank=True)),
                ('lead', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='crm.lead')),
                ('settled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('settled_at', None)), fields=('lead', 'kind'), name='one_open_request_of_a_kind')],
            },
        ),
    ]
