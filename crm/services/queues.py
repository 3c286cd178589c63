"""Who works on a lead: taking it, giving it back, and the lease that returns it by itself."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from crm.enums import Band, EndOfLease, EventKind, Queue
from crm.leases import RETRY_AFTER, free, is_held, lease_end
from crm.models import Absence, ContactAttempt, Lead, LeadEvent, User
from crm.refusals import LeadAlreadyClaimed, NotYours
from crm.selectors.call_backs import call_is_due, waits_for_its_time
from crm.selectors.contactable import may_be_contacted
from crm.selectors.queues import ORDER, Tab, most_pressing_first, parts_of
from crm.services.acknowledging import answer_alert
from crm.services.bringing_back import bring_back
from crm.services.locking import locked, locked_open, one_act_at_a_time
from crm.services.pulse import touch_queues
from crm.services.unkept_answers import alert_anew
from jobs.services.enqueue import enqueue_job
from notifications.enums import Acknowledgement


@transaction.atomic
def take_next(*, by: User, queue: Queue, at: datetime) -> Lead | None:
    """Give the most pressing free lead of a queue to one person; None when nothing is waiting.

    Two people who ask at the same moment get two different leads: a row that a colleague is about to take
    is locked, and passed over. So is a lead that somebody tried to reach a few minutes ago, and one whose
    caller may not be contacted at this hour; only when there is nothing else is such a one given, if it is
    an emergency or late: then a person decides.
    """
    one_act_at_a_time(by)
    parts = [_worth_a_call(part, at) for part in parts_of(Tab[queue.name], by, at)]
    if queue == Queue.REVIEW:
        return _take_first(parts, by, at)
    safe = may_be_contacted(by, at)
    first = _take_first([part.filter(safe) for part in parts], by, at)
    return first or _take_first([part.filter(_cannot_wait(at)) for part in parts], by, at)


@transaction.atomic
def claim_lead(*, lead: Lead, by: User, at: datetime) -> Lead:
    """Give this lead to one person, or renew their lease on it.

    Raises LeadAlreadyClaimed when a colleague has it, LeadIsOver when it is closed or admitted.
    """
    one_act_at_a_time(by)
    lead = locked_open(lead)
    if is_held(lead, at):
        if lead.owner_id != by.pk:
            raise LeadAlreadyClaimed(str(lead.owner))
        renew_lease(lead=lead, by=by, at=at)
        return lead
    give_lead(lead, by, at)
    return lead


@transaction.atomic
def release_lead(*, lead: Lead, by: User, at: datetime, may_release_others: bool = False) -> Lead:
    """Put a lead back into its queue. Raises NotYours unless it is one's own, or a manager does it."""
    lead = locked(lead)
    if lead.owner_id is None or (lead.owner_id != by.pk and not may_release_others):
        raise NotYours
    data = {} if lead.owner_id == by.pk else {"owner": str(lead.owner_id)}
    take_away(lead)
    LeadEvent.objects.create(lead=lead, kind=EventKind.RELEASED, by=by, occurred_at=at, data=data)
    alert_anew(lead=lead, at=at)
    return lead


@transaction.atomic
def return_lapsed_lease(*, lead_id: UUID, at: datetime) -> datetime | None:
    """Return a lead whose lease has run out to its queue; return the end of the lease if it goes on."""
    lead = locked(Lead(pk=lead_id))
    if lead.owner_id is None or lead.lease_until is None:
        return None
    if lead.lease_until > at:
        return lead.lease_until
    note_end_of_lease(lead, EndOfLease.RAN_OUT, at)
    take_away(lead)
    alert_anew(lead=lead, at=at)
    return None


def renew_lease(*, lead: Lead, by: User, at: datetime) -> None:
    """Start the lease anew when its holder has tried to reach somebody. The lead must be locked."""
    if lead.owner_id == by.pk:
        lead.lease_until = lease_end(lead, at)
        lead.save(update_fields=["lease_until"])


def shorten_lease(lead: Lead, at: datetime) -> None:
    """Let a lease end no later than the lead's level asks for, now that the level has changed.

    The lead is locked, and saved by the caller.
    """
    if lead.lease_until and lead.lease_until > lease_end(lead, at):
        lead.lease_until = lease_end(lead, at)
        _return_at(lead.lease_until, lead)


def free_of_owner(lead: Lead) -> None:
    """Set a locked lead's owner to nobody, without saving it."""
    lead.owner = lead.claimed_at = lead.lease_until = None


def _take_first(parts: list[QuerySet[Lead]], by: User, at: datetime) -> Lead | None:
    for part in most_pressing_first(parts):
        lead = part.order_by(*ORDER).select_for_update(skip_locked=True, of=("self",)).first()
        if lead:
            give_lead(lead, by, at)
            return lead
    return None


def _cannot_wait(at: datetime) -> Q:
    late = Q(queue__in=[Queue.URGENT, Queue.UNROUTED], due_at__lte=at) & ~Q(band=Band.FOLLOW_UP)
    return Q(band__in=[Band.TOP, Band.EMERGENCY]) | late


def _worth_a_call(leads: QuerySet[Lead], at: datetime) -> QuerySet[Lead]:
    """Leave out what was tried minutes ago, what is to be called later, and follow-ups not due yet."""
    just_tried = ContactAttempt.objects.filter(lead=OuterRef("pk"), attempted_at__gt=at - RETRY_AFTER)
    not_due = {"band": Band.FOLLOW_UP, "due_at__gt": at}
    worth = leads.filter(free(at)).exclude(**not_due).exclude(Exists(just_tried) & ~call_is_due(at))
    return worth.exclude(waits_for_its_time(at))


def give_lead(lead: Lead, by: User, at: datetime) -> None:
    """Make a locked lead, which nobody holds any more, this person's. Whoever takes a lead is not away."""
    if lead.owner_id:
        note_end_of_lease(lead, EndOfLease.RAN_OUT, at)
    Absence.objects.filter(user=by, back_at=None).update(back_at=at, marked_back_by=by)
    bring_back(lead, at, by=by)
    lead.owner, lead.claimed_at, lead.lease_until = by, at, lease_end(lead, at)
    lead.save(update_fields=["owner", "claimed_at", "lease_until"])
    LeadEvent.objects.create(lead=lead, kind=EventKind.CLAIMED, by=by, occurred_at=at)
    answer_alert(lead=lead, by=by, how=Acknowledgement.CLAIM, at=at)
    _return_at(lead.lease_until, lead)
    touch_queues()


def take_away(lead: Lead) -> None:
    """Put a locked lead back into its queue."""
    free_of_owner(lead)
    lead.save(update_fields=["owner", "claimed_at", "lease_until"])
    touch_queues()


def note_end_of_lease(lead: Lead, why: EndOfLease, at: datetime, *, by: User | None = None) -> None:
    """Write down that a lease has ended: one that ran out ended then, whenever that was noticed."""
    LeadEvent.objects.create(
        lead=lead,
        kind=EventKind.LEASE_ENDED,
        by=by,
        occurred_at=min(lead.lease_until or at, at),
        data={"owner": str(lead.owner_id), "why": why},
    )


def _return_at(lease_until: datetime, lead: Lead) -> None:
    """Arrange that the lead goes back when its lease ends; the job waits on if that is renewed until then."""
    enqueue_job(
        kind="crm.tasks.return_lease",
        subject=lead.pk,
        due_at=lease_until,
        dedupe_key=f"lease:{lead.pk}:{lease_until.isoformat()}",
    )
