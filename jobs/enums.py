"""The Celery queues, most pressing first: the dispatcher serves them in this order."""

from django.db import models


class JobQueue(models.TextChoices):
    URGENT = "urgent", "Urgent"
    OUTBOUND = "outbound", "Messages out"
    ROUTINE = "routine", "Routine"
    REPORTS = "reports", "Reports"
