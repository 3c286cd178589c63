"""The form of a call-taker speaks to the call-taker, not to the caller."""

from crispy_forms.utils import render_crispy_form

from intake.forms.phone import PhoneEnquiryForm

FOR_CALLERS = ("We only use the ways you tick", "It is all right to say", "Call me", "happy for you to talk")


def page() -> str:
    return str(render_crispy_form(PhoneEnquiryForm()))


def test_nothing_is_said_to_a_caller() -> None:
    assert not [words for words in FOR_CALLERS if words in page()]
    assert "What we do with what you tell us" not in page()
    assert "Tick only what the caller said" in page()


def test_staff_meet_no_trap_for_robots() -> None:
    assert 'name="homepage"' not in page()
    assert 'name="shown_at"' not in page()
    assert 'name="idempotency_key"' in page()


def test_no_way_of_contact_is_ticked_before_the_caller_was_asked() -> None:
    assert " checked" not in page()
