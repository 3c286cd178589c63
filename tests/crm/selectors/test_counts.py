"""Counts stop where the screen does."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from crm.enums import Level
from crm.models import Site, User
from crm.selectors import counts
from crm.selectors.counts import desk_counts
from crm.selectors.policies import Policy
from crm.selectors.queues import Tab
from jobs.clock import database_now
from notifications.enums import MessageKind
from notifications.services.outbox import queue_message
from tests.factories import LeadFactory, MembershipFactory


def test_everything_is_counted_in_one_query(
    site: Site, coordinator: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    at = database_now()
    LeadFactory(site=site, level=Level.U1, received_at=at - timedelta(hours=1))
    LeadFactory(site=site, level=Level.U1, received_at=at - timedelta(hours=1), contacted=True)
    LeadFactory(site=site, unrouted=True, received_at=at - timedelta(minutes=2))
    LeadFactory(site=site, unrouted=True, received_at=at)
    LeadFactory(site=site, level=Level.P1, taken=True, owner=coordinator)
    LeadFactory(site=site, review=True)
    LeadFactory(level=Level.U1)
    with django_assert_num_queries(1):
        found = desk_counts(user=coordinator, at=at)
    assert found.tabs == {
        Tab.URGENT: 3,
        Tab.PREBOOKED: 1,
        Tab.UNROUTED: 2,
        Tab.REVIEW: 1,
        Tab.MINE: 1,
        Tab.ASIDE: 0,
    }
    assert (found.overdue, found.unplaced, found.arrived) == (1, 1, 0)


def test_a_count_stops_at_its_cap(site: Site, coordinator: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counts, "CAP", 3)
    for _ in range(5):
        LeadFactory(site=site)
    assert desk_counts(user=coordinator, at=database_now()).tabs[Tab.URGENT] == 3


def test_what_has_arrived_since_is_counted(site: Site, coordinator: User) -> None:
    at = database_now()
    seen = at - timedelta(seconds=10)
    LeadFactory(site=site, received_at=at - timedelta(minutes=1))
    LeadFactory(site=site, received_at=at - timedelta(seconds=5))
    LeadFactory(site=site, unrouted=True, received_at=at - timedelta(seconds=65))
    LeadFactory(site=site, unrouted=True, received_at=at - timedelta(seconds=75))
    assert desk_counts(user=coordinator, at=at, seen=seen).arrived == 2


@pytest.mark.parametrize(("seconds", "stuck"), [(44, 0), (46, 1)])
def test_an_alert_that_is_not_out_is_on_every_screen_within_a_minute(
    site: Site, coordinator: User, seconds: int, stuck: int
) -> None:
    """An open page asks every 15 seconds."""
    at = database_now()
    queue_message(
        kind=MessageKind.ENQUIRY_STRANDED,
        to=coordinator.email,
        context={"reference": "7KX3-9QF2", "link": "/desk/"},
        dedupe_key="stuck",
        about=None,
        at=at - timedelta(seconds=seconds),
    )
    assert desk_counts(user=coordinator, at=at).stuck_alerts == stuck


def test_everybody_gets_the_counts_of_their_own_sites(site: Site, coordinator: User, outsider: User) -> None:
    LeadFactory(site=site)
    assert desk_counts(user=coordinator, at=database_now()).tabs[Tab.URGENT] == 1
    assert desk_counts(user=outsider, at=database_now()).tabs[Tab.URGENT] == 0
    MembershipFactory(user=outsider, site=site)
    assert desk_counts(user=outsider, at=database_now()).tabs[Tab.URGENT] == 1


def test_time_passes_between_two_counts(site: Site, coordinator: User) -> None:
    at = database_now()
    LeadFactory(site=site, level=Level.U1, received_at=at)
    soon, late = at + timedelta(minutes=25), at + timedelta(minutes=31)
    found = [desk_counts(user=coordinator, at=when) for when in (at, soon, late)]
    assert [(each.warned, each.overdue) for each in found] == [(0, 0), (1, 0), (0, 1)]


def test_a_site_warns_by_its_own_policy(site: Site, coordinator: User) -> None:
    at = database_now()
    LeadFactory(site=site, level=Level.U1, received_at=at - timedelta(minutes=10))
    assert desk_counts(user=coordinator, at=at).warned == 0
    early = {site.pk: Policy(warn_at={"U1": 20})}
    assert desk_counts(user=coordinator, at=at, policies=early).warned == 1
