"""Making one lead of two that are one episode, and parting them again.

The duplicate is closed and points at the survivor; its references, enquiries, attempts and history stay its
own, so that everything can be undone and every enquiry is still on the lead that knows its reference.
Whatever reaches the duplicate from then on reaches the survivor (crm.services.locking.locked).
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from crm.enums import Disposition, EventKind, Queue
from crm.models import Lead, LeadEvent, LeadMerge, NotDuplicate, User
from crm.refusals import CannotMerge, LeadInReview, LeadIsOver, NotMerged
from crm.services.as_it_was import put_back, remember
from crm.services.call_backs import drop_calls_to, hand_on_call_back, take_call_back_home
from crm.services.locking import locked_itself
from crm.services.merged_people import (
    bring_up_to_date,
    hold_to_what_others_said,
    put_people_back,
    who_asked_to_stop,
)
from crm.services.merged_requests import give_back_requests, take_over_requests
from crm.services.merged_urgency import take_over_urgency
from crm.services.ordering import stand_anew
from crm.services.parting import part_urgency
from crm.services.pulse import touch_queues
from crm.services.stages import Closing, close_lead, reopen_lead


@transaction.atomic
def merge_leads(*, duplicate: Lead, survivor: Lead, by: User, at: datetime) -> LeadMerge:
    """Close one open lead as the same episode as another, which takes over all that is still to be done.

    Both are locked in the order of their ids and looked at again, so two people who merge the same two leads
    in opposite directions never close both: the slower one is refused. Nothing gets less urgent, and no way
    of contact gets safer. Raises CannotMerge, LeadIsOver, LeadInReview.
    """
    duplicate, survivor = _both(duplicate, survivor)
    merge = LeadMerge(duplicate=duplicate, survivor=survivor, by=by, merged_at=at)
    merge.before = remember(duplicate, at) | {"owner": ""}
    merge.people = bring_up_to_date(survivor, duplicate)
    merge.requests = take_over_requests(survivor, duplicate, by, at)
    merge.save(force_insert=True)
    take_over_urgency(survivor, duplicate, merge, by, at)
    merge.taken["call_back"] = hand_on_call_back(duplicate, survivor)
    for person in who_asked_to_stop(survivor):
        drop_calls_to(person, at)
    merge.save(update_fields=["taken"])
    closing = Closing(Disposition.DUPLICATE)
    close_lead(lead=duplicate, by=by, closing=closing, at=at)
    Lead.objects.filter(pk=duplicate.pk).update(merged_into=survivor)
    _note(duplicate, EventKind.MERGED, by, at, {"lead": survivor.reference})
    _note(survivor, EventKind.DUPLICATE_JOINED, by, at, {"lead": duplicate.reference})
    touch_queues()
    return merge


@transaction.atomic
def unmerge_leads(*, duplicate: Lead, by: User, at: datetime, reason: str = "") -> Lead:
    """Part a merged lead from the one that it went into: both are again as they were.

    What came in since stays with the survivor, and so does what somebody has changed there since. A level
    that came from the duplicate goes back as any level is lowered: with a `reason` of 20 characters, and an
    emergency's when a clinical lead confirms it. Raises NotMerged, ReasonTooShort.
    """
    duplicate = locked_itself(duplicate)
    merge = LeadMerge.objects.filter(duplicate=duplicate, undone_at=None).first()
    if merge is None:
        raise NotMerged
    survivor = locked_itself(Lead(pk=merge.survivor_id))
    merge.undone_at, merge.undone_by = at, by
    merge.save(update_fields=["undone_at", "undone_by"])
    _uncount(duplicate, survivor)
    put_people_back(merge, duplicate, survivor)
    hold_to_what_others_said(survivor)
    give_back_requests(merge.requests, duplicate)
    duplicate = _open_again(duplicate, merge, by, at)
    take_call_back_home(merge.taken.get("call_back", {}), duplicate, survivor, by=by, at=at)
    gone = part_urgency(merge, by=by, at=at, reason=reason)
    for lead in (survivor, duplicate):
        stand_anew(lead)
    _note(duplicate, EventKind.UNMERGED, by, at, {"lead": survivor.reference})
    _note(
        survivor,
        EventKind.UNMERGED,
        by,
        at,
        {"lead": duplicate.reference} | ({"holds": gone} if gone else {}),
    )
    return duplicate


@transaction.atomic
def say_not_duplicate(*, lead: Lead, other: Lead, by: User, at: datetime) -> None:
    """Write down that two leads are two episodes, so that they are not suggested again."""
    first, second = sorted((lead, other), key=lambda each: each.pk)
    NotDuplicate.objects.get_or_create(first=first, second=second, defaults={"by": by, "said_at": at})


def _both(duplicate: Lead, survivor: Lead) -> tuple[Lead, Lead]:
    """Return both leads locked, in the order of their ids. Raises what forbids to merge them."""
    if duplicate.pk == survivor.pk:
        raise CannotMerge("This is one lead already.")
    leads = Lead.objects.select_for_update(of=("self",)).select_related("site", "owner", "caller", "patient")
    found = {lead.pk: lead for lead in leads.filter(pk__in=[duplicate.pk, survivor.pk]).order_by("pk")}
    duplicate, survivor = found[duplicate.pk], found[survivor.pk]
    if not (duplicate.is_open and survivor.is_open):
        raise LeadIsOver
    if Queue.REVIEW in {duplicate.queue, survivor.queue}:
        raise LeadInReview
    if duplicate.site_id != survivor.site_id:
        raise CannotMerge("These leads are at two sites.")
    return duplicate, survivor


def _uncount(duplicate: Lead, survivor: Lead) -> None:
    """Take the duplicate's enquiries and attempts off the survivor, and off whatever that went into."""
    target: Lead | None = survivor
    while target:
        Lead.objects.filter(pk=target.pk).update(
            enquiry_count=F("enquiry_count") - duplicate.enquiry_count,
            attempt_count=F("attempt_count") - duplicate.attempt_count,
        )
        stand_anew(target)
        target = locked_itself(Lead(pk=target.merged_into_id)) if target.merged_into_id else None


def _open_again(duplicate: Lead, merge: LeadMerge, by: User, at: datetime) -> Lead:
    """Open the duplicate where it was, with the calls and the pause that it had."""
    due = duplicate.due_at
    Lead.objects.filter(pk=duplicate.pk).update(merged_into=None)
    lead = reopen_lead(lead=duplicate, by=by, reason="", at=at)
    known = {"due_at": min(lead.due_at, due).isoformat(), "call_back": ""}  # of a merge from before 0026
    put_back(lead, merge.before or known, by=by, at=at)
    return lead


def _note(lead: Lead, kind: EventKind, by: User, at: datetime, data: dict[str, Any]) -> None:
    LeadEvent.objects.create(lead=lead, kind=kind, by=by, occurred_at=at, data=data)
