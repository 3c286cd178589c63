"""Two people merge the same two leads in opposite directions, in the same moment, on two connections."""

from collections.abc import Callable

import pytest

from crm.models import Lead, LeadMerge, Site, User
from crm.refusals import LeadIsOver, NotMerged
from crm.services.merging import merge_leads, unmerge_leads
from jobs.clock import database_now
from tests.at_once import let_through
from tests.factories import LeadFactory

pytestmark = pytest.mark.django_db(transaction=True)
TURNS = 12
REFUSED = (LeadIsOver, NotMerged)


def merging(duplicate: Lead, survivor: Lead, by: User) -> Callable[[], object]:
    return lambda: merge_leads(duplicate=duplicate, survivor=survivor, by=by, at=database_now())


def test_opposite_merges_close_one_lead_and_never_both(site: Site, coordinator: User, manager: User) -> None:
    for _ in range(TURNS):
        one, other = LeadFactory(site=site), LeadFactory(site=site)
        done = let_through(merging(one, other, coordinator), merging(other, one, manager), refused=REFUSED)
        assert sorted(done) == [False, True]
        assert sum(lead.is_open for lead in Lead.objects.filter(pk__in=[one.pk, other.pk])) == 1
    assert LeadMerge.objects.count() == TURNS


def test_a_circle_of_three_leaves_one_open(site: Site, coordinator: User) -> None:
    for _ in range(TURNS):
        a, b, c = (LeadFactory(site=site) for _ in range(3))
        let_through(
            merging(a, b, coordinator),
            merging(b, c, coordinator),
            merging(c, a, coordinator),
            refused=REFUSED,
        )
        left = Lead.objects.filter(pk__in=[a.pk, b.pk, c.pk])
        assert sum(lead.is_open for lead in left) >= 1
        assert all(ends_open(lead) for lead in left)


def test_a_merge_is_undone_once(site: Site, coordinator: User) -> None:
    duplicate, survivor = LeadFactory(site=site), LeadFactory(site=site, enquiry_count=3)
    merging(duplicate, survivor, coordinator)()
    part: Callable[[], object] = lambda: unmerge_leads(  # noqa: E731
        duplicate=duplicate, by=coordinator, at=database_now()
    )
    assert sorted(let_through(part, part, refused=REFUSED)) == [False, True]
    survivor.refresh_from_db()
    assert survivor.enquiry_count == 3


def ends_open(lead: Lead) -> bool:
    """Return whether the way from a lead to what it went into ends at an open one."""
    for _ in range(4):
        if lead.merged_into is None:
            return lead.is_open
        lead = lead.merged_into
    return False
