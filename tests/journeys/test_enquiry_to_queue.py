"""A person in withdrawal writes at night; the lead stands in the urgent queue with its reasons."""

import pytest

from crm.enums import EventKind, LeadChannel, Level, Queue
from crm.models import LeadEvent, Site
from intake.contact import parse_contact
from intake.services.placement import place_lead
from intake.services.reconciliation import reconcile
from intake.services.submission import Submission, submit_enquiry
from intake.triage.answers import parse_answers
from jobs.clock import database_now
from jobs.models import Job

SHAKING = {
    "enquirer": "self",
    "age_band": "18_64",
    "substances": [
        {
            "name": "alcohol",
            "freq": "daily",
            "amount_per_day": 18,
            "status": "stopped",
            "hours_since_last": 18,
        }
    ],
    "symptoms": ["tremor", "sweating"],
    "suicide": "none_disclosed",
}


def _submission(site: Site, key: str = "key-1", words: str = "") -> Submission:
    return Submission(
        answers=parse_answers(SHAKING | {"free_text": words}),
        contact=parse_contact({"phone": "07700 900123", "name": "Ada Example"}),
        site=site,
        channel=LeadChannel.WEB,
        form_version="test",
        idempotency_key=key,
    )


@pytest.mark.django_db
def test_an_urgent_enquiry_is_placed_with_its_reasons_and_staff_are_alerted(
    site: Site, coordinator: object
) -> None:
    at = database_now()
    receipt = submit_enquiry(submission=_submission(site), at=at)
    lead = receipt.enquiry.lead
    assert lead
    assert lead.queue == Queue.UNROUTED
    assert Job.objects.filter(kind="intake.tasks.place_lead", subject=receipt.enquiry.pk).count() == 1

    place_lead(enquiry_id=receipt.enquiry.pk, at=at)

    lead.refresh_from_db()
    assert (lead.queue, lead.level) == (Queue.URGENT, Level.U1)
    assert {rule["id"] for rule in lead.placements.get().rules} >= {"alcohol-withdrawal-symptoms"}
    assert LeadEvent.objects.filter(lead=lead, kind=EventKind.ALERT_STEP).exists()
    assert reconcile().unaccounted == 0


@pytest.mark.django_db
def test_a_second_enquiry_joins_the_open_lead_and_raises_it_one_level(site: Site) -> None:
    at = database_now()
    first = submit_enquiry(submission=_submission(site), at=at).enquiry
    place_lead(enquiry_id=first.pk, at=at)
    second = submit_enquiry(submission=_submission(site, key="key-2", words="It is worse."), at=at).enquiry
    place_lead(enquiry_id=second.pk, at=at)

    assert second.lead == first.lead
    second.lead.refresh_from_db()
    assert second.lead.level == Level.E2
    assert second.lead.enquiry_count == 2
