"""Tell staff what callers ask, and callers what their page says."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0004_alert_of_stranded_enquiries'),
    ]

    operations = [
        migrations.AlterField(
            model_name='message',
            name='kind',
            field=models.CharField(choices=[('URGENT_LEAD_ALERT', 'Alert: an urgent lead'), ('LEAD_NOT_ROUTED', 'Alert: a lead was not routed in time'), ('REVIEW_WAITING', 'Alert: an enquiry waits for review'), ('ENQUIRY_STRANDED', "Alert: an enquiry is on nobody's list"), ('JOB_DEAD', 'Alert: background work gave up'), ('CALLER_WANTS_SOONER', 'Alert: a caller asks to be called sooner'), ('CALLER_REQUEST', 'Alert: a caller asks something of us'), ('ENQUIRY_COPY', 'Copy of their page to the caller'), ('ENQUIRY_ACKNOWLEDGEMENT', 'Acknowledgement to the caller'), ('TEST', 'Test message')], max_length=40),
        ),
    ]
