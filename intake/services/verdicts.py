"""A verdict on a suspect enquiry: the desk decides, and what the rules have not placed yet is placed now."""

from datetime import datetime

from django.db import transaction

from crm.enums import Queue
from crm.models import Lead, User
from crm.services.review import accept_from_review
from jobs.services.enqueue import enqueue_job


@transaction.atomic
def accept_enquiry(*, lead: Lead, by: User, at: datetime) -> None:
    """Take a suspect enquiry on. Raises NotInReview when a colleague was quicker.

    Its first placing job may have given up while it waited; then this is another chance.
    """
    accept_from_review(lead=lead, by=by, at=at)
    lead.refresh_from_db()
    if lead.queue != Queue.UNROUTED:
        return
    for enquiry in lead.enquiries.only("pk"):
        enqueue_job(
            kind="intake.tasks.place_lead",
            subject=enquiry.pk,
            due_at=at,
            dedupe_key=f"place:{enquiry.pk}:accepted",
        )
