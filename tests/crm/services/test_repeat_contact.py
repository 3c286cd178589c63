"""What a later enquiry may change of a person, and what it may not."""

from typing import Any

import pytest

from crm.models import Person
from crm.services.people import PersonDetails, create_person, update_from_repeat_enquiry
from jobs.clock import database_now

pytestmark = pytest.mark.django_db
ADA = {"name": "Ada", "phone": "07700 900123", "phone_e164": "+447700900123", "may_call": True}


def repeated(**later: Any) -> Person:
    person = create_person(details=PersonDetails(**ADA), at=database_now())
    update_from_repeat_enquiry(person=person, details=PersonDetails(**later))
    return Person.objects.get(pk=person.pk)


def test_another_number_is_kept_for_the_coordinator_to_see() -> None:
    person = repeated(phone="07700 900999", phone_e164="+447700900999", may_call=True)
    assert person.phone == "07700 900123"
    assert "Also gave, unverified: 07700 900999" in person.contact_note


def test_the_same_number_in_another_form_is_no_news() -> None:
    assert repeated(phone="+44 7700 900123", phone_e164="+447700900123", may_call=True).contact_note == ""


def test_an_address_that_was_missing_is_filled_in_and_noted() -> None:
    person = repeated(email="ada@example.com", may_email=True)
    assert (person.email, person.may_email) == ("ada@example.com", True)
