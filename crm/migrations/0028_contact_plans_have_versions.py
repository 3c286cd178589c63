"""How people are tried again is decided version by version, with who decided it and why."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

APPEND_ONLY = """
CREATE TRIGGER crm_contactcadence_append_only BEFORE UPDATE OR DELETE ON crm_contactcadence
FOR EACH ROW EXECUTE FUNCTION crm_refuse_change();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('crm', "0027_attempts_by_time"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='contactcadence',
            name='one_cadence_a_level',
        ),
        migrations.AddField(
            model_name='contactcadence',
            name='made_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='contactcadence',
            name='made_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cadences', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='contactcadence',
            name='parts',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('MORNING', 'in the morning'), ('AFTERNOON', 'in the afternoon'), ('EVENING', 'in the evening')], max_length=10), blank=True, default=list, size=None),
        ),
        migrations.AddField(
            model_name='contactcadence',
            name='reason',
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name='contactcadence',
            name='version',
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AlterField(
            model_name='contactcadence',
            name='site',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cadences', to='crm.site'),
        ),
        migrations.AddConstraint(
            model_name='contactcadence',
            constraint=models.UniqueConstraint(fields=('site', 'level', 'version'), name='one_cadence_a_version'),
        ),
        migrations.RunSQL(APPEND_ONLY, "DROP TRIGGER crm_contactcadence_append_only ON crm_contactcadence;"),
    ]
