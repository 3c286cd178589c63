"""Say when somebody is on shift at a site."""

import django.db.models.deletion
from django.db import migrations, models

import jobs.ids


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0010_callers_answer_more_questions'),
    ]

    operations = [
        migrations.AddField(
            model_name='site',
            name='is_always_staffed',
            field=models.BooleanField(default=True, help_text='If not, enter the opening times below: callers are told when the next person is there.', verbose_name='somebody is on shift at every hour'),
        ),
        migrations.CreateModel(
            name='ClosedDate',
            fields=[
                ('id', models.UUIDField(default=jobs.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('date', models.DateField()),
                ('reason', models.CharField(blank=True, max_length=100, verbose_name='for staff')),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='closed_dates', to='crm.site')),
            ],
            options={
                'ordering': ('date',),
                'constraints': [models.UniqueConstraint(fields=('site', 'date'), name='closed_once_a_day')],
            },
        ),
        migrations.CreateModel(
            name='OpeningTime',
            fields=[
                ('id', models.UUIDField(default=jobs.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('weekday', models.PositiveSmallIntegerField(choices=[(0, 'Monday'), (1, 'Tuesday'), (2, 'Wednesday'), (3, 'Thursday'), (4, 'Friday'), (5, 'Saturday'), (6, 'Sunday')])),
                ('opens', models.TimeField()),
                ('closes', models.TimeField(help_text='Midnight is 00:00. An earlier time than it opens is the next day.')),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='opening_times', to='crm.site')),
            ],
            options={
                'ordering': ('weekday', 'opens'),
                'constraints': [models.UniqueConstraint(fields=('site', 'weekday', 'opens'), name='one_shift_begins_at_a_time')],
            },
        ),
    ]
