"""An alarm has one start and one end, and both are true: not when it was noticed, but when it was so."""

from datetime import datetime
from typing import Any

import pytest

from crm.models import Alarm, Site, User
from crm.services.alarm_watch import watch_over_desk
from jobs.services.periodic import beat
from tests.clock import DatabaseClock
from tests.crm.services.test_alarm_watch import give_back, signs_of_life, sweep, take, urgent, watching
from tests.factories import ShiftFactory
from tests.servers import NOWHERE

pytestmark = pytest.mark.django_db
SILENCES = [("beat", "BEAT_SILENT", 100), ("dispatch", "DISPATCHER_SILENT", 40)]


@pytest.fixture
def seen(database_clock: DatabaseClock) -> datetime:
    """Return when everybody was seen last; time moves with the sweeps only."""
    database_clock.stop()
    signs_of_life()
    return database_clock.now()


def the(kind: str) -> Alarm:
    return Alarm.objects.get(kind=kind)


@pytest.mark.parametrize(("name", "kind", "seconds"), SILENCES)
def test_a_silence_is_from_the_last_sign_of_life_to_the_next(
    seen: datetime, database_clock: DatabaseClock, name: str, kind: str, seconds: int
) -> None:
    sweep(database_clock, seconds=seconds, alive=False)
    assert the(kind).since == seen
    back = database_clock.now()
    assert kind not in sweep(database_clock, seconds=80)
    assert (the(kind).since, the(kind).ended_at) == (seen, back)


def test_its_start_is_kept_when_one_more_sign_comes(seen: datetime, database_clock: DatabaseClock) -> None:
    sweep(database_clock, seconds=40, alive=False)
    beat(name="dispatch", at=database_clock.now())
    assert "DISPATCHER_SILENT" in sweep(database_clock, seconds=50, alive=False)
    assert the("DISPATCHER_SILENT").since == seen
    back = database_clock.now()
    sweep(database_clock, seconds=80)
    assert (the("DISPATCHER_SILENT").since, the("DISPATCHER_SILENT").ended_at) == (seen, back)


def test_it_ended_when_somebody_put_it_right_not_a_minute_later(
    seen: datetime, site: Site, coordinator: User, database_clock: DatabaseClock
) -> None:
    ShiftFactory(site=site, user=coordinator)
    lead = urgent(site)
    sweep(database_clock, seconds=130)
    for _ in range(2):
        take(lead, coordinator)
        assert "NOBODY_WATCHING" in sweep(database_clock, seconds=30)
        give_back(lead)
        sweep(database_clock, seconds=20)
    take(lead, coordinator)
    taken = database_clock.now()
    sweep(database_clock, seconds=80)
    assert the("NOBODY_WATCHING").ended_at == taken


@pytest.mark.parametrize("is_away", [True, False])
def test_the_part_that_failed_is_named_where_it_can_be_asked(
    seen: datetime, manager: User, database_clock: DatabaseClock, settings: Any, is_away: bool
) -> None:
    watching(manager)
    if is_away:
        settings.CELERY_BROKER_URL = NOWHERE
    sweep(database_clock, seconds=100, alive=False)
    assert the("BEAT_SILENT").what == ("the broker (Valkey or Redis) does not answer" if is_away else "")
    assert the("DISPATCHER_SILENT").what == ""
    watch_over_desk(at=database_clock.now())
    assert Alarm.objects.filter(kind="BEAT_SILENT").count() == 1
