"""Enquiries of merged leads: all accounted for; what their callers say reaches the lead that goes on."""

from dataclasses import replace
from datetime import timedelta

import pytest

from crm.enums import Level
from crm.models import Lead, Site, User
from crm.services.merging import merge_leads, unmerge_leads
from intake.models import Enquiry
from intake.selectors import enquiry_by_token
from intake.services.placement import place_lead
from intake.services.reconciliation import Reconciliation, reconcile
from intake.services.submission import submit_enquiry
from intake.tokens import received_token
from jobs.clock import database_now
from tests.factories.enquiries import IN_DANGER, submission

pytestmark = pytest.mark.django_db
BEA = {"name": "Bea Other", "phone": "07700 900555", "email": "bea@example.org"}


def arrive(site: Site, *, placed: bool = True, **sent: object) -> Enquiry:
    enquiry = submit_enquiry(submission=submission(site, **sent), at=database_now()).enquiry  # type: ignore[arg-type]
    if placed:
        place_lead(enquiry_id=enquiry.pk, at=database_now())
    return Enquiry.objects.select_related("lead").get(pk=enquiry.pk)


def merge(duplicate: Enquiry, survivor: Enquiry, by: User) -> Lead:
    assert duplicate.lead
    assert survivor.lead
    merge_leads(duplicate=duplicate.lead, survivor=survivor.lead, by=by, at=database_now())
    return Lead.objects.get(pk=survivor.lead_id)


def test_every_enquiry_is_accounted_for_merged_and_parted(site: Site, coordinator: User) -> None:
    ada, bea = arrive(site), arrive(site, **BEA)
    merge(bea, ada, coordinator)
    assert reconcile() == Reconciliation(received=2, on_leads=2, in_review=0)
    assert bea.lead
    unmerge_leads(duplicate=bea.lead, by=coordinator, at=database_now())
    assert reconcile() == Reconciliation(received=2, on_leads=2, in_review=0)


def test_the_merged_leads_caller_enquires_again_and_joins_the_survivor(site: Site, coordinator: User) -> None:
    ada, bea = arrive(site), arrive(site, **BEA)
    survivor = merge(bea, ada, coordinator)
    again = arrive(site, **BEA)
    survivor.refresh_from_db()
    assert (again.lead, survivor.enquiry_count) == (survivor, 3)
    assert reconcile().unaccounted == 0


def test_what_the_rules_say_of_a_merged_lead_goes_to_the_survivor(site: Site, coordinator: User) -> None:
    """It was merged in the moment before it was placed: an emergency is not lost in a closed lead."""
    ada, bea = arrive(site), arrive(site, placed=False, said=IN_DANGER, **BEA)
    survivor = merge(bea, ada, coordinator)
    place_lead(enquiry_id=bea.pk, at=database_now())
    survivor.refresh_from_db()
    assert survivor.level == Level.E1


def test_the_merged_callers_page_speaks_of_the_lead_that_goes_on(site: Site, coordinator: User) -> None:
    ada, bea = arrive(site), arrive(site, **BEA)
    survivor = merge(bea, ada, coordinator)
    found = enquiry_by_token(received_token(bea.pk), database_now())
    assert found
    assert found.lead == survivor


def test_an_emergency_enquiry_is_not_reopened_as_a_duplicate(site: Site, coordinator: User) -> None:
    """Nobody enquires twice into a lead that was merged away: a repeat goes on where the work is."""
    ada, bea = arrive(site), arrive(site, **BEA)
    merge(bea, ada, coordinator)
    later = replace(submission(site, said=IN_DANGER, **BEA))
    enquiry = submit_enquiry(submission=later, at=database_now() + timedelta(seconds=1)).enquiry
    place_lead(enquiry_id=enquiry.pk, at=database_now())
    assert Lead.objects.get(pk=bea.lead_id).merged_into_id == ada.lead_id
    assert Lead.objects.get(pk=ada.lead_id).level == Level.E1
