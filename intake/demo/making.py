"""The whole demo: site, staff, today's scenes, and a past that leads up to them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from crm.models import LeadReference, Site, User
from intake.demo.alert_messages import alert_rows
from intake.demo.arrivals import arrival_times
from intake.demo.enquiries import open_lead
from intake.demo.hearing import Arrival, FrontDoor
from intake.demo.journeys import Team, travel
from intake.demo.loading import load
from intake.demo.people import landline, mobile
from intake.demo.rota import plan_demo_rota
from intake.demo.rows import Rows
from intake.demo.scenes import SCENES
from intake.demo.staff import demo_site, demo_staff
from intake.demo.staging import Staging
from intake.demo.stories import story
from intake.models import Enquiry

SEED = 20260101
LOCK = 5_274_613  # two starts at once must not both make the demo
KEY = r"^demo:\d+$"


@dataclass(frozen=True)
class Wish:
    """How much demo: leads in all, and the days that they spread over."""

    leads: int
    days: int


@dataclass(frozen=True)
class Made:
    """What there is now, and what was made for it."""

    site: str
    leads: int
    rows: dict[str, int]


@transaction.atomic
def make_demo(*, wish: Wish, folder: Path, at: datetime, add: bool = False) -> Made:
    """Make the demo's site and staff, and its leads up to the number that is wished for.

    Where there are demo leads already, nothing happens, unless more are to be added.
    """
    _one_at_a_time()
    site = demo_site()
    staff = demo_staff(site, folder)
    known = Enquiry.objects.filter(idempotency_key__regex=KEY).count()
    if known and not add:
        return Made(site.name, known, {})
    plan_demo_rota(site, staff, at)
    front, team = FrontDoor(site, at, _references()), _team(staff, site)
    counts = load(_rows(front, team, range(known, wish.leads), wish.days))
    return Made(site.name, max(known, wish.leads), dict(counts))


def _references() -> set[str]:
    return set(LeadReference.objects.values_list("reference", flat=True))


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _team(staff: dict[str, User], site: Site) -> Team:
    coordinators = (staff["coordinator"], staff["robin"], staff["toni"])
    return Team(coordinators, staff["clinician"], ZoneInfo(site.time_zone))


def _rows(front: FrontDoor, team: Team, numbers: range, days: int) -> Iterator[Rows]:
    """Yield the leads of these numbers: the first are today's scenes, the others have a past."""
    scenes = SCENES[numbers.start : numbers.stop]
    rngs = (_rng(f"scene:{number}") for number in numbers)
    today = Staging(front, team).play(scenes, rngs, first=numbers.start)
    for rows in chain(today, _past(front, team, numbers[len(scenes) :], days)):
        rows.alerts = alert_rows(rows.path, team, _rng(f"alert:{rows.enquiries[0].idempotency_key}"))
        yield rows


def _past(front: FrontDoor, team: Team, numbers: range, days: int) -> Iterator[Rows]:
    rng = _rng(f"arrivals:{numbers.start}")
    times = arrival_times(count=len(numbers), days=days, now=front.now, zone=team.zone, rng=rng)
    for number, at in zip(numbers, times, strict=True):
        yield _one(front, team, number, at)


def _one(front: FrontDoor, team: Team, number: int, at: datetime) -> Rows:
    """Return a lead with all that has become of it.

    People whose lead is still open have a landline: whoever tries the demo with a mobile number of the drama
    range must not land on one of these.
    """
    phones = _rng(f"{number}:phone")
    rows = _with_phone(front, team, number, at, mobile(phones))
    return _with_phone(front, team, number, at, landline(phones)) if rows.lead.is_open else rows


def _with_phone(front: FrontDoor, team: Team, number: int, at: datetime, phone: str) -> Rows:
    rng = _rng(str(number))
    rows = open_lead(front, Arrival(f"demo:{number}", story(rng), at, phone), rng)
    travel(rows.path, team)
    return rows


def _rng(name: str) -> Random:
    return Random(f"{SEED}:{name}")  # noqa: S311  demo data, not a secret
