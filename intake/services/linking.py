"""The second transaction: an enquiry becomes part of exactly one lead, and its jobs are written."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from crm.enums import CallerRole, LeadChannel
from crm.models import Lead
from crm.services.acknowledgement import acknowledge_enquiry
from crm.services.leads import NewEnquiry, open_or_join_lead
from intake.contact import Contact, parse_contact
from intake.enums import Hold
from intake.models import Enquiry
from intake.persons import caller_details, patient_details
from intake.services.answering import Answer, new_answer, triage_in_request
from intake.services.screening import review_reason
from intake.sources import source_name
from intake.triage.answers import Answers, parse_answers
from intake.triage.engine import Triage
from jobs.services.enqueue import enqueue_job


@transaction.atomic
def link_enquiry(*, enquiry_id: UUID, at: datetime) -> Enquiry:
    """Open or join the enquiry's lead and write its jobs, once; a second call changes nothing.

    The row lock makes fifty simultaneous submissions with one key wait for the first and then agree with it.
    """
    enquiry = Enquiry.objects.select_for_update(of=("self",)).select_related("site").get(pk=enquiry_id)
    if enquiry.lead_id:
        return enquiry
    answers, contact = parse_answers(enquiry.answers), parse_contact(enquiry.contact)
    result = triage_in_request(answers)
    answer = new_answer(enquiry, answers, result)
    lead = open_or_join_lead(enquiry=_for_the_desk(enquiry, answers, contact, result, answer), at=at)
    return _finish(enquiry, lead, answer, at)


def _finish(enquiry: Enquiry, lead: Lead, answer: Answer, at: datetime) -> Enquiry:
    enqueue_job(
        kind="intake.tasks.place_lead", subject=enquiry.pk, due_at=at, dedupe_key=f"place:{enquiry.pk}"
    )
    if enquiry.channel != LeadChannel.PHONE:
        acknowledge_enquiry(lead=lead, key=enquiry.reference, call_by=answer.call_by, at=at)
    enquiry.lead, enquiry.linked_at = lead, at
    enquiry.answer = answer.to_dict() | {"reference": lead.reference}
    enquiry.save(update_fields=["lead", "linked_at", "answer"])
    return enquiry


def _for_the_desk(
    enquiry: Enquiry, answers: Answers, contact: Contact, result: Triage, answer: Answer
) -> NewEnquiry:
    watched = Hold.SAFE_CONTACT in result.holds
    return NewEnquiry(
        reference=enquiry.reference,
        site=enquiry.site,
        channel=LeadChannel(enquiry.channel),
        caller_role=CallerRole(answers.enquirer),
        caller=caller_details(contact, only_stated=watched),
        patient=patient_details(answers, contact),
        call_by=answer.call_by,
        told=answer.messages,
        flags=enquiry.flags,
        source=source_name(enquiry.source, LeadChannel(enquiry.channel)),
        main_substance=_main_substance(answers),
        review_reason="" if result.level.is_emergency else review_reason(enquiry.flags),
        wants_interpreter=contact.interpreter[:50],
        received_at=enquiry.received_at,
    )


def _main_substance(answers: Answers) -> str:
    """Return the first substance or behaviour named: what the caller put first is what they came about."""
    named = [substance.name for substance in answers.substances] + list(answers.behaviours)
    return str(named[0]) if named else ""
