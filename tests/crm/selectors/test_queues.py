"""The order of the queues, their pages, and the database that follows an index for both."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.enums import Level
from crm.models import Lead, Site, User
from crm.selectors.queues import Cursor, Tab, is_unplaced_too_long, page_ids, parts_of
from jobs.clock import database_now
from tests.factories import LeadFactory, MembershipFactory, SiteFactory

MINUTE = timedelta(minutes=1)
STANDS: dict[Tab, dict[str, object]] = {
    Tab.URGENT: {"level": Level.U2},
    Tab.PREBOOKED: {"level": Level.P2},
    Tab.UNROUTED: {"unrouted": True},
    Tab.REVIEW: {"review": True},
}


def walk(tab: Tab, user: User, at: datetime, size: int) -> list[UUID]:
    """Return the ids of all pages, one after the other."""
    seen: list[UUID] = []
    after = None
    while page := page_ids(tab, user, at, after=after, size=size):
        seen += page
        after = Cursor.of(Lead.objects.get(pk=page[-1]))
    return seen


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    leads=st.lists(
        st.tuples(st.sampled_from([Level.E1, Level.E2, Level.U3, None]), st.integers(0, 3)), max_size=9
    ),
    size=st.integers(1, 4),
)
def test_pages_of_any_size_show_every_lead_once_and_in_order(
    db: None, leads: list[tuple[Level | None, int]], size: int
) -> None:
    site, at = SiteFactory(), database_now()
    user = MembershipFactory(site=site).user
    for level, minutes in leads:
        state = {"level": level} if level else {"unrouted": True}
        LeadFactory(site=site, received_at=at - (2 + minutes) * MINUTE, **state)
    expected = Lead.objects.filter(site=site).order_by("band", "priority_at", "id")
    assert walk(Tab.URGENT, user, at, size) == [lead.pk for lead in expected]


def test_p1_tops_the_prebooked_queue(site: Site, coordinator: User) -> None:
    at = database_now()
    older = LeadFactory(site=site, level=Level.P2, received_at=at - timedelta(days=4))
    first = LeadFactory(site=site, level=Level.P1)
    assert page_ids(Tab.PREBOOKED, coordinator, at, after=None, size=9) == [first.pk, older.pk]


@pytest.mark.parametrize(("seconds", "late"), [(59, False), (61, True)])
def test_a_lead_is_unplaced_too_long_after_a_minute(site: Site, seconds: int, late: bool) -> None:
    at = database_now()
    lead = LeadFactory(site=site, unrouted=True, received_at=at - timedelta(seconds=seconds))
    assert is_unplaced_too_long(lead, at) is late
    assert not is_unplaced_too_long(LeadFactory(site=site, received_at=at - timedelta(days=1)), at)


@pytest.mark.parametrize(
    "text",
    [
        "MXwwMDAxLTAxLTAxVDAwOjAwOjAwKzE0OjAwfDAxOTNhYmNkLTAwMDAtNzAwMC04MDAwLTAwMDAwMDAwMDAwMA==",
        "",
        "?",
        "MQ==",
        "MXwyMDI2LTAxLTAxVDAwOjAwOjAwfDAx",
        "8J+Zgg==",
        "MXx8fHx8",
        "a" * 500,
    ],
)
def test_a_broken_cursor_is_the_first_page(text: str) -> None:
    assert Cursor.parse(text) is None


def test_a_cursor_survives_its_link(site: Site) -> None:
    cursor = Cursor.of(LeadFactory(site=site))
    assert Cursor.parse(str(cursor)) == cursor


@pytest.mark.parametrize("tab", [Tab.URGENT, Tab.PREBOOKED, Tab.UNROUTED, Tab.REVIEW])
def test_a_queue_is_read_in_the_order_of_its_index(site: Site, coordinator: User, tab: Tab) -> None:
    """Without a sort: the price of a page does not grow with the queue."""
    whole = LeadFactory.build_batch(1000, site=site, caller=LeadFactory(site=site).caller, **STANDS[tab])
    Lead.objects.bulk_create(whole)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE crm_lead")
    for part in parts_of(tab, coordinator, database_now()):
        plan = part.order_by("band", "priority_at", "id")[:25].explain()
        assert "lead_queue_order" in plan
        assert "Sort" not in plan
