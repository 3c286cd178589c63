"""A silence that was over before anybody could say so, since all had stopped, leaves a record."""

import pytest

from crm.models import Alarm, Site, User
from crm.services.alarm_watch import watch_over_desk
from jobs.services.periodic import beat
from notifications.models import Message
from tests.clock import DatabaseClock
from tests.crm.services.test_alarm_watch import signs_of_life, sweep, watching

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _alive(db: None) -> None:
    signs_of_life()


@pytest.mark.parametrize(
    ("name", "kind", "bound"),
    [("dispatch", "DISPATCHER_SILENT", 30), ("beat", "BEAT_SILENT", 80), ("watch", "WATCH_SILENT", 60)],
)
def test_a_stop_that_nobody_saw_is_written_down_when_it_is_over(
    database_clock: DatabaseClock, name: str, kind: str, bound: int
) -> None:
    database_clock.stop()
    beat(name=name, at=database_clock.now())
    beat(name=name, at=database_clock.advance(seconds=bound))
    assert not Alarm.objects.exists()
    stopped = database_clock.now()
    back = database_clock.advance(seconds=bound + 1)
    beat(name=name, at=back)
    beat(name=name, at=database_clock.advance(seconds=5))
    assert [(each.kind, each.site, each.since, each.ended_at) for each in Alarm.objects.all()] == [
        (kind, None, stopped, back)
    ]


def test_nobody_is_woken_for_what_was_over_before_it_was_seen(
    site: Site, manager: User, database_clock: DatabaseClock
) -> None:
    watching(manager)
    database_clock.advance(seconds=100)
    signs_of_life()
    sweep(database_clock, seconds=130)
    assert set(Alarm.objects.values_list("kind", flat=True)) == {"DISPATCHER_SILENT", "BEAT_SILENT"}
    assert not Message.objects.exists()


def test_one_that_the_watch_has_raised_is_not_written_down_twice(database_clock: DatabaseClock) -> None:
    sweep(database_clock, seconds=50, alive=False)
    beat(name="dispatch", at=database_clock.now())
    sweep(database_clock, seconds=80)
    assert Alarm.objects.filter(kind="DISPATCHER_SILENT").count() == 1


def test_the_watchs_own_silence_is_that_of_whoever_runs_it(database_clock: DatabaseClock) -> None:
    watch_over_desk(at=database_clock.now())
    database_clock.advance(seconds=100)
    signs_of_life()
    watch_over_desk(at=database_clock.now())
    assert set(Alarm.objects.values_list("kind", flat=True)) == {"DISPATCHER_SILENT", "BEAT_SILENT"}
