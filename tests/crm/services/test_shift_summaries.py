"""At the end of a shift: one e-mail about it, to whoever wants it, without anything of a caller."""

import re
from datetime import datetime, timedelta

import pytest

from crm.enums import ContactOutcome, Level
from crm.models import HandoverNote, Lead, Shift, Site, User
from crm.services.acknowledging import acknowledge
from crm.services.alerts import alert_staff
from crm.services.handing import keep_lead
from crm.services.queues import claim_lead, release_lead
from crm.services.shifts import Hours, change_shift, plan_shift
from crm.tasks import end_of_shift, summarise_shift
from jobs.kinds import kind_named
from jobs.models import Job
from jobs.services.running import run_job
from notifications.catalogue import MessageKind
from notifications.models import Message
from notifications.services.rendering import render_message
from tests.clock import DatabaseClock
from tests.factories import (
    ContactAttemptFactory,
    LeadFactory,
    MembershipFactory,
    PersonFactory,
    ShiftFactory,
    SiteFactory,
)

HOUR = timedelta(hours=1)
REFERENCE = re.compile(r"/desk/leads/([A-Z0-9]{4}-[A-Z0-9]{4})/")


def worked(site: Site, user: User, at: datetime, **values: object) -> Shift:
    """Return a shift of eight hours that is just over."""
    return ShiftFactory(site=site, user=user, starts_at=at - 8 * HOUR, ends_at=at, **values)


def summary_of(shift: Shift) -> str:
    """What was sent of the shift, once its jobs have run."""
    end_of_shift(subject=shift.pk, at=shift.ends_at)
    for job in Job.objects.filter(kind="crm.tasks.summarise_shift", subject=shift.pk):
        summarise_shift(subject=job.subject, at=shift.ends_at)
    message = Message.objects.filter(kind=MessageKind.SHIFT_SUMMARY, dedupe_key__contains=shift.pk).first()
    return render_message(message).text if message else ""


@pytest.fixture
def now(database_clock: DatabaseClock) -> datetime:
    database_clock.stop()
    return database_clock.now()


def test_what_they_took_reached_and_gave_back(site: Site, coordinator: User, now: datetime) -> None:
    shift = worked(site, coordinator, now)
    taken = [LeadFactory(site=site) for _ in range(3)]
    for number, lead in enumerate(taken):
        claim_lead(lead=lead, by=coordinator, at=now - 3 * HOUR + number * HOUR / 6)
    ContactAttemptFactory(lead=taken[0], by=coordinator, attempted_at=now - 2 * HOUR)
    reached = {"two_way": True, "outcome": ContactOutcome.SPOKE, "attempted_at": now - HOUR}
    ContactAttemptFactory(lead=taken[0], by=coordinator, **reached)
    ContactAttemptFactory(lead=taken[1], **reached)  # by somebody else
    release_lead(lead=taken[1], by=coordinator, at=now - HOUR)
    Lead.objects.filter(pk=taken[0].pk).update(lease_until=now + HOUR)
    text = summary_of(shift)
    assert "Leads that you took: 3\nReached: 1 person; 2 tries in all" in text
    assert "Given back or handed over: 1" in text
    assert "Gone back to the queue by themselves: 2" in text
    assert "STILL YOURS\nLeads: none" in text


def test_what_is_still_theirs_is_a_link_and_nothing_else(
    site: Site, coordinator: User, now: datetime
) -> None:
    caller = PersonFactory(name="Alex Secret", phone="07700 900123", email="alex@secret.example")
    lead = LeadFactory(site=site, caller=caller, main_substance="ketamine")
    claim_lead(lead=lead, by=coordinator, at=now - HOUR / 4)
    keep_lead(lead=lead, by=coordinator, at=now - HOUR / 60)
    shift = worked(site, coordinator, now)
    text = summary_of(shift)
    assert REFERENCE.findall(text) == [lead.reference]
    assert not re.search(r"Alex|Secret|900123|ketamine|alex|search", text)


def test_more_than_ten_are_a_link_to_their_own_list(site: Site, coordinator: User, now: datetime) -> None:
    held = {"owner": coordinator, "claimed_at": now, "lease_until": now + HOUR}
    for _ in range(12):
        LeadFactory(site=site, **held)
    text = summary_of(worked(site, coordinator, now))
    assert "Leads: 12" in text
    assert len(REFERENCE.findall(text)) == 10
    assert "/desk/queues/mine/" in text


def test_what_the_next_shift_inherits(site: Site, coordinator: User, now: datetime) -> None:
    late = LeadFactory(site=site, level=Level.U1, received_at=now - 3 * HOUR)
    LeadFactory(site=site, level=Level.U2, received_at=now - HOUR / 60)
    LeadFactory(site=site, level=Level.U2, contacted=True)
    LeadFactory(level=Level.U1, received_at=now - 5 * HOUR)  # another site's
    alert_staff(lead=late, key="k", at=now)
    HandoverNote.objects.create(site=site, by=coordinator, written_at=now - HOUR, text="Ring the ward")
    text = summary_of(worked(site, coordinator, now))
    assert "Alerts that nobody has answered: 1\n  http" in text
    assert "reached: 2, 1 past the promised time; the longest has waited 3 hours" in text
    assert "Notes for whoever comes next: 1" in text
    assert f"/desk/handover/{site.slug}/" in text


