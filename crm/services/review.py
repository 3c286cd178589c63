"""A person's verdict on an enquiry that looked odd: take it on, or say that it is none."""

from datetime import datetime

from django.db import transaction

from crm.enums import Disposition, EventKind, Level, Queue, Stage
from crm.models import Lead, LeadEvent, Placement, User
from crm.ordering import timing_of
from crm.refusals import Refusal
from crm.services.acknowledging import end_alert
from crm.services.alerts import alert_staff
from crm.services.locking import locked
from crm.services.ordering import stand_anew
from crm.services.pulse import touch_queues
from crm.services.queues import free_of_owner
from crm.targets import ALERTING_LEVELS
from notifications.enums import EscalationEnd


class NotInReview(Refusal):
    def __init__(self) -> None:
        super().__init__("A colleague has decided about this one already.")


@transaction.atomic
def accept_from_review(*, lead: Lead, by: User, at: datetime) -> None:
    """Put the lead where the rules placed it; the promise still counts from when the enquiry came.

    Raises NotInReview when a colleague was quicker.
    """
    lead = _in_review(lead)
    placement = Placement.objects.filter(lead=lead).order_by("-decided_at").first()
    lead.review_reason = ""
    _place(lead, placement, at)
    lead.save()
    stand_anew(lead)
    LeadEvent.objects.create(lead=lead, kind=EventKind.REVIEW_ACCEPTED, by=by, occurred_at=at)
    if lead.level in ALERTING_LEVELS:
        alert_staff(lead=lead, key=f"review:{lead.pk}", at=at)
    touch_queues()


@transaction.atomic
def reject_in_review(*, lead: Lead, by: User, at: datetime) -> None:
    """Close the lead as no enquiry; it stays in the records, and can be opened again.

    Raises NotInReview when a colleague was quicker.
    """
    lead = _in_review(lead)
    lead.stage, lead.closed_at, lead.disposition = Stage.CLOSED, at, Disposition.NOT_AN_ENQUIRY
    free_of_owner(lead)
    lead.save()
    LeadEvent.objects.create(lead=lead, kind=EventKind.REVIEW_REJECTED, by=by, occurred_at=at)
    end_alert(lead=lead, why=EscalationEnd.OVER, at=at)
    touch_queues()


def _in_review(lead: Lead) -> Lead:
    lead = locked(lead)
    if lead.queue != Queue.REVIEW or not lead.is_open:
        raise NotInReview
    return lead


def _place(lead: Lead, placement: Placement | None, at: datetime) -> None:
    """Without a placement the lead is "not yet routed": its job is still to come and will place it."""
    lead.due_at = lead.respond_by
    if placement is None:
        lead.queue, lead.can_wait = Queue.UNROUTED, False  # it has waited for long enough
        return
    level = Level(placement.level)
    lead.timing = timing_of(placement.answers)
    lead.queue, lead.level, lead.band = level.queue, level, level.band
    lead.holds, lead.placed_at = sorted({*lead.holds, *placement.holds}), at
