"""The last word on what is sent to callers: it holds for every sender, the shell included."""

from datetime import datetime
from uuid import UUID

from crm.consent import GIVES_NO_AGREEMENT
from crm.enums import ContactMethod, Queue
from crm.models import Lead, Person
from crm.safe_times import end_of_safe, next_safe, slot_at
from crm.selectors.open_leads import goes_on_as
from notifications.enums import ChannelName, MessageKind, Why
from notifications.guards import NotSafeToSend, SafeSpan

METHODS = {ChannelName.EMAIL: ContactMethod.EMAIL, ChannelName.SMS: ContactMethod.TEXT}
# What nobody has looked at before it goes out: then nobody has read safe times in words either.
BY_ITSELF = frozenset({MessageKind.ENQUIRY_ACKNOWLEDGEMENT})


def refuse_unsafe_message(channel: ChannelName, to: str, about: UUID | None) -> None:
    """Raise NotSafeToSend unless `to` is of somebody of the lead `about` who called this way safe.

    Never to the person discussed who has not agreed (H-CONSENT), nor to an address that a lead in review
    gave: it may be somebody else's. Whoever asked us to stop on a lead asked it of those that went into it.
    """
    lead = _lead(about)
    if lead is None:
        raise NotSafeToSend("A message to a caller is about a lead.")
    if lead.queue == Queue.REVIEW:
        raise NotSafeToSend("This lead is in review.")
    if lead.merged_into_id and not goes_on_as(lead).caller.may_be_contacted:
        raise NotSafeToSend("The lead that this one went into must not be written about.")
    if not _who_gets_it(lead, channel, to):
        raise NotSafeToSend("Nobody of this lead called messages to this address safe.")


def hours_for(
    kind: MessageKind, channel: ChannelName, to: str, about: UUID | None, at: datetime
) -> SafeSpan | str:
    """Return when a message may arrive: in the hours that all with this address called safe.

    Or the code of why never: no hour is safe for all of them, or it goes out by itself and only a person can
    read the times that they wrote.
    """
    lead = _lead(about)
    people = _who_gets_it(lead, channel, to) if lead else []
    if lead is None or not people:
        return SafeSpan(at)
    if kind in BY_ITSELF and any(_is_for_a_person_to_read(person) for person in people):
        return Why.HOURS_UNREAD
    return _span([person.safe_slots for person in people if person.safe_slots], at, lead.site.time_zone)


def _span(hours: list[list[int]], at: datetime, time_zone: str) -> SafeSpan | str:
    if not hours:
        return SafeSpan(at)
    shared = set.intersection(*map(set, hours))
    begins = at if slot_at(at, time_zone) in shared else next_safe(shared, at, time_zone)
    return SafeSpan(begins, end_of_safe(shared, begins, time_zone)) if begins else Why.NO_SAFE_HOUR


def _is_for_a_person_to_read(person: Person) -> bool:
    return person.safe_slots == [] and bool(person.safe_times.strip())


def _lead(about: UUID | None) -> Lead | None:
    leads = Lead.objects.select_related("caller", "patient", "site")
    return leads.filter(pk=about).first() if about else None


def _who_gets_it(lead: Lead, channel: ChannelName, to: str) -> list[Person]:
    return [person for person in _who_may_be_written_to(lead) if _is_safe(person, channel, to)]


def _who_may_be_written_to(lead: Lead) -> list[Person]:
    discussed = lead.patient_id != lead.caller_id
    if discussed and GIVES_NO_AGREEMENT in lead.holds:
        return [lead.caller]
    return [lead.caller, lead.patient]


def _is_safe(person: Person, channel: ChannelName, to: str) -> bool:
    method = METHODS.get(channel)
    if method is None or not person.allows(method):
        return False
    theirs = person.email if method == ContactMethod.EMAIL else person.phone_e164
    return theirs.casefold() == to.casefold() != ""
