"""An alert that cannot be told holds up no other, and is not forgotten."""

from datetime import datetime, timedelta

import pytest
from structlog.testing import capture_logs

from crm.enums import Level, Role
from crm.models import Lead, Site, User
from crm.services.alerts import alert_staff
from crm.services.escalating import run_step, sweep_escalations
from notifications.catalogue import MessageKind
from notifications.models import Escalation, Message
from tests.clock import DatabaseClock
from tests.factories import LeadFactory, MembershipFactory

MINUTE = timedelta(minutes=1)


@pytest.fixture
def at(database_clock: DatabaseClock) -> datetime:
    database_clock.stop()
    return database_clock.now()


@pytest.fixture
def manager_only(site: Site) -> User:
    return MembershipFactory(site=site, role=Role.MANAGER).user


def begin(site: Site, at: datetime) -> Lead:
    lead = LeadFactory(site=site, level=Level.U1, received_at=at)
    alert_staff(lead=lead, key=str(lead.pk), at=at)
    return lead


def spoil(lead: Lead) -> None:
    """Leave the alert as no code of this release knows it: its lead is unplaced, its level a new one."""
    Lead.objects.filter(pk=lead.pk).update(level=None, queue="UNROUTED", placed_at=None)
    Escalation.objects.filter(about=lead.pk).update(level="NEW")


def mend(lead: Lead) -> None:
    Escalation.objects.filter(about=lead.pk).update(level="UNROUTED")


def told_at(at: datetime) -> set[object]:
    return set(Escalation.objects.filter(told_at=at).values_list("about", flat=True))


@pytest.mark.parametrize("spoilt", [0, 3, 6])
def test_of_many_that_are_overdue_all_others_are_told_in_few_messages(
    site: Site, manager_only: User, at: datetime, spoilt: int
) -> None:
    leads = [begin(site, at) for _ in range(7)]
    spoil(leads[spoilt])
    later = at + 10 * MINUTE
    with capture_logs() as said:
        sweep_escalations(at=later)
    assert told_at(later) == {lead.pk for lead in leads} - {leads[spoilt].pk}
    sent = Message.objects.filter(created_at=later)
    assert sent.filter(kind=MessageKind.ALERT_SUMMARY).count() == 1
    assert sent.count() <= 3
    failed = Escalation.objects.get(about=leads[spoilt].pk)
    assert {"event": "alert_step_failed", "escalation": str(failed.pk)}.items() <= said[-1].items()


def test_one_that_failed_is_tried_again_by_the_next_sweep(
    site: Site, manager_only: User, at: datetime
) -> None:
    leads = [begin(site, at) for _ in range(2)]
    spoil(leads[0])
    sweep_escalations(at=at + 10 * MINUTE)
    mend(leads[0])
    assert sweep_escalations(at=at + 11 * MINUTE) == 1
    assert told_at(at + 11 * MINUTE) == {leads[0].pk}


def test_a_sweep_goes_on_after_a_step_that_is_only_just_late(
    site: Site, manager_only: User, at: datetime
) -> None:
    leads = [begin(site, at) for _ in range(2)]
    spoil(leads[0])
    late = at + timedelta(seconds=120 + 15)
    with capture_logs() as said:
        assert sweep_escalations(at=late) == 2
    assert told_at(late) == {leads[1].pk}
    assert [each["event"] for each in said if each["log_level"] == "error"] == ["alert_step_failed"]


def test_a_job_says_that_its_own_step_failed(site: Site, manager_only: User, at: datetime) -> None:
    """So it is tried again, and stands among the failed work in the end."""
    spoil(begin(site, at))
    with pytest.raises(ValueError, match="NEW"):
        run_step(escalation=Escalation.objects.get().pk, at=at + 2 * MINUTE)
