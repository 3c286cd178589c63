"""How to reach somebody: forgiving in form, strict on "reachable"."""

import pytest

from crm.services.people import PersonDetails
from intake.contact import NOT_REACHABLE, parse_contact
from intake.forms.contact import NO_ADDRESS, NO_SAFE_WAY
from intake.forms.phone import PhoneEnquiryForm
from intake.forms.prebooked import PrebookedForm
from intake.forms.urgent import UrgentForm
from intake.persons import caller_details
from tests.intake.forms.sent import PREBOOKED, prebooked, urgent

PHONES = [
    "07700 900123",
    "07700900123",
    "+44 7700 900123",
    "0044 7700 900123",
    "(07700) 900-123",
    "07700.900.123",
    "+44 (0)7700 900123",
    "020 7946 0018 ext 4",
    "+353 1 234 5678",
    "+1 (555) 010-0199",
    "٠٧٧٠٠٩٠٠١٢٣",
    "mum's, 01632 960001, after six",
]


def allowed(details: PersonDetails) -> set[str]:
    return {way for way in ("may_call", "may_voicemail", "may_text", "may_email") if getattr(details, way)}


@pytest.mark.parametrize("phone", PHONES)
def test_a_phone_number_is_taken_and_kept_as_typed(phone: str) -> None:
    form = urgent(phone=phone)
    assert not form.errors
    assert form.to_contact().phone == phone


def test_a_number_that_looks_wrong_is_flagged_and_never_refused() -> None:
    form = urgent(phone="07700 900123 4")
    assert not form.errors
    assert caller_details(form.to_contact()).phone_looks_unusual


@pytest.mark.parametrize(
    "name", ["Zoë", "O’Brien-Łukasz", "Sukarno", "محمد بن سلمان", "李雷", "Sam 🌱", "", "x" * 200]
)
def test_a_name_is_any_name_or_none(name: str) -> None:
    form = urgent(name=name)
    assert not form.errors
    assert form.to_contact().name == name


def test_an_e_mail_address_alone_is_enough() -> None:
    form = urgent(phone="", email="sam@example.org", safe_ways=["email"])
    assert not form.errors
    assert form.to_contact().safe_ways == {"email"}


@pytest.mark.parametrize(("phone", "email"), [("", ""), ("no phone", ""), ("", "not an address")])
def test_only_somebody_who_cannot_be_reached_is_asked_again(phone: str, email: str) -> None:
    assert urgent(phone=phone, email=email).errors == {"phone": [NOT_REACHABLE]}


def test_a_mistyped_address_costs_nothing_when_there_is_a_phone() -> None:
    assert not urgent(email="sam@@example", safe_ways=["call", "email"]).errors


def test_a_caller_whose_ways_fit_no_number_or_address_is_asked_again() -> None:
    assert urgent(safe_ways=["email"]).errors == {"safe_ways": [NO_SAFE_WAY]}
    only_email = urgent(phone="", email="sam@example.org", safe_ways=["call", "text"])
    assert only_email.errors == {"safe_ways": [NO_SAFE_WAY]}


def test_nothing_is_ticked_for_anybody() -> None:
    assert not UrgentForm()["safe_ways"].value()


@pytest.mark.parametrize(
    ("phone", "email", "used"),
    [
        ("07700 900123", "", {"may_call"}),
        ("07700 900123", "sam@example.org", {"may_call"}),
        ("", "sam@example.org", {"may_email"}),
    ],
)
def test_whoever_ticks_nothing_is_called_or_mailed_without_a_number(
    phone: str, email: str, used: set[str]
) -> None:
    form = urgent(phone=phone, email=email, safe_ways=[])
    assert not form.errors
    assert allowed(caller_details(form.to_contact())) == used


@pytest.mark.parametrize("email", ["", "sam@example.org"])
def test_whoever_ticks_nothing_has_called_nothing_safe(email: str) -> None:
    contact = urgent(email=email, safe_ways=[]).to_contact()
    assert contact.stated_ways == set()
    read_back = parse_contact(contact.to_dict())
    assert allowed(caller_details(read_back, only_stated=True)) == set()
    assert urgent(safe_ways=["call"]).to_contact().stated_ways == {"call"}


def test_what_is_not_ticked_is_said_to_be_unsafe() -> None:
    safe = urgent(safe_ways=["text"], safe_note="after 6").to_contact().safe_contact
    assert (safe.call, safe.voicemail, safe.text, safe.email, safe.note) == (
        False,
        False,
        True,
        False,
        "after 6",
    )


def test_nul_bytes_are_taken_out() -> None:
    form = urgent(name="A\x00da", phone="07700\x00900123", safe_note="\x00")
    assert not form.errors
    assert (form.to_contact().name, form.to_contact().phone) == ("Ada", "07700900123")


def test_a_name_that_is_too_long_is_answered_clearly() -> None:
    assert urgent(name="x" * 201).errors == {"name": ["Use 200 characters or fewer. Nothing was cut."]}


MINDED = {
    "safe_ways": ["call", "post"],
    "address": "1 Example Street\nEXAMPLETON",
    "safe_times": "after 6",
    "ask_for": "Jo",
    "say_instead": "a call from Sam",
}


@pytest.mark.parametrize("form", [prebooked(**MINDED), PhoneEnquiryForm(PREBOOKED | MINDED)])
def test_a_page_with_room_asks_channel_by_channel_and_what_to_mind(form: PrebookedForm) -> None:
    assert form.is_valid()
    details = caller_details(form.to_contact())
    assert (details.may_call, details.may_post, details.may_text) == (True, True, False)
    assert details.postal_address.startswith("1 Example Street")
    assert (details.safe_times, details.ask_for, details.say_instead) == ("after 6", "Jo", "a call from Sam")


def test_letters_need_an_address() -> None:
    assert prebooked(safe_ways=["call", "post"]).errors == {"address": [NO_ADDRESS]}


def test_letters_alone_reach_nobody_in_time() -> None:
    assert "safe_ways" in prebooked(**MINDED | {"safe_ways": ["post"]}).errors
