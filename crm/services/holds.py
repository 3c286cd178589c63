"""Holds: tasks that block an offer of a bed, never a call."""

from datetime import datetime

from django.db import transaction

from crm.consent import GIVES_NO_AGREEMENT
from crm.enums import EventKind, Role
from crm.models import Lead, LeadEvent, User
from crm.refusals import HoldNotSet, NeedsClinician, ReasonTooShort
from crm.selectors.leads import has_role_at
from crm.services.locking import locked_open
from crm.services.pulse import touch_queues

LEAST_REASON = 10  # characters
CLINICIANS = (Role.CLINICIAN, Role.CLINICAL_LEAD)


@transaction.atomic
def clear_hold(*, lead: Lead, by: User, hold: str, reason: str, at: datetime) -> Lead:
    """Take one hold off a lead, with the reason on the timeline.

    Clearing H-CONSENT says that the person discussed has agreed to be contacted; by which ways is asked anew.
    Raises NeedsClinician, HoldNotSet, ReasonTooShort.
    """
    lead = locked_open(lead)
    _check(lead, by, hold, reason)
    lead.holds = [other for other in lead.holds if other != hold]
    lead.save(update_fields=["holds"])
    if hold == GIVES_NO_AGREEMENT:
        lead.patient.no_contact = False
        lead.patient.save(update_fields=["no_contact"])
    LeadEvent.objects.create(
        lead=lead,
        kind=EventKind.NOTE_ADDED,
        by=by,
        occurred_at=at,
        data={"hold_cleared": hold},
        note=reason.strip(),
    )
    touch_queues()
    return lead


def _check(lead: Lead, by: User, hold: str, reason: str) -> None:
    if not has_role_at(by, lead, CLINICIANS):
        raise NeedsClinician
    if hold not in lead.holds:
        raise HoldNotSet
    if len(reason.strip()) < LEAST_REASON:
        raise ReasonTooShort(LEAST_REASON)
