"""Telling the caller that their enquiry has arrived, by a way that is safe for them."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from crm.calling import CallPromise
from crm.canary import CANARY_SITE
from crm.enums import ContactMethod, EventKind
from crm.letters import language_for, sends_texts, voice_for
from crm.models import Lead, LeadEvent
from crm.selectors.letters import language_of
from crm.services.caller_requests import Page
from crm.services.locking import locked
from notifications.catalogue import MessageKind
from notifications.enums import ChannelName, Language
from notifications.services.outbox import Way, queue_message
from notifications.times import moment_in_words

LEAST_USE = timedelta(hours=1)
COPY_AGAIN_AFTER = timedelta(hours=1)


def acknowledge_enquiry(
    *, lead: Lead, key: str, promise: CallPromise, at: datetime, came_from: Mapping[str, str] | None = None
) -> None:
    """Queue the acknowledgement by e-mail or else by text, if that is safe; a key is acknowledged once.

    Nothing goes to a lead in review: the address may be somebody else's. Nobody waits for word of the canary.
    It is of no use any more when the time that it promises is over, unless that is within the hour.
    """
    way = _way(lead)
    if lead.site_id == CANARY_SITE or lead.review_reason or way is None:
        return
    language = language_for(came_from or {})
    queue_message(
        kind=MessageKind.ENQUIRY_ACKNOWLEDGEMENT,
        channel=way.channel,
        to=way.to,
        context={"reference": lead.reference, **_for_them(lead, language), **_times(lead, promise, language)},
        dedupe_key=f"ack:{key}",
        about=lead.pk,
        at=at,
        expires_at=max(promise.call_by, at + LEAST_USE),
    )


def _way(lead: Lead) -> Way | None:
    """Return by what to write: e-mail, or a text where only that is safe and texts go out."""
    caller = lead.caller
    if caller.allows(ContactMethod.EMAIL):
        return Way(ChannelName.EMAIL, caller.email)
    by_text = caller.allows(ContactMethod.TEXT) and caller.phone_e164
    return Way(ChannelName.SMS, caller.phone_e164) if by_text and sends_texts() else None


@transaction.atomic
def send_copy(*, lead: Lead, page: Page, promise: CallPromise | None, link: str, at: datetime) -> bool:
    """Send the caller what their page says, without a word on what it is about; once an hour at most.

    Return False where it was sent within the hour. Raises NotSafeToSend where e-mail is not safe. Without a
    `promise` no time is named.
    """
    lead = locked(lead)
    language = language_of(lead)
    recent = lead.events.filter(kind=EventKind.COPY_ASKED, occurred_at__gt=at - COPY_AGAIN_AFTER)
    if recent.exists():
        return False
    queue_message(
        kind=MessageKind.ENQUIRY_COPY,
        to=lead.caller.email,
        context={
            "reference": lead.reference,
            "link": link,
            **_for_them(lead, language),
            **(_times(lead, promise, language) if promise else {}),
        },
        dedupe_key=f"copy:{page.enquiry}:{at.isoformat()}",
        about=lead.pk,
        at=at,
    )
    data = {"enquiry": page.enquiry, "verified": page.opened_lead}
    LeadEvent.objects.create(lead=lead, kind=EventKind.COPY_ASKED, occurred_at=at, data=data)
    return True


def _for_them(lead: Lead, language: Language) -> dict[str, str]:
    """Return the number to ring, if the site has one, and what the wording depends on."""
    choices = {"voice": voice_for(lead.caller_role).value, "language": language.value}
    return choices | ({"phone": lead.site.phone} if lead.site.phone else {})


def _times(lead: Lead, promise: CallPromise, language: Language) -> dict[str, str]:
    """Return when we call and, where that may be missed, why: nobody is there, or others wait already."""
    away = {"nobody_until": promise.nobody_until, "closes_at": promise.closes_at} if promise.is_aim else {}
    times = {"call_by": promise.call_by} | {name: moment for name, moment in away.items() if moment}
    zone = lead.site.time_zone
    said = {name: moment_in_words(at, time_zone=zone, language=language) for name, at in times.items()}
    return said | ({"others_wait": "yes"} if promise.is_behind else {})
