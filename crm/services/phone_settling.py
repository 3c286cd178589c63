"""Settling missed calls by hand: with a reason, or with the lead that was made of them."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from crm.enums import CallDirection, CallEnding, CallState
from crm.models import Lead, Person, PhoneCall, User
from crm.refusals import Refusal
from crm.services.phone_calls import note_on_lead
from crm.services.phone_pairs import missed_calls_of, one_at_a_time
from crm.services.pulse import touch_queues


class CallIsSettled(Refusal):
    def __init__(self) -> None:
        super().__init__("Somebody has dealt with that call already.")


@dataclass(frozen=True, slots=True)
class Settlement:
    """What came of missed calls, as the person says who settles them."""

    ending: CallEnding
    note: str = ""
    lead: Lead | None = None


@transaction.atomic
def settle_calls_of(*, call: PhoneCall, by: User, how: Settlement, at: datetime) -> int:
    """Settle a missed call and those of the same number up to now; return how many. Raises CallIsSettled."""
    one_at_a_time(call.site, call.number)
    same = missed_calls_of(call.site, call.number, at) if call.number else _itself(call)
    settled = list(same.select_for_update())
    if not settled:
        raise CallIsSettled
    for each in settled:
        each.state, each.ending, each.settled_note = CallState.MISSED, how.ending, how.note.strip()
        each.settled_at, each.settled_by, each.lead = at, by, how.lead or each.lead
        each.save()
    touch_queues()
    return len(settled)


def settle_by_contact(*, lead: Lead, person: Person, by: User, at: datetime) -> None:
    """Settle the missed calls of somebody of a lead with whom a colleague has just been in touch."""
    calls = PhoneCall.objects.filter(lead=lead, direction=CallDirection.IN, state=CallState.MISSED)
    theirs = calls.filter(settled_at=None, search_tokens__overlap=person.search_tokens)
    theirs.update(ending=CallEnding.REACHED, settled_at=at, settled_by=by)


@transaction.atomic
def join_lead(*, call: PhoneCall, lead: Lead, by: User, at: datetime) -> None:
    """Make a call part of the lead that was taken down from it, and settle it if it was missed."""
    call = PhoneCall.objects.select_for_update(of=("self",)).select_related("site").get(pk=call.pk)
    if call.lead_id is None:
        call.lead = lead
        call.save(update_fields=["lead"])
        note_on_lead(call, at)
    if _itself(call).filter(state=CallState.MISSED).exists():
        settle_calls_of(call=call, by=by, how=Settlement(CallEnding.ENQUIRY, lead=lead), at=at)
    touch_queues()


def _itself(call: PhoneCall) -> QuerySet[PhoneCall]:
    found = PhoneCall.objects.filter(pk=call.pk, direction=CallDirection.IN, settled_at=None)
    return found.exclude(state=CallState.CONNECTED)
