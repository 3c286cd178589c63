"""The Celery queues, most pressing first: the dispatcher serves them in this order."""

from django.db import models


class JobQueue(models.TextChoices):
    URGENT = "urgent", "Urgent"
    ALERTS = "alerts", "Alerts to staff"
    PLACING = "placing", "Placing what can wait"
    OUTBOUND = "outbound", "Messages out"
    ROUTINE = "routine", "Routine"
    REPORTS = "reports", "Reports"


# What the dispatcher runs itself when nobody else does, in this order. Alerts have a queue of their own: a
# mail server that does not answer holds up whoever talks to it, and that must never be who places leads. So
# have calm leads: ten thousand of them must not stand between an urgent one and the phone that it rings.
PRESSING = (JobQueue.URGENT, JobQueue.ALERTS, JobQueue.PLACING)
