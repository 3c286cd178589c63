"""Nobody in the demo exists, and no number of theirs rings anywhere."""

import re
from random import Random

from crm.models import Site
from crm.phone_numbers import read_phone
from intake.demo.hearing import FrontDoor
from intake.demo.people import FAMILY, GIVEN, character, landline, mobile
from jobs.clock import database_now


def test_mobile_numbers_are_of_the_drama_range_however_they_are_typed() -> None:
    rng = Random(1)
    found = {read_phone(mobile(rng))[0] for _ in range(500)}
    assert all(re.fullmatch(r"\+447700900\d{3}", number) for number in found)


def test_landlines_are_of_the_drama_ranges() -> None:
    rng = Random(1)
    drama = re.compile(r"\+44(1\d\d4960\d{3}|1914980\d{3}|2079460\d{3}|2920180\d{3}|1632960\d{3})")
    assert all(drama.fullmatch(read_phone(landline(rng))[0]) for _ in range(500))


def test_people_have_invented_names_and_addresses_that_go_nowhere() -> None:
    rng = Random(1)
    for _ in range(200):
        person = character(rng)
        given, family = person.name.split(" ")
        assert given in GIVEN
        assert family in FAMILY
        assert re.fullmatch(r"[a-z.-]+\d+@example\.(com|org|net)", person.email)


def test_a_reference_is_given_out_once(db: None) -> None:
    front = FrontDoor(Site(), database_now())
    assert front.new_reference(Random(5)) != front.new_reference(Random(5))
