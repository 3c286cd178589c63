"""Finding a lead by what somebody says on the phone."""

from importlib import import_module

import pytest
from django.apps import apps
from pytest_django.fixtures import Settings

from crm.models import Lead, LeadReference, Person, Site, User
from crm.references import new_reference
from crm.selectors.open_leads import open_leads_of
from crm.selectors.people import MOST_FOUND, find_leads, is_too_short
from crm.services.people import PersonDetails, create_person
from jobs.clock import database_now
from tests.factories import LeadFactory
from vault.keysets import with_added_key, with_latest_primary
from vault.tokens import phone_end_tokens


@pytest.fixture
def person(db: None) -> Person:
    details = PersonDetails(
        name="Zoë van der Meulen-O'Brien",
        phone="07700 900123",
        phone_e164="+447700900123",
        email="Zoe.Meulen@Example.org",
    )
    return create_person(details=details, at=database_now())


@pytest.fixture
def lead(site: Site, person: Person) -> Lead:
    LeadFactory(site=site)
    return LeadFactory(site=site, caller=person)


@pytest.mark.parametrize(
    "query",
    [
        "07700 900123",
        "07700900123",
        "+44 7700 900123",
        "0044 7700 900 123",
        "(07700) 900-123",
        "+44 (0)7700 900123",
        "07700.900.123",
    ],
)
def test_a_number_is_found_in_any_form(coordinator: User, lead: Lead, query: str) -> None:
    assert find_leads(user=coordinator, query=query) == [lead]


@pytest.mark.parametrize("typed", ["12345678", "ext. 12345678", "12 34 56 78"])
def test_a_number_that_nobody_can_read_is_found_by_its_digits(
    site: Site, coordinator: User, typed: str
) -> None:
    odd = create_person(details=PersonDetails(phone="1234-5678"), at=database_now())
    lead = LeadFactory(site=site, caller=odd)
    assert find_leads(user=coordinator, query=typed) == [lead]


@pytest.mark.parametrize("query", ["zoe.meulen@example.org", " ZOE.MEULEN@EXAMPLE.ORG "])
def test_an_address_is_found_in_any_case(coordinator: User, lead: Lead, query: str) -> None:
    assert find_leads(user=coordinator, query=query) == [lead]


@pytest.mark.parametrize("query", ["zoe", "ZOË", "meul", "Meulen Zoe", "brien", "zoe o", "van der"])
def test_a_name_is_found_by_the_beginnings_of_its_words(coordinator: User, lead: Lead, query: str) -> None:
    assert find_leads(user=coordinator, query=query) == [lead]


@pytest.mark.parametrize("query", ["zoe smith", "eulen", "+44 7700 900124", "zoe@example.org"])
def test_what_does_not_match_is_not_found(coordinator: User, lead: Lead, query: str) -> None:
    assert find_leads(user=coordinator, query=query) == []


@pytest.mark.parametrize("query", ["", "  ", "zo", "z o e", "12345", "🙂", "%", "'"])
def test_what_is_too_short_finds_nothing_and_says_so(coordinator: User, lead: Lead, query: str) -> None:
    assert find_leads(user=coordinator, query=query) == []
    assert is_too_short(query)


def test_any_of_a_leads_references_finds_it(coordinator: User, lead: Lead) -> None:
    second = LeadReference.objects.create(lead=lead, reference=new_reference()).reference
    for query in (lead.reference, second, second.lower(), second.replace("-", " "), f" {second} "):
        assert find_leads(user=coordinator, query=query) == [lead]


def test_the_prospective_patient_is_found_too(site: Site, coordinator: User, person: Person) -> None:
    lead = LeadFactory(site=site, patient=person)
    assert find_leads(user=coordinator, query="zoe") == [lead]


def test_leads_of_other_sites_are_not_found(outsider: User, lead: Lead) -> None:
    for query in (lead.reference, "zoe", "07700 900123", "zoe.meulen@example.org"):
        assert find_leads(user=outsider, query=query) == []


def test_the_newest_are_shown_and_not_too_many(site: Site, coordinator: User, person: Person) -> None:
    for _ in range(MOST_FOUND + 1):
        LeadFactory(site=site, caller=person)
    found = find_leads(user=coordinator, query="zoe")
    assert len(found) == MOST_FOUND
    assert found == sorted(found, key=lambda lead: lead.received_at, reverse=True)


def test_people_are_still_found_after_the_search_key_was_rotated(
    coordinator: User, lead: Lead, settings: Settings
) -> None:
    with_two_keys = with_added_key(settings.VAULT_KEYSETS, name="prf")
    settings.VAULT_KEYSETS = with_latest_primary(with_two_keys, name="prf")
    for query in ("zoe", "07700 900123", "zoe.meulen@example.org"):
        assert find_leads(user=coordinator, query=query) == [lead]


@pytest.mark.parametrize("query", ["900 123", "0900123", "00-900-123", "ends in 900123"])
def test_half_a_number_finds_its_caller(lead: Lead, coordinator: User, query: str) -> None:
    assert find_leads(user=coordinator, query=query) == [lead]


@pytest.mark.parametrize("query", ["07800 900123", "900 124", "00123"])
def test_another_number_that_ends_the_same_does_not(lead: Lead, coordinator: User, query: str) -> None:
    assert find_leads(user=coordinator, query=query) == []


@pytest.mark.parametrize("cut", [4, 5, 6, 7, 8])
def test_a_reference_is_found_by_its_beginning(lead: Lead, coordinator: User, cut: int) -> None:
    assert lead in find_leads(user=coordinator, query=lead.reference[:cut].lower().replace("-", " "))


@pytest.mark.parametrize("query", ["Dr Meulen", "meulen zo", "mr zoë"])
def test_a_word_too_short_to_look_for_is_left_out_where_nothing_else_is_found(
    lead: Lead, coordinator: User, query: str
) -> None:
    assert find_leads(user=coordinator, query=query) == [lead]


def test_half_a_number_never_joins_two_people(site: Site, person: Person) -> None:
    LeadFactory(site=site, caller=person)
    other = PersonDetails(phone="01632 900123", phone_e164="+441632900123")
    assert not open_leads_of(site=site, tokens=other.lookup_tokens, caller_role="self").exists()


def test_people_from_before_are_found_by_the_end_of_their_number(
    lead: Lead, person: Person, coordinator: User
) -> None:
    known = set(person.search_tokens) - set(phone_end_tokens(person.phone_e164))
    Person.objects.filter(pk=person.pk).update(search_tokens=sorted(known))
    assert find_leads(user=coordinator, query="900123") == []
    migration = import_module("crm.migrations.0029_people_are_found_by_the_end_of_a_number")
    migration.note_ends(apps, None)
    assert find_leads(user=coordinator, query="900123") == [lead]
