"""A lead that somebody is on: keeping it, asking for it, handing it over, taking it over with a reason."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from crm.enums import EventKind
from crm.leases import is_held, lease_end
from crm.models import Lead, LeadEvent, User
from crm.refusals import (
    AskedAlready,
    NobodyHasIt,
    NothingAsked,
    NotYoursToKeep,
    ReasonTooShort,
    YouHaveIt,
)
from crm.selectors.asks import open_ask, open_asks
from crm.services.locking import locked_open, one_act_at_a_time
from crm.services.pulse import touch_queues
from crm.services.queues import free_of_owner, give_lead

LEAST_REASON = 10  # characters


@transaction.atomic
def keep_lead(*, lead: Lead, by: User, at: datetime) -> Lead:
    """Start the lease anew without an attempt, because its holder says that they are on it.

    Raises NotYoursToKeep when the lease has ended, LeadIsOver.
    """
    lead = _own(lead, by, at)
    lead.lease_until = lease_end(lead, at)
    lead.save(update_fields=["lease_until"])
    _note(lead, EventKind.LEASE_KEPT, by, at)
    touch_queues()
    return lead


@transaction.atomic
def ask_for_lead(*, lead: Lead, by: User, note: str, at: datetime) -> LeadEvent:
    """Ask the colleague who has a lead to hand it over; they see it on their screen.

    Raises NobodyHasIt, YouHaveIt, AskedAlready, LeadIsOver.
    """
    lead = _colleagues(lead, by, at)
    if open_asks([lead], at).filter(by=by).exists():
        raise AskedAlready
    return _note(lead, EventKind.ASKED_FOR, by, at, note=note, owner=str(lead.owner_id))


@transaction.atomic
def decline_ask(*, lead: Lead, by: User, asked: UUID, at: datetime) -> None:
    """Keep a lead that a colleague asked for. Raises NotYoursToKeep, NothingAsked, LeadIsOver."""
    lead = _own(lead, by, at)
    if open_ask(lead, asked, at) is None:
        raise NothingAsked
    _note(lead, EventKind.ASK_DECLINED, by, at, asked=str(asked))


@transaction.atomic
def hand_over(*, lead: Lead, by: User, asked: UUID, at: datetime) -> Lead:
    """Give one's lead to the colleague who asked for it. Raises NotYoursToKeep, NothingAsked, LeadIsOver."""
    ask = LeadEvent.objects.select_related("by").filter(pk=asked, kind=EventKind.ASKED_FOR).first()
    if ask is None or ask.by is None:
        raise NothingAsked
    one_act_at_a_time(ask.by)
    lead = _own(lead, by, at)
    if open_ask(lead, asked, at) is None:
        raise NothingAsked
    _note(lead, EventKind.HANDED_OVER, by, at, to=str(ask.by_id))
    free_of_owner(lead)
    give_lead(lead, ask.by, at)
    return lead


@transaction.atomic
def take_over(*, lead: Lead, by: User, reason: str, at: datetime) -> Lead:
    """Take a lead that a colleague has, for a reason that stays on the timeline and that they are shown.

    Raises NobodyHasIt, YouHaveIt, ReasonTooShort (under 10 characters), LeadIsOver.
    """
    one_act_at_a_time(by)
    lead = _colleagues(lead, by, at)
    if len(reason.strip()) < LEAST_REASON:
        raise ReasonTooShort(LEAST_REASON)
    _note(lead, EventKind.TAKEN_OVER, by, at, note=reason, owner=str(lead.owner_id))
    free_of_owner(lead)
    give_lead(lead, by, at)
    return lead


def _own(lead: Lead, by: User, at: datetime) -> Lead:
    lead = locked_open(lead)
    if lead.owner_id != by.pk or not is_held(lead, at):
        raise NotYoursToKeep
    return lead


def _colleagues(lead: Lead, by: User, at: datetime) -> Lead:
    lead = locked_open(lead)
    if not is_held(lead, at):
        raise NobodyHasIt
    if lead.owner_id == by.pk:
        raise YouHaveIt
    return lead


def _note(lead: Lead, kind: EventKind, by: User, at: datetime, *, note: str = "", **data: str) -> LeadEvent:
    return LeadEvent.objects.create(lead=lead, kind=kind, by=by, occurred_at=at, note=note.strip(), data=data)
