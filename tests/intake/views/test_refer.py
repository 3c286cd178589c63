"""Referring somebody: who refers, whether they agree, and the way for somebody under 18."""

import pytest
from django.test import Client

from crm.models import Lead, Person, Site
from intake.models import Enquiry
from tests.intake.forms.sent import REFERRAL
from tests.intake.views.pages import document, main, title, words

pytestmark = pytest.mark.django_db


def test_role_and_organisation_are_asked_for_and_nothing_typed_is_lost(client: Client, centre: Site) -> None:
    response = client.post("/refer/", REFERRAL | {"job_title": "", "organisation": "", "born": "40"})
    assert response.status_code == 422
    assert title(response).startswith("Error: ")
    page = document(response)
    errors = [words(each) for each in page.iterfind(".//div[@data-error-summary]//a")]
    assert errors == ["Write your role, such as GP or key worker.", "Write the name of your organisation."]
    assert page.find(".//input[@name='born']").get("value") == "40"
    assert words(page.find(".//textarea[@name='free_text']")) == REFERRAL["free_text"]


def test_danger_comes_before_what_is_to_be_corrected(client: Client, centre: Site) -> None:
    response = client.post("/refer/", REFERRAL | {"job_title": "", "happening": ["seizure_24h"]})
    assert document(response).find(".//main//section").get("class") == "alarm"


@pytest.mark.parametrize("age", [{"born": "15"}, {"age_band": "16_17"}])
def test_somebody_under_18_leads_to_the_child_pathway(
    client: Client, centre: Site, age: dict[str, str]
) -> None:
    response = client.post("/refer/", REFERRAL | age, follow=True)
    assert (response.status_code, response.redirect_chain[0][0].split("/")[3]) == (200, "next")
    assert words(document(response).find(".//h1")) == "There is help for young people"
    assert "Finish now" not in main(response)
    onward = document(response).find(".//div[@class='send']/a").get("href")
    assert onward.startswith("/received/")
    assert "services for people under 18" in main(client.get(onward))


def test_danger_comes_before_the_child_pathway(client: Client, centre: Site) -> None:
    sent = REFERRAL | {"born": "15", "happening": ["seizure_24h"]}
    response = client.post("/refer/", sent, follow=True)
    assert words(document(response).find(".//h1")) == "Call 999 now"
    assert "services for people under 18" in main(response)


@pytest.mark.parametrize(("aware", "no_contact"), [("yes", False), ("no", True), ("unknown", True)])
def test_the_person_is_not_contacted_unless_they_agree(
    client: Client, centre: Site, aware: str, no_contact: bool
) -> None:
    assert "Without their agreement we do not call or write to them" in main(client.get("/refer/"))
    client.post("/refer/", REFERRAL | {"person_aware": aware, "patient_name": "Ben"})
    patient = Person.objects.get(pk=Lead.objects.get().patient_id)
    assert (patient.no_contact, patient.phone, patient.email) == (no_contact, "", "")
    assert Enquiry.objects.get().contact["organisation"] == "Example Surgery"
