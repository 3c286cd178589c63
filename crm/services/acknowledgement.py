"""Telling the caller that their enquiry has arrived, by a way that is safe for them."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from crm.calling import CallPromise
from crm.enums import ContactMethod, EventKind
from crm.models import Lead, LeadEvent
from crm.services.caller_requests import Page
from crm.services.locking import locked
from notifications.catalogue import MessageKind
from notifications.services.outbox import queue_message

COPY_AGAIN_AFTER = timedelta(hours=1)


def acknowledge_enquiry(*, lead: Lead, key: str, promise: CallPromise, at: datetime) -> None:
    """Queue the acknowledgement by e-mail, if e-mail is safe; the same key is acknowledged once.

    Nothing goes to a lead in review: the address may be somebody else's.
    """
    if lead.review_reason or not lead.caller.allows(ContactMethod.EMAIL):
        return
    queue_message(
        kind=MessageKind.ENQUIRY_ACKNOWLEDGEMENT,
        to=lead.caller.email,
        context={"reference": lead.reference, **_number(lead), **_times(lead, promise)},
        dedupe_key=f"ack:{key}",
        about=lead.pk,
        at=at,
    )


@transaction.atomic
def send_copy(*, lead: Lead, page: Page, promise: CallPromise | None, link: str, at: datetime) -> bool:
    """Send the caller what their page says, without a word on what it is about; once an hour at most.

    Return False where it was sent within the hour. Raises NotSafeToSend where e-mail is not safe. Without a
    `promise` no time is named.
    """
    lead = locked(lead)
    recent = lead.events.filter(kind=EventKind.COPY_ASKED, occurred_at__gt=at - COPY_AGAIN_AFTER)
    if recent.exists():
        return False
    queue_message(
        kind=MessageKind.ENQUIRY_COPY,
        to=lead.caller.email,
        context={
            "reference": lead.reference,
            "link": link,
            **_number(lead),
            **(_times(lead, promise) if promise else {}),
        },
        dedupe_key=f"copy:{page.enquiry}:{at.isoformat()}",
        about=lead.pk,
        at=at,
    )
    data = {"enquiry": page.enquiry, "verified": page.opened_lead}
    LeadEvent.objects.create(lead=lead, kind=EventKind.COPY_ASKED, occurred_at=at, data=data)
    return True


def _number(lead: Lead) -> dict[str, str]:
    """Return the number to ring, nothing for a site without one."""
    return {"phone": lead.site.phone} if lead.site.phone else {}


def _times(lead: Lead, promise: CallPromise) -> dict[str, str]:
    """Return when we call and, where that may be missed, why: nobody is there, or others wait already."""
    away = {"nobody_until": promise.nobody_until, "closes_at": promise.closes_at} if promise.is_aim else {}
    times = {"call_by": promise.call_by} | {name: moment for name, moment in away.items() if moment}
    said = {name: _in_words(moment, lead.site.time_zone) for name, moment in times.items()}
    return said | ({"others_wait": "yes"} if promise.is_behind else {})


def _in_words(moment: datetime, time_zone: str) -> str:
    return f"{moment.astimezone(ZoneInfo(time_zone)):%H:%M on %A %-d %B}"
