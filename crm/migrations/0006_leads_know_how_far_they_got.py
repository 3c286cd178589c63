from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("crm", "0005_api_tokens")]

    operations = [
        migrations.AddField(
            model_name="lead",
            name="furthest_step",
            field=models.PositiveSmallIntegerField(
                default=0,
                editable=False,
                verbose_name="furthest step of the funnel, kept by the database from the history",
            ),
        ),
    ]
