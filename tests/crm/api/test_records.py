"""GET /api/v1/leads/{reference}."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.enums import EventKind, Level
from crm.models import Lead, LeadAccess, LeadReference, Site, User
from crm.references import new_reference
from intake.services.placement import place_lead
from intake.services.submission import submit_enquiry
from jobs.clock import database_now
from tests.crm.api.conftest import Api
from tests.factories import (
    ContactAttemptFactory,
    LeadEventFactory,
    LeadFactory,
    PersonFactory,
    PlacementFactory,
)
from tests.factories.enquiries import DRINKER, submission

pytestmark = pytest.mark.django_db


def arrived(site: Site, **changes: Any) -> Lead:
    """Return the lead of an enquiry that came in and was placed."""
    enquiry = submit_enquiry(submission=submission(site, **changes), at=database_now()).enquiry
    place_lead(enquiry_id=enquiry.pk, at=database_now())
    return Lead.objects.get(enquiries=enquiry)


def test_the_record_tells_the_whole_story(as_coordinator: Api, site: Site) -> None:
    lead = arrived(site, said=DRINKER | {"free_text": "I cannot stop"}, safe_contact=["call"])
    record = as_coordinator(f"leads/{lead.reference}").json()
    assert (record["queue"], record["level"], record["stage"]) == ("urgent", "U1", "new")
    [placement] = record["placements"]
    assert "alcohol-withdrawal-symptoms" in [rule["id"] for rule in placement["rules"]]
    assert placement["answers"]["free_text"] == "I cannot stop"
    assert (placement["decided_by"], placement["rule_set_version"] != "") == (None, True)
    assert record["told"][0]["texts"][0].startswith("Do not stop drinking suddenly")
    assert record["told"][0]["enquiry"] == lead.reference
    assert {"Enquiry received", "Placed in a queue"} <= {entry["title"] for entry in record["timeline"]}
    assert record["site"] == site.name


def test_the_people_come_with_how_they_may_be_reached(as_coordinator: Api, site: Site) -> None:
    said = {"enquirer": "loved_one", "person_aware": "no"}
    lead = arrived(site, said=said, patient_name="Tom", safe_contact={"call": True, "note": "after six"})
    caller, patient = as_coordinator(f"leads/{lead.reference}").json()["people"]
    assert (caller["name"], caller["phone"], caller["phone_e164"]) == (
        "Ada Example",
        "07700 900123",
        "+447700900123",
    )
    assert (caller["safe"], caller["contact_note"]) == (["Calls", "E-mail"], "after six")
    assert "No voicemail" in caller["unsafe"]
    assert (patient["name"], patient["no_contact"], patient["safe"]) == ("Tom", True, [])


def test_every_reference_that_was_ever_given_finds_the_lead(as_coordinator: Api, site: Site) -> None:
    lead = LeadFactory(site=site)
    known = LeadReference.objects.create(reference=new_reference(), lead=lead).reference
    for typed in (lead.reference, known, known.lower().replace("-", " ")):
        assert as_coordinator(f"leads/{typed}").json()["reference"] == lead.reference


def test_each_read_goes_on_record(as_coordinator: Api, coordinator: User, site: Site) -> None:
    lead = LeadFactory(site=site)
    as_coordinator(f"leads/{lead.reference}")
    access = LeadAccess.objects.get()
    assert (access.lead, access.by, access.what) == (lead, coordinator, "api")


def test_an_unplaced_lead_counts_as_u1(as_coordinator: Api, site: Site) -> None:
    record = as_coordinator(f"leads/{LeadFactory(site=site, unrouted=True).reference}").json()
    assert (record["level"], record["is_unplaced"], record["placements"]) == ("U1", True, [])


def test_a_long_history_costs_as_many_queries_as_a_short_one(as_coordinator: Api, site: Site) -> None:
    lead = LeadFactory(site=site, patient=PersonFactory())

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert as_coordinator(f"leads/{lead.reference}").status_code == 200
        return len(queries)

    count()
    short = count()
    for _ in range(30):
        LeadEventFactory(lead=lead, kind=EventKind.NOTE_ADDED, by=ContactAttemptFactory(lead=lead).by)
        PlacementFactory(lead=lead, level=Level.U2)
    assert count() == short


def test_nothing_of_it_is_cached(as_coordinator: Api, site: Site) -> None:
    response = as_coordinator(f"leads/{LeadFactory(site=site).reference}")
    assert "no-store" in response.headers["Cache-Control"]
