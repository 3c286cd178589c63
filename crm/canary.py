"""The site of the canary: a made-up enquiry that goes the whole way every few minutes, watched (ADR 14).

It has nobody: the database refuses a membership there. So no queue, page or report of the desk, all of which
ask for somebody's sites, can show what is there. What counts over all sites leaves this one out by its id.
"""

from uuid import UUID

CANARY_SITE = UUID("00000000-0000-7000-8000-00000000ca9a")
CANARY_PERSON = UUID("00000000-0000-7000-8000-00000000ca9b")  # who its alerts are for: no row, nobody
