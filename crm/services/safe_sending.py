"""The last word on what is sent to callers: it holds for every sender, the shell included."""

from uuid import UUID

from crm.consent import GIVES_NO_AGREEMENT
from crm.enums import ContactMethod, Queue
from crm.models import Lead, Person
from crm.selectors.open_leads import goes_on_as
from notifications.guards import NotSafeToSend


def refuse_unsafe_message(to: str, about: UUID | None) -> None:
    """Raise NotSafeToSend unless `to` is of somebody of the lead `about` who called e-mail safe.

    Never to the person discussed who has not agreed (H-CONSENT), nor to an address that a lead in review
    gave: it may be somebody else's. Whoever asked us to stop on a lead asked it of those that went into it.
    """
    leads = Lead.objects.select_related("caller", "patient")
    lead = leads.filter(pk=about).first() if about else None
    if lead is None:
        raise NotSafeToSend("A message to a caller is about a lead.")
    if lead.queue == Queue.REVIEW:
        raise NotSafeToSend("This lead is in review.")
    if lead.merged_into_id and not goes_on_as(lead).caller.may_be_contacted:
        raise NotSafeToSend("The lead that this one went into must not be written about.")
    if not any(_is_safe(person, to) for person in _who_may_be_written_to(lead)):
        raise NotSafeToSend("Nobody of this lead called e-mail to this address safe.")


def _who_may_be_written_to(lead: Lead) -> list[Person]:
    discussed = lead.patient_id != lead.caller_id
    if discussed and GIVES_NO_AGREEMENT in lead.holds:
        return [lead.caller]
    return [lead.caller, lead.patient]


def _is_safe(person: Person, to: str) -> bool:
    return person.allows(ContactMethod.EMAIL) and person.email.casefold() == to.casefold() != ""
