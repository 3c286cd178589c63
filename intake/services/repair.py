"""Enquiries whose second transaction failed: found by a sweep, linked as if nothing had happened."""

from datetime import datetime, timedelta
from uuid import UUID

import structlog

from intake.models import Enquiry
from intake.services.linking import Heard, link_enquiry

log = structlog.get_logger(__name__)

STRANDED_AFTER = timedelta(seconds=5)  # the request itself needs milliseconds
BATCH = 200


def link_stranded_enquiries(*, at: datetime) -> int:
    """Link what was left without a lead, oldest first; one that fails again never holds up the others."""
    stranded = Enquiry.objects.filter(lead=None, received_at__lt=at - STRANDED_AFTER).order_by("received_at")
    return sum(
        _linked(pk, reference, at) for pk, reference in stranded.values_list("pk", "reference")[:BATCH]
    )


def _linked(enquiry_id: UUID, reference: str, at: datetime) -> bool:
    try:
        enquiry = Enquiry.objects.select_related("site").get(pk=enquiry_id)
        link_enquiry(heard=Heard.again(enquiry), at=at, was_answered=True)
    except Exception as error:  # noqa: BLE001  whatever is wrong with this one, the next must have its turn
        log.error("enquiry_still_not_linked", reference=reference, error=type(error).__name__)
        return False
    return True
