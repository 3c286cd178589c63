"""A call becomes an enquiry: with all that was said, or, where nobody answered, with its number alone."""

from datetime import datetime

from crm.enums import LeadChannel
from crm.models import PhoneCall, User
from crm.services.phone_settling import join_lead
from intake.contact import parse_contact
from intake.services.answering import Answer
from intake.services.submission import Submission, submit_as_typed
from intake.triage.answers import parse_answers

FORM = "missed-call-1"


def enquiry_of_missed_call(*, call: PhoneCall, by: User, at: datetime) -> Answer:
    """Open a lead that is no more than a number to ring, and settle the call with it; twice makes one.

    Raises ContactError for a call from a withheld number.
    """
    submission = Submission(
        answers=parse_answers({"enquirer": "phone"}),
        contact=parse_contact({"phone": call.number, "safe_contact": {"call": True, "email": False}}),
        site=call.site,
        channel=LeadChannel.PHONE,
        form_version=FORM,
        idempotency_key=f"call:{call.pk}",
        source={"line": call.line.name} if call.line else {},
        taken_by=by,
    )
    return enquiry_of_call(call=call, submission=submission, by=by, at=at)


def enquiry_of_call(*, call: PhoneCall | None, submission: Submission, by: User, at: datetime) -> Answer:
    """Take down an enquiry, and make the call that it came by, if there is one, part of its lead."""
    receipt = submit_as_typed(submission=submission, at=at)
    receipt.enquiry.refresh_from_db(fields=["lead"])
    if call and receipt.enquiry.lead:
        join_lead(call=call, lead=receipt.enquiry.lead, by=by, at=at)
    return receipt.answer
