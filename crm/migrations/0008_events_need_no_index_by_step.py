from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("crm", "0007_history_says_how_far_leads_got")]

    operations = [migrations.RemoveIndex(model_name="leadevent", name="event_reached")]
