"""An alarm of a kind is open once at a site, whoever raises it and however many do so at once."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from crm.enums import AlarmKind
from crm.models import Alarm, Site
from crm.selectors.alarms import open_alarms, past_alarms
from crm.services.alarms import end_alarm, raise_alarm
from jobs.clock import database_now
from tests.at_once import all_at_once
from tests.factories import AlarmFactory, SiteFactory

KIND = AlarmKind.NOBODY_WATCHING


@pytest.mark.django_db
@pytest.mark.parametrize("somewhere", [True, False])
def test_raising_twice_is_raising_once_and_it_goes_on_since_the_first(site: Site, somewhere: bool) -> None:
    where, at = site if somewhere else None, database_now()
    raise_alarm(kind=KIND, site=where, at=at)
    raise_alarm(kind=KIND, site=where, at=at + timedelta(minutes=1))
    assert [(each.site, each.since) for each in open_alarms()] == [(where, at)]


@pytest.mark.django_db
def test_other_kinds_and_other_sites_have_their_own(site: Site) -> None:
    at = database_now()
    for kind, where in [(KIND, site), (KIND, SiteFactory()), (KIND, None), (AlarmKind.UNPLACED, site)]:
        raise_alarm(kind=kind, site=where, at=at)
    assert open_alarms().count() == 4


@pytest.mark.django_db
def test_an_alarm_ends_once_and_may_come_again(site: Site) -> None:
    at = database_now()
    raise_alarm(kind=KIND, site=site, at=at)
    for minute in (1, 2):
        end_alarm(kind=KIND, site=site, at=at + timedelta(minutes=minute))
    raise_alarm(kind=KIND, site=site, at=at + timedelta(minutes=3))
    assert [each.ended_at for each in past_alarms([site.pk])] == [at + timedelta(minutes=1)]
    assert [each.since for each in open_alarms([site.pk])] == [at + timedelta(minutes=3)]


@pytest.mark.django_db
def test_ending_one_leaves_the_others_alone(site: Site) -> None:
    at = database_now()
    AlarmFactory(kind=KIND, site=None)
    AlarmFactory(kind=AlarmKind.UNPLACED, site=site)
    AlarmFactory(kind=KIND, site=SiteFactory())
    end_alarm(kind=KIND, site=site, at=at)
    assert open_alarms().count() == 3


@pytest.mark.django_db
def test_a_site_is_told_of_its_own_and_of_what_is_everywhere(site: Site) -> None:
    AlarmFactory(site=SiteFactory())
    own, everywhere = AlarmFactory(site=site), AlarmFactory(site=None)
    assert set(open_alarms([site.pk])) == {own, everywhere}
    Alarm.objects.update(ended_at=database_now())
    assert set(past_alarms([site.pk])) == {own, everywhere}


@pytest.mark.django_db
def test_the_database_refuses_a_second_one(site: Site) -> None:
    AlarmFactory(site=None)
    with pytest.raises(IntegrityError, match="one_open_alarm_of_a_kind"), transaction.atomic():
        AlarmFactory(site=None)


@pytest.mark.django_db(transaction=True)
def test_eight_processes_raise_one_alarm_between_them() -> None:
    site, at = SiteFactory(), database_now()
    for where in (site, None):
        all_at_once([lambda where=where: raise_alarm(kind=KIND, site=where, at=at)] * 8)  # type: ignore[misc]
    assert Alarm.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_eight_processes_that_end_it_leave_one_end() -> None:
    at = database_now()
    AlarmFactory(site=None, since=at)
    acts = [
        lambda after=after: end_alarm(kind=KIND, site=None, at=at + timedelta(seconds=after))  # type: ignore[misc]
        for after in range(8)
    ]
    all_at_once(acts)
    alarm = Alarm.objects.get()
    first = alarm.ended_at
    end_alarm(kind=KIND, site=None, at=at + timedelta(hours=1))
    alarm.refresh_from_db()
    assert first is not None
    assert alarm.ended_at == first
