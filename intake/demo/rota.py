"""Who works when in the demo: this week and the next, with somebody on call at night.

So were the three months before, for the reports: who answered an alert while on shift, and who on call.
"""

from datetime import date, datetime, timedelta

from crm.models import Shift, Site, StaffChannel, User
from crm.selectors.rota import local_date, midnight, monday_of
from crm.services.handover import write_handover_note
from notifications.enums import ChannelName
from notifications.services.outbox import recipient_token

DAY = timedelta(days=1)
WEEKS, WEEKS_BEFORE = 2, 13
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
    days = [monday + number * DAY for number in range(-7 * WEEKS_BEFORE, 7 * WEEKS)]
    Shift.objects.bulk_create(shift for day in days for shift in _of_day(site, staff, day))
    StaffChannel.objects.bulk_create(_number(staff[name], turn, at) for turn, name in enumerate(TAKE_TURNS))
    write_handover_note(site=site, by=staff["robin"], text=NOTE, at=at - timedelta(hours=3))


def turn_at(moment: datetime) -> int:
    """Return who is on, by their place in TAKE_TURNS, at a moment in the site's own time."""
    since = moment - timedelta(hours=SHIFTS[0][0])  # the night belongs to the day before
    begun = [turn for starts, _, _, turn in SHIFTS if starts - SHIFTS[0][0] <= since.hour]
    return (since.toordinal() + begun[-1]) % len(TAKE_TURNS)


def _number(user: User, turn: int, at: datetime) -> StaffChannel:
    """Return a number for texts, of those that Ofcom keeps for drama: e-mail alone on call is an alarm."""
    address = f"+4477009008{turn:02}"
    times = {"added_at": at, "verified_at": at, "confirmed_at": at}
    return StaffChannel(
        user=user,
        channel=ChannelName.SMS,
        address=address,
        recipient=recipient_token(address),
        name="My phone",
        **times,
    )


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
