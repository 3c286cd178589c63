"""What was said to staff about alarms and their ways is forgotten once nothing asks for it any more."""

from datetime import datetime, timedelta

from crm.models import AlarmNotice, RemovedWay, WayCheck

KEPT_FOR = timedelta(days=30)  # a test that was confirmed counts for a week, a notice until its alarm is over


def forget_old_news(*, at: datetime) -> int:
    """Delete notices of alarms, tests of ways and notes of removed ways after a month; return how many.

    Whoever was told of an alarm that still goes on has been told again since, and no message waits so long.
    """
    notices, _ = AlarmNotice.objects.filter(told_at__lt=at - KEPT_FOR).delete()
    checks, _ = WayCheck.objects.filter(sent_at__lt=at - KEPT_FOR).delete()
    removed, _ = RemovedWay.objects.filter(removed_at__lt=at - KEPT_FOR).delete()
    return notices + checks + removed
