"""What the auditor makes of the canary: nothing of one that was late, an alarm of what closes the door."""

from datetime import datetime
from typing import Any

import pytest

from crm.enums import AlarmKind
from crm.models import Alarm, Site
from intake.models import Audit
from intake.selectors.audit import EVERY
from intake.services.audit import run_audit
from tests.intake.canaries import ended
from tests.intake.services.test_audit import SECOND, WAY_BACK
from tests.intake.services.test_audit import at as at  # noqa: PLC0414  a fixture

pytestmark = pytest.mark.django_db


class TestCanary:
    @pytest.fixture(autouse=True)
    def _on(self, settings: Any) -> None:
        settings.CANARY_MINUTES = 5

    def test_one_that_came_through_is_well(self, site: Site, at: datetime) -> None:
        ended(at - 60 * SECOND)
        assert run_audit(at=at).passed

    def test_two_that_were_late_are_not_and_are_one_alarm(self, site: Site, at: datetime) -> None:
        ended(at - 120 * SECOND, missed="PLACED")
        ended(at - 60 * SECOND, missed="PLACED")
        assert [each["what"] for each in run_audit(at=at).failures] == ["PLACED"]
        run_audit(at=at + EVERY)
        assert set(Alarm.objects.values_list("kind", flat=True)) == {"CANARY_LATE"}

    def test_one_that_was_late_is_waited_for_again(self, site: Site, at: datetime) -> None:
        ended(at - 400 * SECOND)
        ended(at - 60 * SECOND, missed="PLACED")
        assert run_audit(at=at).passed
        assert not Alarm.objects.exists()

    def test_one_that_nobody_could_send_is_an_alarm_at_once(self, site: Site, at: datetime) -> None:
        ended(at - 400 * SECOND)
        ended(at - 60 * SECOND, missed="FORM", reason="ConnectionRefusedError")
        assert not run_audit(at=at).passed
        assert set(Alarm.objects.values_list("kind", flat=True)) == {"CANARY_LATE"}

    def test_none_for_too_long_raises_its_alarm(self, site: Site, at: datetime) -> None:
        """Nobody sends any, so nobody but the auditor can say so."""
        ended(at - 400 * SECOND)
        assert not run_audit(at=at).passed
        assert Alarm.objects.filter(kind=AlarmKind.CANARY_LATE, ended_at=None).exists()

    def test_none_ever_is_late_when_we_have_been_at_work(self, site: Site, at: datetime) -> None:
        assert run_audit(at=at).passed
        Audit.objects.create(at=at - 200 * SECOND, passed=True)
        assert not run_audit(at=at).passed

    def test_right_after_a_start_it_has_its_chance(self, site: Site, at: datetime) -> None:
        ended(at - WAY_BACK)
        Audit.objects.update(at=at - WAY_BACK)
        assert run_audit(at=at).passed

    def test_when_it_is_off_it_is_not_asked(self, site: Site, at: datetime, settings: Any) -> None:
        settings.CANARY_MINUTES = 0
        ended(at - WAY_BACK, missed="FORM")
        assert run_audit(at=at).passed
