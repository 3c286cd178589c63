"""The one SQL view of the enquiries that every report and every list behind a figure reads.

Raw SQL, because one pass over leads and events with FILTER, GROUPING SETS and percentiles has no ORM form.
What a lead is (site, level, source) and how far it got come from its row: the database keeps the furthest
step there from LeadEvent, so that a funnel of 100,000 leads need not read their 300,000 steps (70 ms in place
of 190). Waits and closings are read from LeadEvent itself.
"""

from collections.abc import Callable
from typing import TypeVar

from django.db import connection

from crm.enums import Disposition
from crm.reports.window import SqlValue, Window

DROPPED = (Disposition.DUPLICATE, Disposition.NOT_AN_ENQUIRY)

# `answered` is `enquiry` with its first contact. PostgreSQL runs only what a report names.
_LEADS = """
WITH enquiry AS NOT MATERIALIZED (
    SELECT lead.id, lead.reference, lead.received_at,
        lead.received_at AT TIME ZONE site.time_zone AS local_time,
        lead.level, lead.stage, lead.disposition, lead.respond_by, lead.source, lead.campaign, lead.landing,
        lead.main_substance,
        lead.furthest_step,
        CASE WHEN lead.disposition = ANY(%(dropped)s) THEN 'dropped'
             WHEN lead.queue = 'REVIEW' THEN 'review'
             WHEN lead.level IN ('E1', 'E2') THEN 'emergency'
             ELSE 'conversion' END AS standing
    FROM crm_lead lead JOIN crm_site site ON site.id = lead.site_id
    WHERE """
_VIEWS = """
), answered AS (
    SELECT enquiry.*, (data ->> 'minutes')::float AS minutes,
        CASE WHEN (data ->> 'within_target')::boolean THEN 'KEPT' WHEN data IS NOT NULL THEN 'LATE'
             WHEN respond_by < %(at)s THEN 'BROKEN' ELSE 'RUNNING' END AS promise
    FROM enquiry LEFT JOIN crm_leadevent AS first_contact
        ON first_contact.lead_id = enquiry.id AND first_contact.kind = 'FIRST_CONTACT'
), closing AS (
    SELECT DISTINCT ON (lead_id) lead_id, coalesce(data ->> 'from', 'NEW') AS closed_from
    FROM crm_leadevent WHERE kind IN ('CLOSED', 'REVIEW_REJECTED') AND occurred_at >= %(earliest)s
    ORDER BY lead_id, occurred_at DESC, id DESC
)
"""

T = TypeVar("T")


def read(shape: Callable[..., T], window: Window, sql: str, **parameters: SqlValue) -> list[T]:
    """Run a SELECT over enquiry, answered and closing; make a `shape` of each row."""
    values = window.parameters() | {"dropped": list(DROPPED)} | parameters
    with connection.cursor() as cursor:
        cursor.execute(f"{_LEADS}{window.where}{_VIEWS}{sql}", values)
        return [shape(*row) for row in cursor.fetchall()]
