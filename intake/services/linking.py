"""The second transaction: an enquiry becomes part of exactly one lead, and its jobs are written."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self, cast
from uuid import UUID

from django.db import connection, transaction

from crm.enums import CallerRole, LeadChannel, Level
from crm.models import Lead
from crm.services.acknowledgement import acknowledge_enquiry
from crm.services.additions import add_to_lead
from crm.services.leads import NewEnquiry, open_or_join_lead
from intake.contact import Contact
from intake.enums import Hold
from intake.models import Enquiry
from intake.persons import caller_details, patient_details
from intake.services.answering import Answer, new_answer, triage_in_request
from intake.services.closing import as_read
from intake.services.screening import review_reason
from intake.sources import campaign_name, source_name
from intake.triage.answers import Answers, parse_answers
from intake.triage.engine import Triage
from jobs.enums import JobQueue
from jobs.services.enqueue import enqueue_job

NOT_ACKNOWLEDGED = (LeadChannel.PHONE, LeadChannel.IMPORT)  # somebody else typed it, perhaps days ago
SAYS_WORSE = "worse-1"  # the form in which somebody says that it has got worse

# The commit of this transaction need not wait for the disk: the enquiry is on it already, and whatever a
# power cut takes away here, the sweep writes again (intake.services.repair).
LOCK = """
    SELECT lead_id, set_config('synchronous_commit', 'off', true)
    FROM intake_enquiry WHERE id = %s FOR UPDATE
"""
# Once for each enquiry: a third of the time that save() takes.
FINISH = "UPDATE intake_enquiry SET lead_id = %s, linked_at = %s, answer = %s WHERE id = %s"


@dataclass(frozen=True, slots=True)
class Heard:
    """A stored enquiry, read and triaged, with what its caller is told."""

    enquiry: Enquiry
    answers: Answers
    contact: Contact
    triage: Triage
    answer: Answer

    @classmethod
    def of(cls, enquiry: Enquiry, answers: Answers, contact: Contact) -> Self:
        result = triage_in_request(answers)
        return cls(enquiry, answers, contact, result, new_answer(enquiry, answers, result))

    @classmethod
    def again(cls, enquiry: Enquiry) -> Self:
        """Read a stored enquiry, whoever stored it."""
        return cls.of(enquiry, parse_answers(enquiry.answers), Contact.model_validate(enquiry.contact))


@transaction.atomic
def link_enquiry(*, heard: Heard, at: datetime, was_answered: bool = False) -> Enquiry:
    """Open or join the enquiry's lead and write its jobs, once; a second call changes nothing.

    The row lock makes fifty simultaneous submissions with one key wait for the first and then agree with it.
    A caller whose enquiry joins a lead is told the lead's reference, unless they `was_answered` before.
    """
    enquiry = heard.enquiry
    if _lock(enquiry.pk):
        enquiry.refresh_from_db(fields=["lead", "linked_at", "answer"])
        return enquiry
    lead = _lead_for(heard, at)
    answer = heard.answer if was_answered else heard.answer.known_as(lead.reference)
    _have_it_placed(heard, lead, at)
    if enquiry.channel not in NOT_ACKNOWLEDGED and not enquiry.adds_to_id:
        acknowledge_enquiry(
            lead=lead, key=enquiry.reference, promise=answer.promise, came_from=enquiry.source, at=at
        )
    return _finish(enquiry, lead, answer, at)


def _have_it_placed(heard: Heard, lead: Lead, at: datetime) -> None:
    enquiry = heard.enquiry
    enqueue_job(
        kind="intake.tasks.place_lead",
        subject=enquiry.pk,
        due_at=at,
        dedupe_key=f"place:{enquiry.pk}",
        queue=JobQueue.PLACING if lead.can_wait else JobQueue.URGENT,  # those that wake somebody pass
    )


def _lead_for(heard: Heard, at: datetime) -> Lead:
    """Return the lead that the enquiry is part of from now on; an addition goes wherever its first one is.

    A first one that is still without a lead gets it here.
    """
    first = heard.enquiry.adds_to
    if first is None:
        return open_or_join_lead(enquiry=_for_the_desk(heard), at=at)
    if first.lead_id is None:
        first = link_enquiry(heard=Heard.again(first), at=at, was_answered=True)
    return add_to_lead(lead_id=cast("UUID", first.lead_id), addition=_for_the_desk(heard))


def _lock(enquiry_id: UUID) -> UUID | None:
    """Take the enquiry for this transaction; return the lead that it is on already, if any."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [enquiry_id])
        return cursor.fetchone()[0]


def _finish(enquiry: Enquiry, lead: Lead, answer: Answer, at: datetime) -> Enquiry:
    enquiry.lead, enquiry.linked_at, enquiry.answer = lead, at, answer.to_dict()
    sealed = Enquiry._meta.get_field("answer").get_db_prep_save(enquiry.answer, connection)
    with connection.cursor() as cursor:
        cursor.execute(FINISH, [lead.pk, at, sealed, enquiry.pk])
    return enquiry


def _for_the_desk(heard: Heard) -> NewEnquiry:
    enquiry, contact = heard.enquiry, heard.contact
    channel = LeadChannel(enquiry.channel)
    watched = Hold.SAFE_CONTACT in heard.triage.holds
    review = "" if heard.triage.level.is_emergency else review_reason(enquiry.flags)
    return NewEnquiry(
        reference=enquiry.reference,
        site=enquiry.site,
        channel=channel,
        caller_role=CallerRole(heard.answers.enquirer),
        caller=caller_details(contact, only_stated=watched),
        patient=patient_details(heard.answers, contact),
        call_by=heard.answer.call_by,
        told=as_read(heard.answer, CallerRole(heard.answers.enquirer), channel),
        hours_told=heard.answer.hours_told,
        flags=enquiry.flags,
        source=source_name(enquiry.source, channel),
        campaign=campaign_name(enquiry.source),
        came_from=enquiry.source,
        main_substance=_main_substance(heard.answers),
        review_reason=review,
        can_wait=bool(review) or heard.triage.level.rank >= Level.U3.rank,
        wants_interpreter=contact.interpreter,
        about=sorted(enquiry.said or ()),
        is_watched=watched,
        worse_on=enquiry.adds_to.reference if enquiry.adds_to and enquiry.form_version == SAYS_WORSE else "",
        received_at=enquiry.received_at,
    )


def _main_substance(answers: Answers) -> str:
    """Return the first substance or behaviour named: what the caller put first is what they came about."""
    named = [substance.name for substance in answers.substances] + list(answers.behaviours)
    return str(named[0]) if named else ""
