"""What a phone system tells us: stored before anything else, and made something of by a job."""

import json
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from crm.enums import PhoneProvider
from crm.models import PhoneEvent, PhoneLine
from crm.services.phone_calls import Heard, note_call
from crm.services.phone_texts import note_text
from crm.services.text_answers import take_answer
from crm.telephony.news import CallNews, TextNews, read_signed, read_twilio
from jobs.services.enqueue import enqueue_job


class Replayed(Exception):
    """This very message came before."""


@transaction.atomic
def receive_event(*, line: PhoneLine, replay_key: str, payload: str, at: datetime) -> PhoneEvent:
    """Store a message whose signature was right, and the job that makes something of it. Raises Replayed."""
    event, is_new = PhoneEvent.objects.get_or_create(
        line=line, replay_key=replay_key, defaults={"payload": payload, "received_at": at}
    )
    if not is_new:
        raise Replayed
    enqueue_job(
        kind="crm.tasks.process_phone_event", subject=event.pk, due_at=at, dedupe_key=f"phone:{event.pk}"
    )
    return event


@transaction.atomic
def process_event(*, event_id: UUID, at: datetime) -> None:
    """Make a call or a text of a stored message, once, and empty it. Raises Unreadable, and keeps it then."""
    event = PhoneEvent.objects.select_for_update(of=("self",)).select_related("line__site").get(pk=event_id)
    if event.processed_at:
        return
    news = _read(event)
    if isinstance(news, CallNews):
        note_call(heard=Heard.on(event.line, news.id), news=news, at=event.received_at)
    elif isinstance(news, TextNews):
        known = replace(news, id=news.id or str(event.pk))  # two texts without an id are two texts
        if not take_answer(news=known, at=event.received_at):
            note_text(line=event.line, news=known, at=event.received_at)
    event.processed_at, event.payload = at, ""
    event.save(update_fields=["processed_at", "payload"])


def _read(event: PhoneEvent) -> CallNews | TextNews | None:
    if event.line.provider == PhoneProvider.TWILIO:
        return read_twilio(json.loads(event.payload), passes_on=bool(event.line.passes_on_to))
    return read_signed(event.payload)
