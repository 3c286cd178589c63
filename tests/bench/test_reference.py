"""The reference that the form is measured against still makes the rows of one enquiry, beside the product."""

from datetime import timedelta

import pytest
from django.test import Client

from crm.models import Lead, LeadEvent, Person, Site
from crm.services.unattended import UNPLACED, flag_unattended_leads
from intake.models import Enquiry
from jobs.clock import database_now
from jobs.models import Job

pytestmark = [pytest.mark.urls("bench.urls"), pytest.mark.django_db]
SAID = {"enquirer": "self", "name": "Ada Example", "phone": "07700 900123", "free_text": "Help"}


@pytest.fixture
def centre(site: Site) -> Site:
    site.is_default = True
    site.save()
    return site


def test_the_bare_view_stores_an_enquiry_on_a_lead_with_its_jobs(client: Client, centre: Site) -> None:
    assert client.post("/bench/bare/", SAID).status_code == 302
    enquiry = Enquiry.objects.get()
    assert enquiry.lead == Lead.objects.get()
    assert Person.objects.get().name == "Ada Example"
    assert LeadEvent.objects.filter(lead=enquiry.lead).exists()
    assert Job.objects.exists()


def test_nothing_has_to_be_done_about_its_leads(client: Client, centre: Site) -> None:
    client.post("/bench/bare/", SAID)
    assert not Job.objects.filter(due_at__lte=database_now()).exists()
    assert flag_unattended_leads(wait=UNPLACED, at=database_now() + timedelta(hours=1)) == 0


def test_it_validates_as_the_product_does(client: Client, centre: Site) -> None:
    assert client.post("/bench/bare/", SAID | {"enquirer": "nobody"}).status_code == 422
    assert not Enquiry.objects.exists()


def test_the_product_answers_beside_it(client: Client, centre: Site) -> None:
    assert client.get("/").status_code == client.get("/cy/").status_code == 200
    assert client.get("/nowhere/").status_code == 404
