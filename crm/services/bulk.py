"""Doing one thing to many leads, and undoing it in one go.

Each lead is done in a transaction of its own, by the same service as on its page: it gets its own events, and
the rules that hold for one lead hold for each of many. What was refused says why.

A further action is a member of BulkAction and a pair of functions in ACTIONS.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from crm.enums import BulkAction, CallBackKind, Disposition, Level, PauseKind, PauseReason, Queue
from crm.leases import is_held
from crm.models import Batch, BatchItem, Lead, Tag, User
from crm.refusals import (
    CallIsAgreed,
    ChangedSince,
    EmergencyNotInBulk,
    LeadAlreadyClaimed,
    LeadInReview,
    LeadIsOver,
    Refusal,
    TooLateToUndo,
    UndoneAlready,
)
from crm.selectors.call_backs import open_call_back
from crm.services.as_it_was import Before, put_back, remember
from crm.services.assigning import assign_lead
from crm.services.locking import locked_itself, one_act_at_a_time
from crm.services.pauses import Pause, end_pause, pause_lead
from crm.services.queues import release_lead
from crm.services.stages import Closing, close_lead, reopen_lead
from crm.services.tagging import tag_lead, untag_lead

UNDO_WITHIN = timedelta(minutes=10)
UNDONE = "Closed together with others, and undone."


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be done to each lead, and what that takes."""

    action: BulkAction
    to: User | None = None
    tag: Tag | None = None
    disposition: Disposition | None = None
    minutes: int = 0
    reason: PauseReason | None = None
    note: str = ""

    @property
    def details(self) -> dict[str, str]:
        """Return what undoing needs, as ids and codes."""
        named = {"to": self.to and self.to.pk, "tag": self.tag and self.tag.pk}
        ids = {name: str(each) for name, each in named.items() if each}
        return ids | ({"disposition": self.disposition.value} if self.disposition else {})


def do_to_many(*, leads: Iterable[Lead], wanted: Wanted, by: User, at: datetime) -> Batch:
    """Do it to each lead that allows it; the batch's items say which did, and why the others did not."""
    batch = Batch.objects.create(by=by, action=wanted.action, details=wanted.details, made_at=at)
    do, _ = ACTIONS[wanted.action]
    for lead in leads:
        try:
            with transaction.atomic():
                if wanted.to:
                    one_act_at_a_time(wanted.to)  # a person is locked before a lead
                before = do(_itself(lead), wanted, by, at)
                BatchItem.objects.create(batch=batch, lead=lead, before=before)
        except Refusal as refusal:
            BatchItem.objects.create(batch=batch, lead=lead, refusal=str(refusal))
    return batch


def undo_batch(*, batch: Batch, by: User, at: datetime) -> Batch:
    """Undo a batch of one's own, within ten minutes and once; a lead that has changed since stays as it is.

    Raises TooLateToUndo, UndoneAlready.
    """
    if at > batch.made_at + UNDO_WITHIN:
        raise TooLateToUndo
    if not Batch.objects.filter(pk=batch.pk, by=by, undone_at=None).update(undone_at=at):
        raise UndoneAlready
    _, undo = ACTIONS[BulkAction(batch.action)]
    for item in batch.items.filter(refusal="").select_related("batch").order_by("id"):
        try:
            with transaction.atomic():
                if owner := item.before.get("owner"):
                    one_act_at_a_time(User(pk=owner))
                undo(locked_itself(Lead(pk=item.lead_id)), item, by, at)
                BatchItem.objects.filter(pk=item.pk).update(undone=True)
        except Refusal as refusal:
            BatchItem.objects.filter(pk=item.pk).update(undone=False, undo_refusal=str(refusal))
    batch.refresh_from_db()
    return batch


def _itself(lead: Lead) -> Lead:
    """Return the lead locked. Raises LeadIsOver for one merged since: its survivor was not ticked."""
    fresh = locked_itself(lead)
    if fresh.merged_into_id:
        raise LeadIsOver
    return fresh


def _spare_a_colleagues(lead: Lead, by: User, at: datetime) -> None:
    """A colleague may be speaking with them at this moment. Raises LeadAlreadyClaimed."""
    if is_held(lead, at) and lead.owner_id != by.pk:
        raise LeadAlreadyClaimed(str(lead.owner))


