"""Leads that go back because their holder is away, has signed out, or has gone home."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from crm.enums import AwayReason, EndOfLease, EventKind, Queue
from crm.models import Absence, Lead, Shift, Site, User
from crm.services.absences import come_back, go_away
from crm.services.handing import keep_lead
from crm.services.queues import claim_lead, take_next
from crm.services.shifts import Hours, end_shift, plan_shift
from jobs.clock import database_now
from jobs.kinds import kind_named
from jobs.models import Job
from jobs.services.running import run_job
from tests.factories import LeadFactory, ShiftFactory

MINUTE = timedelta(minutes=1)


def ended(lead: Lead) -> str:
    """Return why the lead went back last."""
    return str(lead.events.filter(kind=EventKind.LEASE_ENDED).latest("occurred_at").data["why"])


@pytest.fixture
def lead(site: Site, coordinator: User) -> Lead:
    return claim_lead(lead=LeadFactory(site=site), by=coordinator, at=database_now())


def test_going_away_returns_all_that_one_has(
    lead: Lead, site: Site, coordinator: User, manager: User
) -> None:
    at = database_now()
    theirs = claim_lead(lead=LeadFactory(site=site), by=manager, at=at)
    assert go_away(user=coordinator, reason=AwayReason.BREAK, by=coordinator, at=at) == [lead]
    lead.refresh_from_db()
    theirs.refresh_from_db()
    assert (lead.owner, theirs.owner, ended(lead)) == (None, manager, EndOfLease.AWAY)


def test_a_lease_that_had_run_out_is_said_to_have_run_out(lead: Lead, coordinator: User) -> None:
    at = database_now() + timedelta(hours=1)
    assert go_away(user=coordinator, reason=AwayReason.LEFT, by=coordinator, at=at) == []
    assert ended(lead) == EndOfLease.RAN_OUT


def test_going_away_twice_changes_the_reason_only(coordinator: User, manager: User) -> None:
    at = database_now()
    go_away(user=coordinator, reason=AwayReason.BREAK, by=coordinator, at=at)
    go_away(user=coordinator, reason=AwayReason.LEFT, by=manager, at=at + MINUTE)
    absence = Absence.objects.get(user=coordinator)
    assert (absence.reason, absence.away_at, absence.marked_by) == (AwayReason.LEFT, at, manager)


def test_coming_back_ends_the_absence_and_returns_nothing(lead: Lead, coordinator: User) -> None:
    at = database_now()
    go_away(user=coordinator, reason=AwayReason.BREAK, by=coordinator, at=at)
    assert come_back(user=coordinator, by=coordinator, at=at + MINUTE)
    assert not come_back(user=coordinator, by=coordinator, at=at + MINUTE)
    lead.refresh_from_db()
    assert lead.owner is None
    assert Absence.objects.get(user=coordinator).back_at == at + MINUTE


def test_whoever_takes_a_lead_is_back(lead: Lead, coordinator: User) -> None:
    at = database_now()
    go_away(user=coordinator, reason=AwayReason.BREAK, by=coordinator, at=at)
    assert take_next(by=coordinator, queue=Queue.URGENT, at=at + MINUTE) == lead
    assert not Absence.objects.filter(back_at=None).exists()


def test_the_database_keeps_one_open_absence_a_person(coordinator: User) -> None:
    absence = {"user": coordinator, "reason": AwayReason.BREAK, "marked_by": coordinator}
    Absence.objects.create(**absence, away_at=database_now())
    with pytest.raises(IntegrityError, match="one_open_absence"), transaction.atomic():
        Absence.objects.create(**absence, away_at=database_now())


def test_signing_out_returns_what_one_has(client: Client, lead: Lead, coordinator: User) -> None:
    client.force_login(coordinator)
    client.post("/accounts/logout/")
    lead.refresh_from_db()
    assert (lead.owner, ended(lead)) == (None, EndOfLease.SIGNED_OUT)
    assert client.get("/desk/").status_code == 302


def test_the_end_of_a_shift_returns_what_one_has(lead: Lead, site: Site, coordinator: User) -> None:
    at = database_now()
    shift = ShiftFactory(site=site, user=coordinator, ends_at=at + MINUTE)
    assert end_shift(shift_id=shift.pk, at=at) == []
    assert end_shift(shift_id=shift.pk, at=at + MINUTE) == [lead]
    assert ended(lead) == EndOfLease.SHIFT_ENDED
    assert end_shift(shift_id=shift.pk, at=at + 2 * MINUTE) == []


def test_what_one_is_still_on_stays_after_the_shift(lead: Lead, site: Site, coordinator: User) -> None:
    at = database_now()
    shift = ShiftFactory(site=site, user=coordinator, ends_at=at + 5 * MINUTE)
    keep_lead(lead=lead, by=coordinator, at=at + MINUTE)
    assert end_shift(shift_id=shift.pk, at=at + 5 * MINUTE) == []


def test_what_was_taken_after_the_shift_stays(lead: Lead, site: Site, coordinator: User) -> None:
    """A worker that comes late takes nothing from somebody who works on."""
    at = database_now()
    shift = ShiftFactory(site=site, user=coordinator, ends_at=at - MINUTE)
    assert end_shift(shift_id=shift.pk, at=at + MINUTE) == []


def test_a_shift_that_goes_over_into_another_returns_nothing(
    lead: Lead, site: Site, coordinator: User
) -> None:
    ends_at = database_now() + MINUTE
    shift = ShiftFactory(site=site, user=coordinator, ends_at=ends_at)
    ShiftFactory(site=site, user=coordinator, starts_at=ends_at)
    assert end_shift(shift_id=shift.pk, at=ends_at) == []


def test_a_shift_that_was_moved_or_removed_ends_nothing(lead: Lead, site: Site, coordinator: User) -> None:
    at = database_now()
    shift = ShiftFactory(site=site, user=coordinator)
    Shift.objects.filter(pk=shift.pk).update(ends_at=at + timedelta(hours=9))
    assert end_shift(shift_id=shift.pk, at=at + timedelta(hours=7)) == []
    shift.delete()
    assert end_shift(shift_id=shift.pk, at=at + timedelta(hours=10)) == []


@pytest.mark.django_db(transaction=True)
def test_the_job_of_a_shift_returns_leads(lead: Lead, site: Site, coordinator: User) -> None:

    at = database_now()
    hours = Hours(coordinator, at - timedelta(hours=8), at + timedelta(seconds=1))
    shift = plan_shift(site=site, hours=hours, at=at)
    Shift.objects.filter(pk=shift.pk).update(ends_at=at)
    Lead.objects.filter(pk=lead.pk).update(claimed_at=at - MINUTE)
    job = Job.objects.get(kind="crm.tasks.end_of_shift")
    assert (job.subject, job.due_at) == (shift.pk, at + timedelta(seconds=1))
    Job.objects.filter(pk=job.pk).update(due_at=at)
    run_job(job=job.pk, kind=kind_named(job.kind))
    lead.refresh_from_db()
    assert lead.owner is None
