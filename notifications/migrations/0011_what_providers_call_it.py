"""All new columns of deliveries: one busy table a migration. Their index comes with 0019."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0010_clinical_leads_are_asked'),
    ]

    operations = [
        migrations.AddField(
            model_name='delivery',
            name='provider_id',
            field=models.CharField(blank=True, db_default='', default='', max_length=250, verbose_name='what the provider calls it'),
        ),
        migrations.AddField(
            model_name='delivery',
            name='reported_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='when its provider last said what became of it'),
        ),
        migrations.AddField(
            model_name='delivery',
            name='possible_duplicate',
            field=models.BooleanField(db_default=False, default=False, verbose_name='an earlier try may have reached them'),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='outcome',
            field=models.CharField(blank=True, choices=[('ACCEPTED', 'Accepted by the provider'), ('TRANSIENT_ERROR', 'Failed, to be tried again'), ('AMBIGUOUS', 'No answer: it may have gone out'), ('PERMANENT_ERROR', 'Refused for good'), ('INTERRUPTED', 'Interrupted: it may have gone out')], max_length=20),
        ),
        migrations.AlterField(
            model_name='message',
            name='channel',
            field=models.CharField(choices=[('EMAIL', 'E-mail'), ('SMS', 'Text'), ('VOICE', 'Call'), ('PUSH', 'Push'), ('WEBHOOK', 'Webhook')], max_length=10),
        ),
    ]
