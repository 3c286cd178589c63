"""Notices of alarms and tests of ways go after a month, and nothing that is still asked for."""

from datetime import timedelta

import pytest

from crm.enums import WayCheckKind
from crm.models import AlarmNotice, RemovedWay, User, WayCheck
from crm.selectors.alarm_news import notices_by_person
from crm.services.old_news import KEPT_FOR
from crm.tasks import forget_what_was_sent
from jobs.clock import database_now
from tests.factories import AlarmFactory

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def test_what_is_a_month_old_goes_and_the_rest_stays(manager: User) -> None:
    at, alarm = database_now(), AlarmFactory()
    for ago in (KEPT_FOR + MINUTE, KEPT_FOR - MINUTE):
        AlarmNotice.objects.create(user=manager, told_at=at - ago, alarms=[alarm.pk])
        RemovedWay.objects.create(channel="SMS", recipient=1, removed_at=at - ago)
        WayCheck.objects.create(
            user=manager,
            channel="EMAIL",
            recipient=1,
            kind=WayCheckKind.TEST,
            sent_at=at - ago,
            expires_at=at - ago,
        )
    forget_what_was_sent(at=at)
    assert list(AlarmNotice.objects.values_list("told_at", flat=True)) == [at - KEPT_FOR + MINUTE]
    assert list(RemovedWay.objects.values_list("removed_at", flat=True)) == [at - KEPT_FOR + MINUTE]
    assert list(WayCheck.objects.values_list("sent_at", flat=True)) == [at - KEPT_FOR + MINUTE]


def test_who_knows_is_asked_of_what_was_said_since_the_first_of_the_alarms_began(manager: User) -> None:
    """Years of notices are not read every ten seconds."""
    at = database_now()
    older, newer = AlarmFactory(since=at - 5 * MINUTE), AlarmFactory(kind="UNPLACED", since=at)
    for ago in (6, 5, 0):
        AlarmNotice.objects.create(
            user=manager, told_at=at - ago * MINUTE, alarms=[older.pk, newer.pk] if ago else [newer.pk]
        )
    known = notices_by_person([newer, older])[manager]
    assert [each.told_at for each in known] == [at - 5 * MINUTE, at]
