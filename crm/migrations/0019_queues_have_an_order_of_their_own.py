"""Give each queue an order that weights move, set leads aside for a while, and count staffed hours."""

import datetime

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import jobs.ids


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0018_phone_lines_calls_and_texts'),
    ]

    operations = [
        migrations.CreateModel(
            name='QueuePolicy',
            fields=[
                ('id', models.UUIDField(default=jobs.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField()),
                ('repeat', models.PositiveSmallIntegerField(verbose_name='per cent of the promise, earlier for each further enquiry')),
                ('sooner', models.PositiveSmallIntegerField(verbose_name='per cent of the promise, earlier for a wish to be called sooner')),
                ('worse', models.PositiveSmallIntegerField(verbose_name='per cent of the promise, earlier for saying that it has got worse')),
                ('today', models.PositiveSmallIntegerField(verbose_name='per cent of the promise, earlier for wanting to start today')),
                ('soon', models.PositiveSmallIntegerField(verbose_name='per cent of the promise, earlier for wanting to start within 72 hours')),
                ('tried', models.PositiveSmallIntegerField(verbose_name='per cent of the promise, later for each try without an answer')),
                ('warn_at', models.JSONField(default=dict)),
                ('reason', models.CharField(max_length=300)),
                ('made_at', models.DateTimeField()),
            ],
        ),
        migrations.RemoveIndex(
            model_name='lead',
            name='lead_queue_order',
        ),
        migrations.AddField(
            model_name='closeddate',
            name='is_open',
            field=models.BooleanField(default=False, help_text='Tick it for a bank holiday on which you work: one that is deleted comes back by itself.', verbose_name='open after all'),
        ),
        migrations.AddField(
            model_name='lead',
            name='clock_stopped_for',
            field=models.DurationField(db_default=datetime.timedelta(0), default=datetime.timedelta),
        ),
        migrations.AddField(
            model_name='lead',
            name='pause',
            field=models.CharField(blank=True, choices=[('CLOCK', 'Clock stopped'), ('SNOOZE', 'Snoozed')], db_default='', default='', max_length=6),
        ),
        migrations.AddField(
            model_name='lead',
            name='pause_reason',
            field=models.CharField(blank=True, choices=[('ASKED_LATER', 'They asked for another time'), ('WAITS_FOR_OTHERS', "It waits for somebody else's answer"), ('NOT_SAFE_NOW', 'They cannot be contacted safely before'), ('TRY_AGAIN', 'Nobody answered: try again later')], db_default='', default='', max_length=20),
        ),
        migrations.AddField(
            model_name='lead',
            name='paused_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='lead',
            name='paused_until',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='lead',
            name='shift',
            field=models.IntegerField(db_default=0, default=0, verbose_name='seconds by which the weights move it, less than none is earlier'),
        ),
        migrations.AddField(
            model_name='lead',
            name='timing',
            field=models.CharField(blank=True, db_default='', default='', max_length=20, verbose_name='how soon they want to start, as answered'),
        ),
        migrations.AddField(
            model_name='person',
            name='safe_slots',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(), editable=False, help_text='Half hours of the week (crm.safe_times). None: no times said. Empty: a person reads them.', null=True, size=None),
        ),
        migrations.AddField(
            model_name='site',
            name='keeps_bank_holidays',
            field=models.BooleanField(default=True, help_text='The bank holidays of the nation are entered below by themselves. No matter at a site that is always staffed.', verbose_name='nobody is on shift on bank holidays'),
        ),
        migrations.AddField(
            model_name='site',
            name='p1_staffed_minutes',
            field=models.PositiveIntegerField(blank=True, help_text='Empty: one day, and if nobody is there then, the first hour after the next opening.', null=True, verbose_name='staffed minutes to the first call, P1'),
        ),
        migrations.AddField(
            model_name='site',
            name='p2_staffed_minutes',
            field=models.PositiveIntegerField(blank=True, help_text='Empty: two days, and if nobody is there then, the first hour after the next opening.', null=True, verbose_name='staffed minutes to the first call, P2'),
        ),
        migrations.AlterField(
            model_name='lead',
            name='band',
            field=models.PositiveSmallIntegerField(choices=[(0, 'Life in danger (E1), above every deadline'), (1, 'Emergency (E2)'), (2, 'Urgent, waiting to hear from us'), (3, 'Pre-booked (P1), above every later one'), (4, 'Pre-booked (P2)'), (5, 'Follow-up')], default=2),
        ),
        migrations.AlterField(
            model_name='leadevent',
            name='kind',
            field=models.CharField(choices=[('ENQUIRY_RECEIVED', 'Enquiry received'), ('REPEAT_ENQUIRY', 'Enquired again'), ('ANSWERED_MORE', 'Answered more questions'), ('PLACED', 'Placed in a queue'), ('NOT_PLACED_IN_TIME', 'Not routed within a minute, treated as urgent'), ('REVIEW_WAITING', 'Almost a quarter of an hour in review'), ('LEVEL_RAISED', 'Level raised'), ('LOWERING_ASKED', 'Asked a clinical lead to lower the level'), ('LEVEL_LOWERED', 'Level lowered'), ('MORE_SEVERE', 'New answers are more severe than the level a person chose'), ('CLAIMED', 'Taken'), ('RELEASED', 'Given back'), ('LEASE_ENDED', 'Returned to the queue by itself'), ('LEASE_KEPT', 'Still being worked on'), ('ASKED_FOR', 'A colleague asked for it'), ('ASK_DECLINED', 'Kept, although a colleague asked for it'), ('HANDED_OVER', 'Handed over to a colleague who asked for it'), ('TAKEN_OVER', 'Taken over from a colleague'), ('CLOCK_STOPPED', 'Clock stopped'), ('CLOCK_GOES_ON', 'Clock goes on'), ('SNOOZED', 'Snoozed'), ('SNOOZE_ENDED', 'Back from a snooze'), ('CONTACT_ATTEMPTED', 'Contact attempt'), ('FIRST_CONTACT', 'First two-way contact'), ('STAGE_MOVED', 'Stage moved'), ('CLOSED', 'Closed'), ('REOPENED', 'Opened again'), ('MERGED', 'Merged into another lead'), ('DUPLICATE_JOINED', 'Another lead of the same episode was merged into this one'), ('UNMERGED', 'Parted again from another lead'), ('REVIEW_ACCEPTED', 'Accepted from review'), ('REVIEW_REJECTED', 'Rejected in review'), ('NOTE_ADDED', 'Note'), ('GOT_WORSE', 'The caller says that it has got worse'), ('ASKED_SOONER', 'The caller asks to be called sooner'), ('ASKED_TO_STOP', 'The caller asked us to stop contacting them'), ('MAY_CONTACT_AGAIN', 'The caller may be contacted again'), ('ASKED_TO_ERASE', 'The caller asks to be erased'), ('WAYS_CHANGED', 'The caller changed how to reach them'), ('COPY_ASKED', 'The caller asked for a copy'), ('PAGE_CLOSED', "The caller's page was closed"), ('REQUEST_SETTLED', 'Request settled'), ('ALERTED', 'Staff alerted'), ('CALL_MISSED', 'They rang and nobody answered'), ('CALL_CONNECTED', 'A phone call was connected'), ('TEXT_RECEIVED', 'Text message from them')], max_length=20),
        ),
        migrations.AddField(
            model_name='lead',
            name='priority_at',
            field=models.GeneratedField(db_persist=True, expression=models.Func(models.F('due_at'), models.F('shift'), arg_joiner=') + ', template="timezone('UTC', timezone('UTC', %(expressions)s * interval '1 second')"), output_field=models.DateTimeField()),
        ),
        migrations.AddIndex(
            model_name='lead',
            index=models.Index(condition=models.Q(('closed_at', None), models.Q(('stage', 'ADMITTED'), _negated=True)), fields=['queue', 'band', 'priority_at', 'id'], name='lead_queue_order'),
        ),
        migrations.AddIndex(
            model_name='lead',
            index=models.Index(condition=models.Q(('closed_at', None), models.Q(('stage', 'ADMITTED'), _negated=True), models.Q(('pause', ''), _negated=True)), fields=['paused_until'], name='lead_set_aside'),
        ),
        migrations.AddConstraint(
            model_name='lead',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('pause', ''), ('paused_at', None), ('paused_until', None)), models.Q(models.Q(('pause', ''), _negated=True), ('paused_at__isnull', False), ('paused_until__gt', models.F('paused_at'))), _connector='OR'), name='pause_has_begin_and_end'),
        ),
        migrations.AddConstraint(
            model_name='lead',
            constraint=models.CheckConstraint(condition=models.Q(('level__in', ['E1', 'E2']), ('pause__in', ['CLOCK', 'SNOOZE']), _negated=True), name='emergency_is_never_set_aside'),
        ),
        migrations.AddField(
            model_name='queuepolicy',
            name='made_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='queue_policies', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='queuepolicy',
            name='site',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='queue_policies', to='crm.site'),
        ),
        migrations.AddConstraint(
            model_name='queuepolicy',
            constraint=models.UniqueConstraint(fields=('site', 'version'), name='one_policy_a_version'),
        ),
        migrations.AddConstraint(
            model_name='queuepolicy',
            constraint=models.CheckConstraint(condition=models.Q(('repeat__lte', 25), ('soon__lte', 25), ('sooner__lte', 25), ('today__lte', 25), ('tried__lte', 25), ('worse__lte', 25)), name='weights_within_bounds'),
        ),
    ]
