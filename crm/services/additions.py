"""What a caller says later about an enquiry joins its lead. By itself that raises no level."""

from uuid import UUID

from django.db import transaction

from crm.enums import EventKind
from crm.models import Lead, LeadReference, Person
from crm.services.caller_requests import Page, note_got_worse
from crm.services.leads import NewEnquiry, note_enquiry
from crm.services.locking import locked
from crm.services.people import update_from_repeat_enquiry
from crm.services.pulse import touch_queues
from notifications.enums import Audience
from notifications.services.outbox import cancel_unsent_messages

SAFE_ROUTE_ONLY = "H-SAFE"


@transaction.atomic
def add_to_lead(*, lead_id: UUID, addition: NewEnquiry) -> Lead:
    """Write on the lead's timeline what was answered, and keep to what is safe by now.

    Whoever says only later that somebody controls them is from then on reached only in ways that they called
    safe, and what waits to be sent in another way is not sent.
    """
    lead = locked(Lead(pk=lead_id))
    LeadReference.objects.create(reference=addition.reference, lead=lead)
    if addition.patient and lead.patient_id != lead.caller_id:
        update_from_repeat_enquiry(person=_locked(lead.patient_id), details=addition.patient)
    if addition.is_watched and SAFE_ROUTE_ONLY not in lead.holds:
        _keep_to_stated_ways(lead, addition)
    if addition.main_substance and not lead.main_substance:
        Lead.objects.filter(pk=lead.pk).update(main_substance=addition.main_substance)
    note_enquiry(lead, EventKind.ANSWERED_MORE, addition)
    if lead.can_wait:
        _let_it_wait_no_more(lead)
    if addition.worse_on:
        page = Page(enquiry=addition.worse_on, opened_lead=addition.worse_on == lead.reference)
        note_got_worse(lead=lead, page=page, at=addition.received_at)
    touch_queues()
    return lead


def _keep_to_stated_ways(lead: Lead, addition: NewEnquiry) -> None:
    caller = _locked(lead.caller_id)
    update_from_repeat_enquiry(person=caller, details=addition.caller)
    if not caller.may_email:
        cancel_unsent_messages(about=lead.pk, audience=Audience.CALLER)


def _let_it_wait_no_more(lead: Lead) -> None:
    """Have it placed with those that are urgent: what joins a lead may raise it, whatever it says itself."""
    lead.can_wait = False
    lead.save(update_fields=["can_wait"])


def _locked(person: UUID) -> Person:
    """Return somebody as they are now: they may have asked us to stop a moment ago."""
    return Person.objects.select_for_update().get(pk=person)
