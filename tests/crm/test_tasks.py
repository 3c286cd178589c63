"""The desk's jobs, run as a worker runs them."""

from datetime import timedelta

import pytest

from crm.enums import EventKind, Level
from crm.leases import lease_of
from crm.models import Site, User
from crm.services.handing import keep_lead
from crm.services.queues import claim_lead, release_lead
from jobs.clock import database_now
from jobs.kinds import kind_named
from jobs.models import Job
from jobs.services.running import run_job
from tests.factories import LeadFactory

RETURN_LEASE = "crm.tasks.return_lease"
MINUTE = timedelta(minutes=1)

pytestmark = pytest.mark.django_db(transaction=True)


def run_the_job() -> Job:
    """Run the one job that returns a lease; return it as it is afterwards."""
    job = Job.objects.get(kind=RETURN_LEASE)
    run_job(job=job.pk, kind=kind_named(RETURN_LEASE))
    job.refresh_from_db()
    return job


def test_a_lease_that_has_run_out_returns_the_lead(site: Site, coordinator: User) -> None:
    lead = LeadFactory(site=site)
    claim_lead(lead=lead, by=coordinator, at=database_now() - lease_of(Level.U2) - MINUTE)
    assert run_the_job().done_at is not None
    lead.refresh_from_db()
    assert lead.owner is None
    assert lead.events.filter(kind=EventKind.LEASE_ENDED).count() == 1


def test_the_job_waits_while_somebody_works_on_the_lead(site: Site, coordinator: User) -> None:
    at, lead = database_now(), LeadFactory(site=site)
    claim_lead(lead=lead, by=coordinator, at=at - lease_of(Level.U2) - MINUTE)
    keep_lead(lead=lead, by=coordinator, at=at - 5 * MINUTE)
    job = run_the_job()
    assert (job.done_at, job.due_at, job.attempts) == (None, at - 5 * MINUTE + lease_of(Level.U2), 0)
    lead.refresh_from_db()
    assert lead.owner == coordinator


def test_the_job_has_nothing_to_do_once_the_lead_was_given_back(site: Site, coordinator: User) -> None:
    at, lead = database_now(), LeadFactory(site=site)
    claim_lead(lead=lead, by=coordinator, at=at - lease_of(Level.U2) - MINUTE)
    release_lead(lead=lead, by=coordinator, at=at)
    assert run_the_job().done_at is not None
    assert not lead.events.filter(kind=EventKind.LEASE_ENDED).exists()


def test_unplaced_leads_are_flagged_every_few_seconds(site: Site, coordinator: User) -> None:
    kind = kind_named("crm.tasks.flag_unplaced")
    assert (kind.queue, kind.every) == ("urgent", 10)
    lead = LeadFactory(site=site, unrouted=True, received_at=database_now() - 2 * MINUTE)
    kind.body(subject=None, at=database_now())
    assert lead.events.filter(kind=EventKind.NOT_PLACED_IN_TIME).exists()
