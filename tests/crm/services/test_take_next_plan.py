"""What "take next" asks follows the order of the queue, however many leads stand in the way."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.enums import Queue
from crm.models import ContactAttempt, Lead, Site, User
from crm.services.queues import take_next
from jobs.clock import database_now
from tests.factories import ContactAttemptFactory, LeadFactory

OLD = 300  # attempts, of long ago


@pytest.fixture
def worked_on(site: Site, coordinator: User) -> Lead:
    """A lead that was tried often, at a site where nothing else is to be done."""
    lead = LeadFactory(site=site, taken=True, owner=coordinator)
    ContactAttemptFactory(lead=lead, by=coordinator)
    first, at = ContactAttempt.objects.get(), database_now()
    ContactAttempt.objects.bulk_create(
        ContactAttempt(
            lead=lead,
            person=first.person,
            by=coordinator,
            method=first.method,
            outcome=first.outcome,
            attempted_at=at - timedelta(days=1 + number),
        )
        for number in range(OLD)
    )
    return lead


def plans_of_taking(by: User, queue: Queue) -> list[str]:
    """Return how PostgreSQL looks for the lead, statement by statement, as on a table that is large."""
    with CaptureQueriesContext(connection) as asked:
        assert take_next(by=by, queue=queue, at=database_now()) is None
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE crm_contactattempt")
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
    found = [each["sql"] for each in asked if 'FROM "crm_lead"' in each["sql"]]
    return [explained(statement) for statement in found if re.match("SELECT", statement)]


def explained(statement: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {statement}")
        return "\n".join(line for (line,) in cursor.fetchall())


@pytest.mark.parametrize("queue", list(Queue))
def test_every_pass_walks_the_queue_in_its_order(worked_on: Lead, coordinator: User, queue: Queue) -> None:
    plans = plans_of_taking(coordinator, queue)
    assert len(plans) == {Queue.URGENT: 4, Queue.REVIEW: 1}.get(queue, 2)
    for plan in plans:
        assert "Index Scan using lead_queue_order" in plan
        assert "Sort" not in plan


def test_what_was_tried_long_ago_is_not_read(worked_on: Lead, coordinator: User) -> None:
    for plan in plans_of_taking(coordinator, Queue.URGENT):
        assert "attempt_by_time" in plan or "attempt_by_lead" not in plan