def _assign(lead: Lead, wanted: Wanted, by: User, at: datetime) -> Before:
    assert wanted.to  # noqa: S101  the form asks for it
    held = is_held(lead, at)
    before = {"owner": str(lead.owner_id) if held else "", "kept": held and lead.owner_id == wanted.to.pk}
    assign_lead(lead=lead, to=wanted.to, by=by, at=at)
    return before


def _unassign(lead: Lead, item: BatchItem, by: User, at: datetime) -> None:
    """Take the lead away again, and give it back to whoever had it."""
    if item.before["kept"]:
        return
    if str(lead.owner_id) != item.batch.details["to"] or lead.claimed_at != item.batch.made_at:
        raise ChangedSince
    release_lead(lead=lead, by=by, at=at, may_release_others=True)
    if item.before["owner"]:
        assign_lead(lead=lead, to=User.objects.get(pk=item.before["owner"]), by=by, at=at)


def _tag(lead: Lead, wanted: Wanted, by: User, at: datetime) -> Before:
    assert wanted.tag  # noqa: S101  the form asks for it
    return {"changed": tag_lead(lead=lead, tag=wanted.tag, by=by, at=at)}


def _untag(lead: Lead, wanted: Wanted, by: User, at: datetime) -> Before:
    assert wanted.tag  # noqa: S101  the form asks for it
    return {"changed": untag_lead(lead=lead, tag=wanted.tag, by=by, at=at)}


def _take_tag_off_again(lead: Lead, item: BatchItem, by: User, at: datetime) -> None:
    if item.before["changed"]:
        untag_lead(lead=lead, tag=_tag_of(item), by=by, at=at)


def _put_tag_on_again(lead: Lead, item: BatchItem, by: User, at: datetime) -> None:
    if item.before["changed"]:
        tag_lead(lead=lead, tag=_tag_of(item), by=by, at=at)


def _tag_of(item: BatchItem) -> Tag:
    return Tag.objects.get(pk=UUID(item.batch.details["tag"]))


def _close(lead: Lead, wanted: Wanted, by: User, at: datetime) -> Before:
    assert wanted.disposition  # noqa: S101  the form asks for it
    _spare_a_colleagues(lead, by, at)
    if lead.queue == Queue.REVIEW:
        raise LeadInReview
    if lead.level and Level(lead.level).is_emergency:
        raise EmergencyNotInBulk
    call_back = open_call_back(lead)
    if call_back and call_back.kind == CallBackKind.AGREED:
        raise CallIsAgreed
    before = remember(lead, at)
    close_lead(lead=lead, by=by, closing=Closing(wanted.disposition, note=wanted.note), at=at)
    return before


def _snooze(lead: Lead, wanted: Wanted, by: User, at: datetime) -> Before:
    assert wanted.reason  # noqa: S101  the form asks for it
    _spare_a_colleagues(lead, by, at)
    until = at + timedelta(minutes=wanted.minutes)
    pause = Pause(PauseKind.SNOOZE, wanted.reason, until, wanted.note)
    pause_lead(lead=lead, by=by, pause=pause, at=at)
    return {}


def _wake(lead: Lead, item: BatchItem, by: User, at: datetime) -> None:
    if lead.paused_at != item.batch.made_at:
        raise ChangedSince
    end_pause(lead=lead, by=by, at=at)


def _reopen(lead: Lead, item: BatchItem, by: User, at: datetime) -> None:
    """Open the lead again as it was, if nobody has touched it since."""
    if lead.closed_at != item.batch.made_at or lead.merged_into_id:
        raise ChangedSince
    lead = reopen_lead(lead=lead, by=by, reason=UNDONE, at=at)
    put_back(lead, item.before, by=by, at=at)


Do = Callable[[Lead, Wanted, User, datetime], Before]
Undo = Callable[[Lead, BatchItem, User, datetime], None]
ACTIONS: dict[BulkAction, tuple[Do, Undo]] = {
    BulkAction.ASSIGN: (_assign, _unassign),
    BulkAction.TAG: (_tag, _take_tag_off_again),
    BulkAction.UNTAG: (_untag, _put_tag_on_again),
    BulkAction.SNOOZE: (_snooze, _wake),
    BulkAction.CLOSE: (_close, _reopen),
}
