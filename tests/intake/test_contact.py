"""How to reach somebody: forgiving in form, strict on "reachable"."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.contact import NOT_REACHABLE, Contact, ContactError, parse_contact

PHONE = {"phone": "07700 900123"}


@pytest.mark.parametrize(
    "phone",
    [
        "07700900123",
        "07700 900 123",
        "+44 7700 900123",
        "0044 7700 900123",
        "(07700) 900-123",
        "07700.900.123",
        "tel:+447700900123",
        "01632 960001 ext 12",
        "+1 (202) 555-0143",
        "call 07700 900123 after six",
        "٠٧٧٠٠٩٠٠١٢٣",
        "116",
    ],
)
def test_a_number_is_taken_in_any_form_and_kept_as_typed(phone: str) -> None:
    assert parse_contact({"phone": phone}).phone == phone


@pytest.mark.parametrize(
    "raw", [None, {}, {"phone": ""}, {"phone": "  "}, {"phone": "none"}, {"email": "ada"}, {"name": "Ada"}]
)
def test_somebody_whom_nobody_could_reach_is_told_what_is_missing(raw: Any) -> None:
    with pytest.raises(ContactError) as refused:
        parse_contact(raw)
    assert refused.value.errors == {"phone": [NOT_REACHABLE]}


@pytest.mark.parametrize(
    "email", ["ada@example.org", "ada.o'neill+help@example.co.uk", "ada@münchen.example"]
)
def test_an_address_alone_is_enough(email: str) -> None:
    assert parse_contact({"email": email}).has_email


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        ("07700 900123", "contact"),
        ([PHONE], "contact"),
        (PHONE | {"name": 7}, "name"),
        (PHONE | {"name": ["Ada"]}, "name"),
        (PHONE | {"name": "a" * 201}, "name"),
        (PHONE | {"safe_contact": 3}, "safe_contact"),
        (PHONE | {"safe_contact": ["pigeon"]}, "safe_contact"),
        (PHONE | {"safe_contact": {"call": "perhaps"}}, "safe_contact.call"),
        (PHONE | {"safe_contact": {"note": 1}}, "safe_contact.note"),
    ],
)
def test_what_makes_no_sense_is_named(raw: Any, field: str) -> None:
    with pytest.raises(ContactError) as refused:
        parse_contact(raw)
    assert list(refused.value.errors) == [field]


def test_the_message_never_repeats_what_was_sent() -> None:
    with pytest.raises(ContactError) as refused:
        parse_contact(PHONE | {"name": 4217, "safe_contact": {"call": "secretly"}})
    assert "4217" not in str(refused.value.errors)
    assert "secretly" not in str(refused.value.errors)


@pytest.mark.parametrize(
    ("said", "safe"),
    [
        (None, {"call", "email"}),
        ({}, {"call", "email"}),
        ([], {"call", "email"}),
        (True, {"call", "email"}),
        (False, set()),
        ("call", {"call"}),
        (["letter"], {"post"}),
        ({"post": True}, {"call", "email", "post"}),
        (" SMS ", {"text"}),
        (["phone", "voicemail"], {"call", "voicemail"}),
        ({"call": False, "text": True}, {"text", "email"}),
        ({"sms": True, "telephone": False}, {"text", "email"}),
        ({"call": None}, {"call", "email"}),
    ],
)
def test_the_safe_ways_are_read_from_any_form(said: Any, safe: set[str]) -> None:
    assert parse_contact(PHONE | {"safe_contact": said}).safe_ways == safe


@pytest.mark.parametrize("words", ["times", "ask_for", "say"])
def test_whoever_says_what_to_mind_is_not_written_to_unasked(words: str) -> None:
    contact = parse_contact(PHONE | {"safe_contact": {words: "after six, a call from Sam"}})
    assert contact.safe_ways == {"call"}
    assert getattr(contact.safe_contact, words) == "after six, a call from Sam"


@pytest.mark.parametrize("said", ["Never write, he reads it", {"note": "Never write, he reads it"}])
def test_nobody_is_written_to_by_a_machine_who_said_in_words_what_to_mind(said: Any) -> None:
    contact = parse_contact(PHONE | {"safe_contact": said})
    assert contact.safe_ways == {"call"}
    assert contact.safe_contact.note == "Never write, he reads it"


def test_only_what_was_said_counts_as_stated() -> None:
    assert parse_contact(PHONE).stated_ways == set()
    assert parse_contact(PHONE | {"safe_contact": {"call": True, "text": False}}).stated_ways == {"call"}
    assert parse_contact(PHONE | {"safe_contact": ["text"]}).stated_ways == {"text"}


def test_nothing_that_the_database_cannot_hold_gets_in() -> None:
    contact = parse_contact({"phone": "07700\x00 900123", "name": "Zo\ud800ë 🙂 \u202eadA", "email": None})
    assert contact.phone == "07700 900123"
    assert contact.name == "Zo?ë 🙂 \u202eadA"


SAID = st.fixed_dictionaries(
    {"phone": st.from_regex(r"\A[0-9 ]{5,20}[0-9]{3}\Z")},
    optional={
        "name": st.text(max_size=50),
        "email": st.none() | st.text(max_size=50),
        "safe_contact": st.booleans()
        | st.lists(st.sampled_from(["call", "voicemail", "text", "email"]), max_size=4)
        | st.text(max_size=100)
        | st.dictionaries(st.sampled_from(["call", "text", "email"]), st.none() | st.booleans()),
        "something_else": st.integers(),
    },
)


@given(SAID)
def test_what_was_said_survives_being_stored(raw: dict[str, Any]) -> None:
    contact = parse_contact(raw)
    stored = Contact.model_validate(contact.to_dict())
    assert stored == contact
    assert stored.stated_ways == contact.stated_ways
