"""The one SQL view of the enquiries that every report and every list behind a figure reads.

Raw SQL, because one pass over leads and events with FILTER, GROUPING SETS and percentiles has no ORM form.
What a lead is (site, level, source) and how far it got come from its row: the database keeps the furthest
step there from LeadEvent, so that a funnel of 100,000 leads need not read their 300,000 steps (70 ms in place
of 190). Waits and closings are read from LeadEvent itself, alerts from the escalations about these leads.
"""

from collections.abc import Callable
from typing import TypeVar

from django.db import connection

from crm.enums import Disposition
from crm.reports.window import SqlValue, Window
from notifications.catalogue import ALERTS

DROPPED = (Disposition.DUPLICATE, Disposition.NOT_AN_ENQUIRY)

# `answered` is `enquiry` with its first contact. A lead can have several alerts, an alert several messages,
# a message several tries. Whose shift it was is asked as the index of one_shift_at_a_time can answer it:
# 10,000 alerts and 5,000 shifts took 1.5 s otherwise, and take 0.3. PostgreSQL runs only what a report names.
_LEADS = """
WITH enquiry AS NOT MATERIALIZED (
    SELECT lead.id, lead.reference, lead.received_at,
        lead.received_at AT TIME ZONE site.time_zone AS local_time,
        lead.level, lead.stage, lead.disposition, lead.respond_by, lead.source, lead.campaign, lead.landing,
        lead.main_substance,
        lead.furthest_step,
        lead.site_id, site.time_zone,
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
), alert AS (
    SELECT enquiry.id AS lead_id, told.level AS told_level,
        extract(hour FROM told.started_at AT TIME ZONE enquiry.time_zone)::int AS alert_hour,
        extract(epoch FROM told.acknowledged_at - told.started_at)::float / 60 AS minutes,
        CASE WHEN told.round > 0 THEN 'REPEATED' WHEN told.step = 0 THEN 'FIRST'
             WHEN told.step = 1 THEN 'SECOND' ELSE 'LATER' END AS steps,
        told.how, CASE WHEN told.ended_at IS NULL THEN 'RUNNING' ELSE told.ended_why END AS ending,
        coalesce(member.role, '') AS role,
        CASE WHEN told.how = '' THEN '' WHEN shift.id IS NULL THEN 'OFF'
             WHEN shift.on_call IS NULL THEN 'DESK' ELSE 'ON_CALL' END AS duty,
        told.how <> '' AND split_part(again.dedupe_key, ':', 2) IN ('unkept', 'returned') AND NOT EXISTS (
            SELECT FROM crm_contactattempt AS attempt WHERE attempt.lead_id = enquiry.id
                AND attempt.attempted_at BETWEEN told.acknowledged_at AND again.started_at) AS lapsed
    FROM enquiry JOIN notifications_escalation AS told ON told.about = enquiry.id
    LEFT JOIN crm_membership AS member
        ON member.user_id = told.acknowledged_by AND member.site_id = enquiry.site_id
    LEFT JOIN crm_shift AS shift ON shift.user_id = told.acknowledged_by
        AND tstzrange(shift.starts_at, shift.ends_at, '[)') @> told.acknowledged_at
    LEFT JOIN LATERAL (SELECT next.dedupe_key, next.started_at FROM notifications_escalation AS next
        WHERE next.about = told.about AND next.started_at > told.acknowledged_at
        ORDER BY next.started_at LIMIT 1) AS again ON told.how <> ''
), alert_message AS (
    SELECT enquiry.id AS lead_id, message.id AS message_id, message.channel,
        array_remove(ARRAY[message.state,
            CASE WHEN message.delivered_at IS NOT NULL THEN 'ARRIVED' END,
            CASE WHEN message.read_at IS NOT NULL THEN 'READ' END,
            CASE WHEN message.possible_duplicate THEN 'TWICE' END], NULL) AS fates
    FROM enquiry JOIN notifications_message AS message
        ON message.about = enquiry.id AND message.kind = ANY(%(alerts)s)
), alert_try AS (
    SELECT alert_message.*, try.outcome, coalesce(nullif(try.reason, ''), try.outcome) AS reason
    FROM alert_message JOIN notifications_delivery AS try ON try.message_id = alert_message.message_id
    WHERE try.outcome NOT IN ('', 'ACCEPTED', 'DELIVERED', 'READ')
)
"""

T = TypeVar("T")


def read(shape: Callable[..., T], window: Window, sql: str, **parameters: SqlValue) -> list[T]:
    """Run a SELECT over the views above; make a `shape` of each row."""
    values = window.parameters() | {"dropped": list(DROPPED), "alerts": list(ALERTS)} | parameters
    with connection.cursor() as cursor:
        cursor.execute(f"{_LEADS}{window.where}{_VIEWS}{sql}", values)
        return [shape(*row) for row in cursor.fetchall()]
