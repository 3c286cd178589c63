"""A way to reach a caller that ends: they called our e-mail unwanted, or nothing arrives at their address.

That is about this way only. Somebody who presses "unwanted" in a mail program has not said that they want no
calls; STOP by text says so (crm.services.text_stops).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from crm.enums import ContactMethod, EventKind, LossOfWay
from crm.models import Lead, LeadEvent, Person
from crm.services.addressees import leads_of, lock_people_found_by
from crm.services.pulse import touch_queues
from crm.telephony.numbers import number_search
from notifications.enums import Audience, ChannelName
from notifications.services.outbox import cancel_unsent_messages
from vault.tokens import email_search


@dataclass(frozen=True, slots=True)
class _Way:
    """By what callers are written to: the field that says that it is safe, and whose an address is."""

    method: ContactMethod
    safe: str
    address: str
    search: Callable[[str], list[int]]


WAYS = {
    ChannelName.EMAIL: _Way(ContactMethod.EMAIL, "may_email", "email", email_search),
    ChannelName.SMS: _Way(ContactMethod.TEXT, "may_text", "phone_e164", number_search),
}


def honour_unwanted(channel: ChannelName, to: str, at: datetime) -> None:
    """Write no more e-mail to whoever told their provider, or ours, that they want none."""
    if channel == ChannelName.EMAIL:
        end_way(channel=channel, address=to, why=LossOfWay.STOPPED, at=at)


def note_dead_address(channel: ChannelName, to: str, at: datetime) -> None:
    """Count no more on an address, or on a number for texts, at which nothing arrives."""
    if channel in WAYS:
        end_way(channel=channel, address=to, why=LossOfWay.GONE, at=at)


@transaction.atomic
def end_way(*, channel: ChannelName, address: str, why: LossOfWay, at: datetime) -> int:
    """Take it from the safe ways of whoever has the address, at every site; return how many they are.

    What waits to go there is cancelled, and each of their leads says why. Staff, or they themselves on their
    page, may give an address anew.
    """
    way = WAYS[channel]
    found = lock_people_found_by(way.search(address)) if address else []
    people = [each for each in found if getattr(each, way.safe) and _is_theirs(each, way, address)]
    for person in people:
        Person.objects.filter(pk=person.pk).update(**{way.safe: False})
        for lead in leads_of(person):
            cancel_unsent_messages(about=lead.pk, audience=Audience.CALLER, to=address)
            _note(lead, person, way, why, at)
    if people:
        touch_queues()
    return len(people)


def _is_theirs(person: Person, way: _Way, address: str) -> bool:
    return str(getattr(person, way.address)).strip().casefold() == address.strip().casefold()


def _note(lead: Lead, person: Person, way: _Way, why: LossOfWay, at: datetime) -> None:
    who = "caller" if person.pk == lead.caller_id else "patient"
    LeadEvent.objects.create(
        lead=lead,
        kind=EventKind.WAY_ENDED,
        occurred_at=at,
        data={"way": way.method, "why": why, "who": who},
    )
