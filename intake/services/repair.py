"""Enquiries whose second transaction failed: found by a sweep, linked as if nothing had happened."""

from datetime import datetime, timedelta

import structlog
from django.db import DatabaseError

from intake.models import Enquiry
from intake.services.linking import link_enquiry

log = structlog.get_logger(__name__)

STRANDED_AFTER = timedelta(seconds=5)  # the request itself needs milliseconds
BATCH = 200


def link_stranded_enquiries(*, at: datetime) -> int:
    """Link what was left without a lead, oldest first; one that fails again never holds up the others."""
    stranded = Enquiry.objects.filter(lead=None, received_at__lt=at - STRANDED_AFTER).order_by("received_at")
    return sum(_linked(enquiry, at) for enquiry in stranded[:BATCH])


def _linked(enquiry: Enquiry, at: datetime) -> bool:
    try:
        link_enquiry(enquiry_id=enquiry.pk, at=at)
    except DatabaseError as error:
        log.error("enquiry_still_not_linked", reference=enquiry.reference, error=type(error).__name__)
        return False
    return True
