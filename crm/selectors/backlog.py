"""Whether the desk keeps its promises at the moment, for those who are about to be given one."""

from datetime import datetime

from django.db import connection

from crm.enums import Queue
from crm.models import Site
from crm.ordering import furthest_shift

# Every enquiry asks this: in plain SQL it costs a fifth of what the ORM needs to put it together. It reads a
# few rows of the index lead_queue_order: weights move no lead by more than `furthest_shift`.
LATE = """
    SELECT EXISTS (
        SELECT 1 FROM crm_lead
        WHERE queue = %(queue)s AND band IN (0, 1, 2, 3, 4) AND priority_at < %(near)s
          AND due_at < %(at)s AND site_id = %(site)s AND closed_at IS NULL AND stage <> 'ADMITTED'
    )
"""


def is_behind(site: Site, queue: Queue, at: datetime) -> bool:
    """Return whether somebody in this queue of the site has waited for longer than they were promised."""
    with connection.cursor() as cursor:
        near = at + furthest_shift(queue)
        cursor.execute(LATE, {"queue": queue, "at": at, "near": near, "site": site.pk})
        return bool(cursor.fetchone()[0])
