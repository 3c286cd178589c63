"""Telling the caller that their enquiry has arrived, by a way that is safe for them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from crm.enums import ContactMethod
from crm.models import Lead
from notifications.catalogue import MessageKind
from notifications.services.outbox import queue_message


def acknowledge_enquiry(*, lead: Lead, key: str, call_by: datetime, at: datetime) -> None:
    """Queue the acknowledgement by e-mail, if e-mail is safe; the same key is acknowledged once.

    Nothing goes to a lead in review: the address may be somebody else's.
    """
    if lead.review_reason or not lead.caller.allows(ContactMethod.EMAIL):
        return
    queue_message(
        kind=MessageKind.ENQUIRY_ACKNOWLEDGEMENT,
        to=lead.caller.email,
        context={
            "reference": lead.reference,
            "call_by": _in_words(call_by, lead.site.time_zone),
            "phone": lead.site.phone,
        },
        dedupe_key=f"ack:{key}",
        about=lead.pk,
        at=at,
    )


def _in_words(moment: datetime, time_zone: str) -> str:
    return f"{moment.astimezone(ZoneInfo(time_zone)):%H:%M on %A %-d %B}"