def test_nothing_left_is_said_in_one_line(site: Site, coordinator: User, now: datetime) -> None:
    assert "LEFT TO OTHERS\nUrgent leads, alerts and calls: none" in summary_of(
        worked(site, coordinator, now)
    )


def test_an_alert_that_they_answered_counts(site: Site, coordinator: User, now: datetime) -> None:
    lead = LeadFactory(site=site, level=Level.U1)
    alert_staff(lead=lead, key="k", at=now - HOUR)
    acknowledge(lead=lead, by=coordinator, at=now - HOUR / 2)
    assert "Alerts that you answered: 1" in summary_of(worked(site, coordinator, now))


@pytest.mark.django_db(transaction=True)
def test_it_is_sent_once_by_the_jobs_themselves(
    site: Site, coordinator: User, database_clock: DatabaseClock
) -> None:
    database_clock.stop()
    start = database_clock.now()
    shift = plan_shift(site=site, hours=Hours(coordinator, start, start + 8 * HOUR), at=start)
    for seconds in (-1, 0, 5, 3600):
        database_clock.move_to(shift.ends_at + timedelta(seconds=seconds))
        for name in ("crm.tasks.end_of_shift", "crm.tasks.summarise_shift"):
            for job in Job.objects.filter(kind=name, done_at=None, due_at__lte=database_clock.now()):
                run_job(job=job.pk, kind=kind_named(name))
        end_of_shift(subject=shift.pk, at=database_clock.now())  # a second copy of the job
        assert Message.objects.filter(kind=MessageKind.SHIFT_SUMMARY).count() == (seconds >= 0)
    assert Message.objects.get().to == coordinator.email


def test_two_shifts_that_touch_are_one(site: Site, coordinator: User, now: datetime) -> None:
    first = worked(site, coordinator, now - 8 * HOUR)
    last = worked(site, coordinator, now)
    claim_lead(lead=LeadFactory(site=site), by=coordinator, at=now - 15 * HOUR)
    assert summary_of(first) == ""
    assert "Leads that you took: 1" in summary_of(last)
    assert Message.objects.filter(kind=MessageKind.SHIFT_SUMMARY).count() == 1


def test_a_quiet_night_on_call_says_nothing_and_a_busy_one_does(
    site: Site, coordinator: User, now: datetime
) -> None:
    assert summary_of(worked(site, coordinator, now, on_call=1)) == ""
    colleague = MembershipFactory(site=site).user
    claim_lead(lead=LeadFactory(site=site), by=colleague, at=now - HOUR)
    assert "Leads that you took: 1" in summary_of(worked(site, colleague, now, on_call=2))


@pytest.mark.parametrize("who", ["unwilling", "inactive", "gone"])
def test_not_to_whoever_wants_none_or_has_left(
    site: Site, coordinator: User, now: datetime, who: str
) -> None:
    if who == "gone":
        coordinator.memberships.all().delete()
    changes = {"unwilling": {"wants_shift_summary": False}, "inactive": {"is_active": False}, "gone": {}}
    User.objects.filter(pk=coordinator.pk).update(**(changes[who] or {"full_name": "Gone"}))
    assert summary_of(worked(site, coordinator, now)) == ""


def test_not_after_an_outage_of_a_day(site: Site, coordinator: User, now: datetime) -> None:
    shift = worked(site, coordinator, now)
    summarise_shift(subject=shift.pk, at=now + 13 * HOUR)
    assert not Message.objects.exists()


def test_not_of_a_shift_that_was_moved(site: Site, coordinator: User, now: datetime) -> None:
    shift = plan_shift(site=site, hours=Hours(coordinator, now, now + 8 * HOUR), at=now)
    longer = Hours(coordinator, now, now + 9 * HOUR)
    change_shift(shift=shift, hours=longer, at=now)
    summarise_shift(subject=shift.pk, at=now + 8 * HOUR)
    assert not Message.objects.exists()


def test_hours_are_those_of_the_site(coordinator: User, now: datetime) -> None:
    site = SiteFactory(time_zone="Europe/Bucharest", name="House @ the Sea")
    MembershipFactory(site=site, user=coordinator)
    shift = worked(site, coordinator, now)
    end_of_shift(subject=shift.pk, at=now)
    summarise_shift(subject=shift.pk, at=now)
    context = Message.objects.get().context
    assert context["site"] == "House at the Sea"
    assert re.fullmatch(r"\w+day \d+ \w+, \d\d:\d\d to \d\d:\d\d", context["when"])


def test_as_many_queries_for_one_lead_as_for_many(
    site: Site, coordinator: User, now: datetime, django_assert_max_num_queries: object
) -> None:
    for _ in range(30):
        LeadFactory(site=site, owner=coordinator, claimed_at=now, lease_until=now + HOUR)
    shift = worked(site, coordinator, now)
    with django_assert_max_num_queries(30):  # type: ignore[operator]
        summarise_shift(subject=shift.pk, at=now)
