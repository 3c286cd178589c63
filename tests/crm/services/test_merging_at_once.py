"""Two people merge the same two leads in opposite directions, in the same moment, on two connections."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from crm.models import Lead, LeadMerge, Site, User
from crm.refusals import LeadIsOver, NotMerged
from crm.services.merging import merge_leads, unmerge_leads
from jobs.clock import database_now
from tests.factories import LeadFactory

pytestmark = pytest.mark.django_db(transaction=True)
TURNS = 12


def at_once(*work: Callable[[], object]) -> list[bool]:
    """Start all together; return for each whether it was let through."""
    barrier = Barrier(len(work))

    def run(each: Callable[[], object]) -> bool:
        try:
            barrier.wait(timeout=10)
            each()
        except (LeadIsOver, NotMerged):
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(len(work)) as pool:
        return list(pool.map(run, work))


def merging(duplicate: Lead, survivor: Lead, by: User) -> Callable[[], object]:
    return lambda: merge_leads(duplicate=duplicate, survivor=survivor, by=by, at=database_now())


def test_opposite_merges_close_one_lead_and_never_both(site: Site, coordinator: User, manager: User) -> None:
    for _ in range(TURNS):
        one, other = LeadFactory(site=site), LeadFactory(site=site)
        done = at_once(merging(one, other, coordinator), merging(other, one, manager))
        assert sorted(done) == [False, True]
        assert sum(lead.is_open for lead in Lead.objects.filter(pk__in=[one.pk, other.pk])) == 1
    assert LeadMerge.objects.count() == TURNS


def test_a_circle_of_three_leaves_one_open(site: Site, coordinator: User) -> None:
    for _ in range(TURNS):
        a, b, c = (LeadFactory(site=site) for _ in range(3))
        at_once(merging(a, b, coordinator), merging(b, c, coordinator), merging(c, a, coordinator))
        left = Lead.objects.filter(pk__in=[a.pk, b.pk, c.pk])
        assert sum(lead.is_open for lead in left) >= 1
        assert all(ends_open(lead) for lead in left)


def test_a_merge_is_undone_once(site: Site, coordinator: User) -> None:
    duplicate, survivor = LeadFactory(site=site), LeadFactory(site=site, enquiry_count=3)
    merging(duplicate, survivor, coordinator)()
    part: Callable[[], object] = lambda: unmerge_leads(  # noqa: E731
        duplicate=duplicate, by=coordinator, at=database_now()
    )
    assert sorted(at_once(part, part)) == [False, True]
    survivor.refresh_from_db()
    assert survivor.enquiry_count == 3


def ends_open(lead: Lead) -> bool:
    """Return whether the way from a lead to what it went into ends at an open one."""
    for _ in range(4):
        if lead.merged_into is None:
            return lead.is_open
        lead = lead.merged_into
    return False
