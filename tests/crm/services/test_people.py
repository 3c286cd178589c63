"""A later enquiry from the same number: what is known stays, and nothing gets less safe."""

from typing import Any

import pytest

from crm.enums import ContactMethod
from crm.models import Person
from crm.services.people import PersonDetails, create_person, update_from_repeat_enquiry
from jobs.clock import database_now
from vault.tokens import email_search, name_search, phone_search

pytestmark = pytest.mark.django_db
SAFE = {"may_call": True, "may_voicemail": True, "may_text": True, "may_email": True}


def person(**said: Any) -> Person:
    return create_person(details=PersonDetails(**said), at=database_now())


def after(known: Person, **said: Any) -> Person:
    update_from_repeat_enquiry(person=known, details=PersonDetails(**said))
    return Person.objects.get(pk=known.pk)


def test_a_person_is_found_by_phone_address_and_the_beginning_of_a_name() -> None:
    ada = person(
        name="Ada Example", phone="07700 900123", phone_e164="+447700900123", email="ada@example.org"
    )
    for wanted in (phone_search("+447700900123"), email_search("ADA@example.org"), *name_search("exam ada")):
        assert Person.objects.get(search_tokens__overlap=wanted) == ada


def test_blanks_are_filled() -> None:
    known = after(
        person(phone="1"),
        name="Ada",
        phone="2",
        email="ada@example.org",
        contact_note="after six",
        may_email=True,
    )
    assert (known.name, known.phone, known.email, known.contact_note) == (
        "Ada",
        "1",
        "ada@example.org",
        "after six\nAlso gave, unverified: 2",
    )
    assert known.may_email


def test_what_is_known_is_kept() -> None:
    said = {"name": "Ada", "phone": "1", "email": "ada@example.org", "contact_note": "after six"}
    assert (
        after(person(**said), name="Bea", phone="2", email="bea@example.org", contact_note="never").name
        == "Ada"
    )
    known = Person.objects.get()
    news = "after six\nAlso gave, unverified: 2, bea@example.org"
    assert {name: getattr(known, name) for name in said} == said | {"contact_note": news}


def test_both_ways_to_be_found_are_kept() -> None:
    known = after(person(phone="07700 900123"), phone="07700 900456", email="ada@example.org")
    for wanted in (
        phone_search("07700 900123"),
        phone_search("07700 900456"),
        email_search("ada@example.org"),
    ):
        assert Person.objects.get(search_tokens__overlap=wanted) == known


@pytest.mark.parametrize(
    "method", [ContactMethod.CALL, ContactMethod.VOICEMAIL, ContactMethod.TEXT, ContactMethod.EMAIL]
)
def test_a_way_stays_safe_only_if_both_enquiries_say_so(method: ContactMethod) -> None:
    reach = {"phone": "07700 900123", "email": "ada@example.org"}
    way = f"may_{method.value.lower()}"
    assert after(person(**reach, **SAFE), **reach, **SAFE).allows(method)
    assert not after(person(**reach, **SAFE), **reach, **(SAFE | {way: False})).allows(method)
    assert not after(person(**reach, **(SAFE | {way: False})), **reach, **SAFE).allows(method)


def test_an_enquiry_that_does_not_name_a_number_says_nothing_about_it() -> None:
    known = after(person(phone="07700 900123", may_call=True), email="ada@example.org", may_email=True)
    assert known.allows(ContactMethod.CALL)
    assert known.allows(ContactMethod.EMAIL)


def test_do_not_contact_is_never_taken_back_by_an_enquiry() -> None:
    assert after(person(name="Tom", no_contact=True), name="Tom").no_contact
    assert after(person(name="Tim"), name="Tim", no_contact=True).no_contact


def test_letters_stay_safe_only_if_both_enquiries_say_so() -> None:
    known = person(may_post=True, postal_address="1 Example Street")
    assert not after(known, may_post=False, postal_address="2 Example Street").may_post
    assert Person.objects.get().postal_address == "1 Example Street"


def test_other_words_to_mind_are_news_and_change_nothing_by_themselves() -> None:
    known = after(person(safe_times="after six", ask_for="Jo"), safe_times="before noon", say_instead="Sam")
    assert (known.safe_times, known.ask_for, known.say_instead) == ("after six", "Jo", "Sam")
    assert known.contact_note == "Also gave, unverified: before noon"


def test_somebody_who_asked_us_to_stop_is_reached_in_no_way() -> None:
    known = person(**SAFE, may_post=True)
    known.stopped_at = database_now()
    assert not any(known.allows(way) for way in ContactMethod)
