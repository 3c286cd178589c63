"""Enquiries whose second transaction failed: found by a sweep, linked as if nothing had happened.

Whatever keeps failing is on no queue, so staff are told of it.
"""

from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from crm.services.alerts import alert_recipients
from intake.models import Enquiry
from intake.selectors import STRANDED_AFTER
from intake.services.linking import Heard, link_enquiry
from notifications.catalogue import MessageKind
from notifications.services.outbox import queue_message

log = structlog.get_logger(__name__)

REPAIRED_AFTER = timedelta(seconds=5)  # the request itself needs milliseconds
BATCH = 200


def link_stranded_enquiries(*, at: datetime) -> int:
    """Link what was left without a lead; return how many were. One that fails again holds up nobody.

    In no order: 200 that can never be linked must not keep the next ones from their turn.
    """
    stranded = _stranded_for(REPAIRED_AFTER, at).order_by("?").values_list("pk", "reference")[:BATCH]
    return sum(_linked(pk, reference, at) for pk, reference in stranded)


@transaction.atomic
def alert_of_stranded_enquiries(*, at: datetime) -> int:
    """Tell the staff of its site, once, of every enquiry that is still without a lead; return how many."""
    stranded = _stranded_for(STRANDED_AFTER, at).select_related("site").order_by("received_at")[:BATCH]
    for enquiry in stranded:
        _alert(enquiry, at)
    return len(stranded)


def _stranded_for(wait: timedelta, at: datetime) -> QuerySet[Enquiry]:
    return Enquiry.objects.filter(lead=None, received_at__lt=at - wait)


def _alert(enquiry: Enquiry, at: datetime) -> None:
    link = settings.BASE_URL + reverse("intake:stranded")
    for user in alert_recipients(enquiry.site):
        queue_message(
            kind=MessageKind.ENQUIRY_STRANDED,
            to=user.email,
            context={"reference": enquiry.reference, "link": link},
            dedupe_key=f"stranded:{enquiry.pk}:{user.pk}",
            about=enquiry.pk,
            at=at,
        )


def _linked(enquiry_id: UUID, reference: str, at: datetime) -> bool:
    try:
        enquiry = Enquiry.objects.select_related("site").get(pk=enquiry_id)
        link_enquiry(heard=Heard.again(enquiry), at=at, was_answered=True)
    except Exception as error:  # noqa: BLE001  whatever is wrong with this one, the next must have its turn
        log.error("enquiry_still_not_linked", reference=reference, error=type(error).__name__)
        return False
    return True
