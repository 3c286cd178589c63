"""Callers change how they are reached, from their own page."""

from datetime import datetime

from django.db import transaction

from crm.enums import ContactMethod, EventKind
from crm.models import Lead, LeadEvent, Person
from crm.safe_times import slots_said
from crm.services.caller_requests import Page, ways_of
from crm.services.locking import locked
from crm.services.people import TO_MIND, PersonDetails, update_from_repeat_enquiry
from crm.services.pulse import touch_queues
from notifications.enums import Audience
from notifications.services.outbox import cancel_unsent_messages

PHONE = ("phone", "phone_e164", "phone_looks_unusual")
WAYS = {
    "may_call": "phone",
    "may_voicemail": "phone",
    "may_text": "phone",
    "may_email": "email",
    "may_post": "postal_address",
}


@transaction.atomic
def change_own_ways(*, lead: Lead, page: Page, details: PersonDetails, at: datetime) -> Person:
    """Reach the caller as they say now; what is left blank stays. The old number is kept on the timeline.

    From the page of a later enquiry, which may be somebody else's, nothing gets safer than it was: a new
    number is a note for the coordinator, and a way stays safe only if both say so.
    """
    lead = locked(lead)
    caller = Person.objects.select_for_update().get(pk=lead.caller_id)
    before = caller.phone, caller.email
    if page.opened_lead:
        _replace(caller, details)
    else:
        update_from_repeat_enquiry(person=caller, details=_with_known_address(caller, details))
    if caller.email != before[1] or not caller.allows(ContactMethod.EMAIL):
        cancel_unsent_messages(about=lead.pk, audience=Audience.CALLER)
    _note(lead, caller, page, before, at)
    touch_queues()
    return caller


def _replace(caller: Person, details: PersonDetails) -> None:
    if details.phone:
        for name in PHONE:
            setattr(caller, name, getattr(details, name))
    for name in ("email", "postal_address", "contact_note", *TO_MIND):
        setattr(caller, name, getattr(details, name) or getattr(caller, name))
    for way, address in WAYS.items():
        setattr(caller, way, getattr(details, way) and bool(getattr(caller, address)))
    caller.safe_slots = slots_said(caller.safe_times, caller.contact_note)
    caller.search_tokens = sorted({*caller.search_tokens, *details.search_tokens})
    caller.save()


def _with_known_address(caller: Person, details: PersonDetails) -> PersonDetails:
    """Return the details with the address that each way is about, so that a way can be taken back."""
    known = {name: getattr(details, name) or getattr(caller, name) for name in set(WAYS.values())}
    e164 = details.phone_e164 if details.phone else caller.phone_e164
    return PersonDetails(**{**_plain(details), **known, "phone_e164": e164})


def _plain(details: PersonDetails) -> dict[str, object]:
    return {name: getattr(details, name) for name in PersonDetails.__dataclass_fields__}


def _note(lead: Lead, caller: Person, page: Page, before: tuple[str, str], at: datetime) -> None:
    """Write down what is safe now, and what was replaced."""
    old = [known for known, now in zip(before, (caller.phone, caller.email), strict=True) if known != now]
    replaced = f"Before: {', '.join(filter(None, old))}" if any(old) else ""
    data = {"enquiry": page.enquiry, "verified": page.opened_lead, "safe": ways_of(caller)}
    LeadEvent.objects.create(lead=lead, kind=EventKind.WAYS_CHANGED, occurred_at=at, data=data, note=replaced)
