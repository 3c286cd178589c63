"""Taking a move back: a card slips, a button is pressed too soon."""

from datetime import datetime

from django.db import transaction

from crm.enums import EventKind
from crm.models import Lead, LeadEvent, User
from crm.refusals import NothingToTakeBack
from crm.selectors.leads import move_to_take_back
from crm.services.as_it_was import put_back
from crm.services.locking import locked
from crm.services.pulse import touch_queues


@transaction.atomic
def take_move_back(*, lead: Lead, by: User, at: datetime) -> Lead:
    """Put a lead back at the stage that its latest move took it from; after an admission, as it was then.

    The history keeps the move, and so do the reports. Raises NothingToTakeBack.
    """
    lead = locked(lead)
    move = move_to_take_back(lead)
    if move is None:
        raise NothingToTakeBack
    data = {"stage_taken_back": lead.stage, "to": move.data["from"]}
    lead.stage = move.data["from"]
    lead.save(update_fields=["stage"])
    if "before" in move.data:
        put_back(lead, move.data["before"], by=by, at=at)
    LeadEvent.objects.create(lead=lead, kind=EventKind.NOTE_ADDED, by=by, occurred_at=at, data=data)
    touch_queues()
    return lead
