"""GET /api/v1/queues/…/leads."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.enums import Level, Stage
from crm.models import LeadAccess, Site
from jobs.clock import database_now
from tests.crm.api.conftest import Api
from tests.factories import LeadFactory, PersonFactory, SiteFactory

pytestmark = pytest.mark.django_db


def references(response: Any) -> list[str]:
    assert response.status_code == 200
    return [lead["reference"] for lead in response.json()["leads"]]


def test_each_queue_lists_its_own_open_leads(as_coordinator: Api, site: Site) -> None:
    urgent, prebooked = LeadFactory(site=site), LeadFactory(site=site, level=Level.P2)
    review = LeadFactory(site=site, review=True)
    unrouted = LeadFactory(site=site, unrouted=True, received_at=database_now())
    LeadFactory(site=site, closed=True)
    LeadFactory(site=site, stage=Stage.ADMITTED)
    listed = {
        name: references(as_coordinator(f"queues/{name}/leads"))
        for name in ("urgent", "prebooked", "review", "unrouted")
    }
    assert listed == {
        "urgent": [urgent.reference],
        "prebooked": [prebooked.reference],
        "review": [review.reference],
        "unrouted": [unrouted.reference],
    }


def test_a_lead_that_nothing_placed_within_a_minute_is_urgent_as_u1(as_coordinator: Api, site: Site) -> None:
    late = LeadFactory(site=site, unrouted=True, received_at=database_now() - timedelta(seconds=61))
    [row] = as_coordinator("queues/urgent/leads").json()["leads"]
    assert (row["reference"], row["level"], row["is_unplaced"]) == (late.reference, "U1", True)
    assert references(as_coordinator("queues/unrouted/leads")) == [late.reference]


def test_a_row_says_what_a_coordinator_needs_to_choose(as_coordinator: Api, site: Site) -> None:
    lead = LeadFactory(site=site, caller=PersonFactory(name="Ada Example"), holds=["H-CLIN"], taken=True)
    [row] = as_coordinator("queues/urgent/leads").json()["leads"]
    assert row["caller"] == "Ada Example"
    assert (row["queue"], row["level"], row["stage"]) == ("urgent", "U2", "new")
    assert row["reasons"] == [{"reason": "Drinking 30 or more units a day", "level": "U2"}]
    assert row["holds"] == ["H-CLIN"]
    assert (row["owner"], row["is_mine"]) == (lead.owner.full_name, False)
    assert row["promise"].startswith("call within")
    assert not row["is_overdue"]


def test_only_ones_own_sites_are_listed(as_coordinator: Api, as_outsider: Api, site: Site) -> None:
    lead = LeadFactory(site=site)
    LeadFactory(site=SiteFactory())
    assert references(as_coordinator("queues/urgent/leads")) == [lead.reference]
    assert references(as_outsider("queues/urgent/leads")) == []


def test_pages_follow_each_other_without_gaps_or_repeats(as_coordinator: Api, site: Site) -> None:
    now = database_now()
    leads = [LeadFactory(site=site, due_at=now + timedelta(minutes=minute)) for minute in range(7)]
    seen, cursor = [], ""
    while True:
        page = as_coordinator("queues/urgent/leads", limit=3, cursor=cursor)
        seen += references(page)
        cursor = page.json()["next_cursor"]
        if cursor is None:
            break
        LeadFactory(site=site, due_at=now - timedelta(minutes=1))  # jumps the queue, moves nobody's page
    assert seen == [lead.reference for lead in leads]


def test_an_exact_page_has_no_next(as_coordinator: Api, site: Site) -> None:
    LeadFactory.create_batch(3, site=site)
    assert as_coordinator("queues/urgent/leads", limit=3).json()["next_cursor"] is None


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 101}, {"limit": "many"}, {"cursor": "nonsense"}])
def test_a_limit_or_cursor_that_makes_no_sense_is_named(as_coordinator: Api, query: dict[str, Any]) -> None:
    response = as_coordinator("queues/urgent/leads", **query)
    assert response.status_code == 422
    assert list(response.json()["errors"]) == list(query)


def test_thirty_rows_cost_as_many_queries_as_one(as_coordinator: Api, site: Site) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            as_coordinator("queues/urgent/leads")
        return len(queries)

    as_coordinator("queues/urgent/leads")  # notes the token's use
    LeadFactory(site=site)
    one = count()
    LeadFactory.create_batch(29, site=site, taken=True)
    assert count() == one <= 6


def test_a_list_is_not_a_read_of_any_record(as_coordinator: Api, site: Site) -> None:
    LeadFactory(site=site)
    as_coordinator("queues/urgent/leads")
    assert not LeadAccess.objects.exists()
