"""Many submissions in the same moment, each on a connection of its own."""

from itertools import count
from uuid import uuid4

import pytest

from crm.models import Lead, LeadEvent, Person, Site
from intake.models import Enquiry
from intake.services.reconciliation import reconcile
from intake.services.submission import KeyReused, Receipt, submit_enquiry
from jobs.clock import database_now
from jobs.models import Job
from tests.factories import SiteFactory
from tests.factories.enquiries import ADA, DRINKER, submission
from tests.jobs.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def _submit(site: Site, **changes: object) -> Receipt:
    return submit_enquiry(submission=submission(site, **changes), at=database_now())


def test_fifty_submissions_with_one_key_make_one_lead_and_get_identical_answers(site: Site) -> None:
    receipts = at_once(50, lambda: _submit(site, key="one", said=DRINKER))
    assert len({receipt.enquiry.pk for receipt in receipts}) == 1
    assert all(receipt.answer == receipts[0].answer for receipt in receipts)
    assert Enquiry.objects.count() == Lead.objects.count() == Person.objects.count() == 1
    assert LeadEvent.objects.count() == 1
    assert Job.objects.filter(kind="intake.tasks.place_lead").count() == 1
    assert reconcile().unaccounted == 0


def test_of_many_bodies_with_one_key_the_first_is_kept(site: Site) -> None:
    numbers = count(100)

    def submit() -> Receipt | None:
        try:
            return _submit(site, key="one", phone=f"07700 900{next(numbers)}")
        except KeyReused:
            return None

    kept = [receipt for receipt in at_once(10, submit) if receipt]
    assert len(kept) == 1
    assert Enquiry.objects.get().pk == kept[0].enquiry.pk
    assert Lead.objects.get().enquiry_count == 1


def test_different_enquiries_of_one_number_end_on_one_lead(site: Site) -> None:
    at_once(12, lambda: _submit(site, key=str(uuid4()), email=f"{uuid4().hex}@example.org"))
    assert Enquiry.objects.count() == 12
    assert Lead.objects.get().enquiry_count == 12
    assert reconcile().on_leads == 12


def test_numbers_and_addresses_that_cross_do_not_wait_for_each_other_for_ever(site: Site) -> None:
    ways = [("07700 900001", "a@example.org"), ("07700 900002", "b@example.org")]
    turns = count()

    def submit() -> Receipt:
        turn = next(turns)
        return _submit(site, phone=ways[turn % 2][0], email=ways[(turn // 2) % 2][1])

    at_once(16, submit)
    assert reconcile().on_leads == 16


def test_one_number_at_two_sites_makes_two_leads(site: Site) -> None:
    other = SiteFactory()
    turns = count()
    at_once(8, lambda: _submit([site, other][next(turns) % 2]))
    assert {lead.site_id: lead.enquiry_count for lead in Lead.objects.all()} == {site.pk: 4, other.pk: 4}


def test_a_different_person_at_the_same_number_is_another_lead(site: Site) -> None:
    names = count()
    at_once(6, lambda: _submit(site, name=f"{ADA['name']} {next(names) % 2}"))
    assert sorted(Lead.objects.values_list("enquiry_count", flat=True)) == [3, 3]
