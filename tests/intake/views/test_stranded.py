"""What could not be made a lead can still be rung back."""

from datetime import timedelta

import pytest
from django.test import Client

from crm.models import Site, User
from intake.services.submission import submit_enquiry
from jobs.clock import database_now
from tests.factories.enquiries import submission
from tests.intake.services.refusing import refusing_inserts

pytestmark = pytest.mark.django_db
URL = "/desk/stranded/"


@pytest.fixture
def reference(site: Site) -> str:
    """An enquiry of two minutes ago whose second transaction failed."""
    with refusing_inserts("crm_leadreference"):
        receipt = submit_enquiry(submission=submission(site), at=database_now() - timedelta(minutes=2))
    return receipt.enquiry.reference


def test_it_says_whom_to_ring(desk: Client, reference: str) -> None:
    page = desk.get(URL).content.decode()
    assert [said for said in (reference, "Ada Example", "07700 900123") if said not in page] == []


def test_nobody_sees_those_of_other_sites(client: Client, outsider: User, reference: str) -> None:
    client.force_login(outsider)
    assert reference not in client.get(URL).content.decode()


def test_it_is_for_staff_and_for_reading(desk: Client) -> None:
    assert Client().get(URL).status_code == 302
    assert desk.post(URL).status_code == 405


def test_nothing_is_stranded_as_a_rule(desk: Client) -> None:
    assert "Every enquiry is on a lead" in desk.get(URL).content.decode()
