"""Writing down whether the person discussed lets the caller be told about them."""

from datetime import datetime

from django.db import transaction

from crm.consent import has_not_agreed
from crm.enums import EventKind
from crm.models import Lead, LeadEvent, User
from crm.refusals import NotAskedYet, ReasonTooShort
from crm.services.locking import locked

LEAST_REASON = 10  # characters


@transaction.atomic
def note_sharing(*, lead: Lead, by: User, may_share: bool, how: str, at: datetime) -> LeadEvent:
    """Write down what the person discussed said; the latest answer counts, and they can take it back.

    Raises NotAskedYet while they must not be contacted (H-CONSENT): then nobody can have asked them.
    ReasonTooShort without how they said it.
    """
    if len(how.strip()) < LEAST_REASON:
        raise ReasonTooShort(LEAST_REASON)
    lead = locked(lead)
    if has_not_agreed(lead, lead.patient):
        raise NotAskedYet
    data = {"may_share": may_share}
    return LeadEvent.objects.create(
        lead=lead, kind=EventKind.SHARING_ASKED, by=by, occurred_at=at, data=data, note=how.strip()
    )
