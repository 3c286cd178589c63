"""Say for each way of contact if it is safe, and what to mind."""

from django.db import migrations, models

import vault.fields


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0008_events_need_no_index_by_step'),
    ]

    operations = [
        migrations.AddField(
            model_name='person',
            name='ask_for',
            field=vault.fields.EncryptedTextField(blank=True, default='', verbose_name='who to ask for'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='person',
            name='may_post',
            field=models.BooleanField(default=False, verbose_name='letters are safe'),
        ),
        migrations.AddField(
            model_name='person',
            name='postal_address',
            field=vault.fields.EncryptedTextField(blank=True, default=''),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='person',
            name='safe_times',
            field=vault.fields.EncryptedTextField(blank=True, default='', verbose_name='when it is safe to contact them'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='person',
            name='say_instead',
            field=vault.fields.EncryptedTextField(blank=True, default='', verbose_name='what to say if somebody else answers'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='person',
            name='stopped_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='asked us to stop contacting them'),
        ),
        migrations.AlterField(
            model_name='contactattempt',
            name='method',
            field=models.CharField(choices=[('CALL', 'Phone call'), ('VOICEMAIL', 'Voicemail'), ('TEXT', 'Text message'), ('EMAIL', 'E-mail'), ('POST', 'Letter'), ('VISIT', 'In person')], max_length=10),
        ),
        migrations.AlterField(
            model_name='person',
            name='contact_note',
            field=vault.fields.EncryptedTextField(blank=True, verbose_name='anything else to mind'),
        ),
    ]
