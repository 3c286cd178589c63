"""Who works on a lead: taking it, giving it back, and the lease that returns it by itself."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from crm.enums import EventKind, Queue
from crm.leases import RETRY_AFTER, free, lease_end
from crm.models import ContactAttempt, Lead, LeadEvent, User
from crm.refusals import LeadAlreadyClaimed, NotYours
from crm.selectors.queues import ORDER, Tab, most_pressing_first, parts_of
from crm.services.locking import locked, locked_open
from crm.services.pulse import touch_queues
from jobs.services.enqueue import enqueue_job


@transaction.atomic
def take_next(*, by: User, queue: Queue, at: datetime) -> Lead | None:
    """Give the most pressing free lead of a queue to one person; None when nothing is waiting.

    Two people who ask at the same moment get two different leads: a row that a colleague is about to take
    is locked, and passed over. So is a lead that somebody tried to reach a few minutes ago.
    """
    parts = [_worth_a_call(part, at) for part in parts_of(Tab[queue.name], by, at)]
    for part in most_pressing_first(parts):
        lead = part.order_by(*ORDER).select_for_update(skip_locked=True, of=("self",)).first()
        if lead:
            _give(lead, by, at)
            return lead
    return None


@transaction.atomic
def claim_lead(*, lead: Lead, by: User, at: datetime) -> Lead:
    """Give this lead to one person, or renew their lease on it.

    Raises LeadAlreadyClaimed when a colleague has it, LeadIsOver when it is closed or admitted.
    """
    lead = locked_open(lead)
    if lead.owner_id and lead.lease_until and lead.lease_until > at:
        if lead.owner_id != by.pk:
            raise LeadAlreadyClaimed(str(lead.owner))
        renew_lease(lead=lead, by=by, at=at)
        return lead
    _give(lead, by, at)
    return lead


@transaction.atomic
def release_lead(*, lead: Lead, by: User, at: datetime, may_release_others: bool = False) -> Lead:
    """Put a lead back into its queue. Raises NotYours unless it is one's own, or a manager does it."""
    lead = locked(lead)
    if lead.owner_id is None or (lead.owner_id != by.pk and not may_release_others):
        raise NotYours
    _take_away(lead)
    LeadEvent.objects.create(lead=lead, kind=EventKind.RELEASED, by=by, occurred_at=at)
    return lead


@transaction.atomic
def return_lapsed_lease(*, lead_id: UUID, at: datetime) -> datetime | None:
    """Return a lead whose lease has run out to its queue; return the end of the lease if it goes on."""
    lead = locked(Lead(pk=lead_id))
    if lead.owner_id is None or lead.lease_until is None:
        return None
    if lead.lease_until > at:
        return lead.lease_until
    _note_end_of_lease(lead, at)
    _take_away(lead)
    return None


def renew_lease(*, lead: Lead, by: User, at: datetime) -> None:
    """Start the lease anew when its holder shows a sign of work. The lead must be locked."""
    if lead.owner_id == by.pk:
        lead.lease_until = lease_end(lead.queue, at)
        lead.save(update_fields=["lease_until"])


def free_of_owner(lead: Lead) -> None:
    """Set a locked lead's owner to nobody, without saving it."""
    lead.owner = lead.claimed_at = lead.lease_until = None


def _worth_a_call(leads: QuerySet[Lead], at: datetime) -> QuerySet[Lead]:
    """Leave out what was tried minutes ago, and follow-ups that are not due yet."""
    just_tried = ContactAttempt.objects.filter(lead=OuterRef("pk"), attempted_at__gt=at - RETRY_AFTER)
    not_due = {"first_contact_at__isnull": False, "due_at__gt": at}
    return leads.filter(free(at)).exclude(**not_due).exclude(Exists(just_tried))


def _give(lead: Lead, by: User, at: datetime) -> None:
    if lead.owner_id:
        _note_end_of_lease(lead, at)
    lead.owner, lead.claimed_at, lead.lease_until = by, at, lease_end(lead.queue, at)
    lead.save(update_fields=["owner", "claimed_at", "lease_until"])
    LeadEvent.objects.create(lead=lead, kind=EventKind.CLAIMED, by=by, occurred_at=at)
    enqueue_job(
        kind="crm.tasks.return_lease",
        subject=lead.pk,
        due_at=lead.lease_until,
        dedupe_key=f"lease:{lead.pk}:{at.isoformat()}",
    )
    touch_queues()


def _take_away(lead: Lead) -> None:
    free_of_owner(lead)
    lead.save(update_fields=["owner", "claimed_at", "lease_until"])
    touch_queues()


def _note_end_of_lease(lead: Lead, at: datetime) -> None:
    """The lease ended when it ran out, whenever that was noticed."""
    LeadEvent.objects.create(
        lead=lead,
        kind=EventKind.LEASE_ENDED,
        occurred_at=min(lead.lease_until or at, at),
        data={"owner": str(lead.owner_id)},
    )
