"""Calls: each moves on as its events arrive, in whatever order they do."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from crm.enums import CallDirection, CallState, EventKind
from crm.models import LeadEvent, PhoneCall, PhoneLine, Site
from crm.selectors.phone import lead_of_number
from crm.services.phone_pairs import one_at_a_time, pair
from crm.services.pulse import touch_queues
from crm.telephony.news import CallNews
from crm.telephony.numbers import number_tokens
from notifications.hooks.signatures import replay_key

EVENTS = {CallState.MISSED: EventKind.CALL_MISSED, CallState.CONNECTED: EventKind.CALL_CONNECTED}


@dataclass(frozen=True, slots=True)
class Heard:
    """How we know of a call: from a line's own reports, or from a log. `key` makes it the same call.

    `read_at`: when the log was read; None for a report.
    """

    site: Site
    key: str
    line: PhoneLine | None = None
    read_at: datetime | None = None

    @classmethod
    def on(cls, line: PhoneLine, provider_id: str) -> "Heard":
        return cls(line.site, replay_key(f"{line.pk}:{provider_id}"), line)


@transaction.atomic
def note_call(*, heard: Heard, news: CallNews, at: datetime) -> PhoneCall:
    """Write down what is known of a call by now. `at` is when it rang, or when we heard of it first."""
    one_at_a_time(heard.site, news.number)
    call = PhoneCall.objects.select_for_update().filter(key=heard.key).first()
    before = call.state if call else ""
    call = _moved_on(call, news, at) if call else _new_call(heard, news, at)
    call.save()
    if call.state != before:
        note_on_lead(call, at)
    pair(call, heard.read_at or at)
    touch_queues()
    return call


def note_on_lead(call: PhoneCall, at: datetime) -> None:
    """Put a call on its lead's timeline once it is known what came of it; our own vain tries are attempts."""
    kind = EVENTS.get(CallState(call.state))
    if call.lead and kind and (call.direction == CallDirection.IN or kind == EventKind.CALL_CONNECTED):
        LeadEvent.objects.create(
            lead=call.lead,
            kind=kind,
            occurred_at=call.started_at if call.is_from_log else at,
            data={"call": str(call.pk), "direction": call.direction, "from_log": call.is_from_log},
        )


def _new_call(heard: Heard, news: CallNews, at: datetime) -> PhoneCall:
    is_from_log = heard.read_at is not None
    ended = at + timedelta(seconds=news.seconds or 0) if is_from_log else at
    return PhoneCall(
        site=heard.site,
        line=heard.line,
        key=heard.key,
        direction=news.direction,
        state=news.state,
        number=news.number,
        search_tokens=number_tokens(news.number),
        lead=lead_of_number(heard.site, news.number),
        is_from_log=is_from_log,
        started_at=at,
        ended_at=ended if news.is_over else None,
        seconds=news.seconds,
    )


def _moved_on(call: PhoneCall, news: CallNews, at: datetime) -> PhoneCall:
    """Bring a call up to date: it only moves up, so the order of its events does not matter."""
    call.started_at = min(call.started_at, at)
    if news.is_over:
        call.ended_at = max(call.ended_at or at, at)
    if news.seconds is not None:
        call.seconds = max(call.seconds or 0, news.seconds)
    if news.state.rank > CallState(call.state).rank:
        call.state = news.state
        if news.state == CallState.CONNECTED:
            _open_again(call)
    if news.number and not call.number:
        call.number, call.search_tokens = news.number, number_tokens(news.number)
        call.lead = call.lead or lead_of_number(call.site, news.number)
    return call


def _open_again(call: PhoneCall) -> None:
    """A call that was answered after all was never missed."""
    call.ending, call.settled_at, call.settled_by = "", None, None
    call.paired_with, call.settled_note = None, ""
