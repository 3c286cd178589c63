"""A desk that is closed for now."""

from datetime import timedelta

from crm.models import OpeningTime, Site
from jobs.clock import database_now


def shut(centre: Site) -> None:
    """Let nobody be on shift now, and the next person come in two hours."""
    opens = (database_now() + timedelta(hours=2)).time().replace(second=0, microsecond=0)
    centre.time_zone, centre.is_always_staffed = "UTC", False
    centre.save()
    for day in range(7):
        closes = opens.replace(hour=(opens.hour + 1) % 24)
        OpeningTime.objects.create(site=centre, weekday=day, opens=opens, closes=closes)
