"""A call: a number is enough, and nothing is taken for granted."""

from typing import Any

import pytest

from crm.enums import Level
from intake.enums import Suicide
from intake.forms.call_me import CallMeForm
from intake.forms.layout import traps
from intake.triage.engine import triage
from intake.triage.rules import shipped_rules

NUMBER = {"phone": "07700 900123"}


def checked(**sent: Any) -> CallMeForm:
    form = CallMeForm(sent)
    form.is_valid()
    return form


def test_a_number_is_enough() -> None:
    assert not checked(**NUMBER).errors


def test_another_way_is_enough_too() -> None:
    assert not checked(email="sam@example.org").errors


def test_without_any_way_it_asks_for_one_and_for_nothing_else() -> None:
    assert set(checked().errors) == {"phone"}


def test_every_answer_is_unknown_and_that_is_urgent() -> None:
    answers = checked(**NUMBER).to_answers()
    assert (answers.suicide, answers.substances) == (Suicide.UNKNOWN, ())
    assert triage(shipped_rules(), answers).level == Level.U3


def test_staff_read_what_was_asked_for() -> None:
    assert checked(**NUMBER).to_answers().free_text == "[Asked us to call]"


def test_a_safe_time_whom_to_ask_for_and_what_to_say_are_kept() -> None:
    to_mind = {"safe_times": "after 6", "ask_for": "Jo", "say_instead": "A call from Sam"}
    safe = checked(**NUMBER, **to_mind).to_contact().safe_contact
    assert (safe.times, safe.ask_for, safe.say) == ("after 6", "Jo", "A call from Sam")


def test_nobody_who_only_gave_a_number_gets_a_voicemail_or_a_text() -> None:
    safe = checked(**NUMBER).to_contact().safe_contact
    assert (safe.call, safe.voicemail, safe.text, safe.email) == (True, False, False, False)


@pytest.mark.parametrize("field", ["safe_times", "ask_for", "say_instead"])
def test_what_is_too_long_is_an_error_and_is_kept(field: str) -> None:
    form = checked(**NUMBER, **{field: "x" * 10_000})
    assert "fewer" in form.errors[field][0]
    assert form[field].value() == "x" * 10_000


@pytest.mark.parametrize("enquirer", ["self", "loved_one", "professional"])
def test_it_says_whom_it_is_about(enquirer: str) -> None:
    form = checked(**NUMBER, enquirer=enquirer)
    assert not form.errors
    assert form.to_answers().enquirer == enquirer


@pytest.mark.parametrize("enquirer", ["", "unknown"])
def test_whom_it_is_about_need_not_be_said(enquirer: str) -> None:
    form = checked(**NUMBER, enquirer=enquirer)
    assert not form.errors
    assert form.to_answers() == checked(**NUMBER).to_answers()


def test_an_interpreter_can_be_asked_for() -> None:
    assert checked(**NUMBER, interpreter="Polish").to_contact().interpreter == "Polish"


def test_it_stays_very_short() -> None:
    shown = {pointer.name for pointer in CallMeForm().helper.layout.get_field_names()}
    hidden = {pointer.name for pointer in traps().get_field_names()}
    assert len(shown - hidden) == 7
