"""Who works when in the demo: this week and the next, with somebody on call at night.

The Sunday before is planned, too: its night lasts into the first morning.
"""

from datetime import date, datetime, timedelta

from crm.models import Shift, Site, User
from crm.selectors.rota import local_date, midnight, monday_of
from crm.services.handover import write_handover_note

DAY = timedelta(days=1)
WEEKS = 2
# hours of the day at the site, order on call, and whose turn it is: they move on by one each day
SHIFTS = ((8, 16, None, 0), (14, 22, None, 1), (22, 32, 1, 2))
TAKE_TURNS = ("coordinator", "robin", "toni")
NOTE = (
    "The surgery in the high street only rings back after six. "
    "Whoever is on at night: two follow-ups are due before eight."
)


def plan_demo_rota(site: Site, staff: dict[str, User], at: datetime) -> None:
    """Plan the shifts and leave a note, unless the site has a rota. Nothing is done when these shifts end."""
    if Shift.objects.filter(site=site).exists():
        return
    monday = monday_of(local_date(site, at))
    days = [monday + number * DAY for number in range(-1, 7 * WEEKS)]
    Shift.objects.bulk_create(shift for day in days for shift in _of_day(site, staff, day))
    write_handover_note(site=site, by=staff["robin"], text=NOTE, at=at - timedelta(hours=3))


def _of_day(site: Site, staff: dict[str, User], day: date) -> list[Shift]:
    begins = midnight(site, day)
    return [
        Shift(
            site=site,
            user=staff[TAKE_TURNS[(day.toordinal() + turn) % len(TAKE_TURNS)]],
            starts_at=begins + timedelta(hours=starts),
            ends_at=begins + timedelta(hours=ends),
            on_call=on_call,
        )
        for starts, ends, on_call, turn in SHIFTS
    ]
