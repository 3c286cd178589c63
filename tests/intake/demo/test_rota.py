"""The demo's rota: somebody is there or on call at every hour, and nobody works twice at once."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from crm.models import HandoverNote, Shift, User
from crm.selectors.rota import local_date, midnight, monday_of
from intake.demo.rota import TAKE_TURNS, plan_demo_rota, turn_at
from intake.demo.staff import demo_site
from jobs.clock import database_now
from jobs.models import Job
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
SHIFTS_PLANNED = 3 * 7 * (13 + 2)


@pytest.fixture
def staff() -> dict[str, User]:
    return {name: UserFactory(full_name=name) for name in TAKE_TURNS}


def test_somebody_is_there_or_on_call_at_every_hour_of_two_weeks(staff: dict[str, User]) -> None:
    at = database_now()
    plan_demo_rota(demo_site(), staff, at)
    assert Shift.objects.count() == SHIFTS_PLANNED
    monday = midnight(demo_site(), monday_of(local_date(demo_site(), at)))
    for hours in range(14 * 24):
        moment = monday + timedelta(hours=hours)
        assert Shift.objects.filter(starts_at__lte=moment, ends_at__gt=moment).exists()


def test_whose_turn_it_is_agrees_with_the_rota(staff: dict[str, User]) -> None:
    site, at = demo_site(), database_now()
    plan_demo_rota(site, staff, at)
    for hours in range(0, 7 * 24, 3):
        moment = at - timedelta(hours=hours)
        there = Shift.objects.filter(starts_at__lte=moment, ends_at__gt=moment)
        name = TAKE_TURNS[turn_at(moment.astimezone(ZoneInfo(site.time_zone)))]
        assert name in there.values_list("user__full_name", flat=True)


def test_it_is_planned_once_and_sets_nothing_in_motion(staff: dict[str, User]) -> None:
    for _ in range(2):
        plan_demo_rota(demo_site(), staff, database_now())
    assert (Shift.objects.count(), HandoverNote.objects.count(), Job.objects.count()) == (
        SHIFTS_PLANNED,
        1,
        0,
    )
