"""Lists of ticks: each has a way to say that none fits or that one does not know, alone or not at all."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from intake.enums import Voice
from intake.forms.choices import NONE, UNKNOWN
from intake.forms.fields import AnyOf, OneOf
from intake.forms.more import MoreForm
from intake.forms.phone import PhoneEnquiryForm
from intake.forms.prebooked import PrebookedForm
from intake.forms.questions import QUESTIONS
from intake.forms.refer import ReferralForm
from intake.forms.steps import STEPS, StepForm
from intake.progress import Progress
from tests.intake.forms.sent import REFERRAL, prebooked, referral

TICKED = ("happening", "symptoms", "behaviours", "history", "medical", "situation", "travel", "uses")
NO_ANSWER = {UNKNOWN, "flexible", "unsure"}  # "flexible" reads "I am not sure yet, or later"


def more(question: Any, **said: Any) -> MoreForm:
    data = QueryDict(mutable=True)
    for name, value in said.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return MoreForm(data, question=question, voice=Voice.SELF)


def asked() -> Iterator[tuple[str, Any]]:
    """Yield every question of the three journeys that is answered by ticks or a choice."""
    for form in (ReferralForm(), PrebookedForm()):
        placed = {pointer.name for pointer in form.helper.layout.get_field_names()}
        yield from ((f"{form.form_version} {name}", form.fields[name]) for name in placed & {*form.fields})
    for step in STEPS:
        form = StepForm(Progress(said={"enquirer": ["professional"]}), step)
        yield from ((f"step {step.number} {name}", form.fields[name]) for name in form.shown)
    for question in QUESTIONS:
        yield from ((f"more {name}", field) for name, field in more(question).fields.items())


def test_every_question_can_be_answered_with_i_do_not_know() -> None:
    lacking = {
        name
        for name, field in asked()
        if isinstance(field, AnyOf | OneOf)
        and not name.endswith("safe_ways")
        and not field.required
        and "" not in dict(field.choices)
        and not NO_ANSWER & {key for key, _ in field.choices}
    }
    assert lacking == set()


@pytest.mark.parametrize("name", TICKED)
@pytest.mark.parametrize("nothing", [NONE, UNKNOWN])
def test_it_counts_as_not_stated(name: str, nothing: str) -> None:
    for form, without in ((prebooked, prebooked()), (referral, referral())):
        said = form(**{name: [nothing]})
        assert not said.errors
        assert said.to_answers() == without.to_answers()


@pytest.mark.parametrize("name", TICKED)
def test_it_is_ticked_alone_and_what_was_ticked_still_counts(name: str) -> None:
    answer = next(iter(dict(PrebookedForm().fields[name].choices)))
    form = prebooked(**{name: [answer, UNKNOWN]})
    assert set(form.errors) == {name}
    assert form.to_answers() == prebooked(**{name: [answer]}).to_answers()
    assert form[name].value() == [answer, UNKNOWN]


def test_none_and_i_do_not_know_together_say_nothing() -> None:
    form = prebooked(history=[NONE, UNKNOWN])
    assert not form.errors
    assert form.to_answers().history == ()


def test_a_tick_that_says_nothing_is_not_enough_to_be_sent() -> None:
    form = prebooked(happening=[NONE], uses=[UNKNOWN], free_text="")
    assert set(form.errors) == {"free_text"}


def test_later_questions_refuse_both_at_once_and_hear_the_danger() -> None:
    symptoms = next(each for each in QUESTIONS if each.name == "symptoms")
    form = more(symptoms, symptoms=["jaundice", UNKNOWN])
    assert set(form.errors) == {"symptoms"}
    assert form.said_so_far() == {"symptoms": ["jaundice"]}


def test_whoever_asks_for_another_ticks_answers_alone() -> None:
    form = PhoneEnquiryForm()
    assert not any(UNKNOWN in dict(form.fields[name].choices) for name in TICKED)


@given(st.lists(st.sampled_from(["chest_pain", "seizure_24h", NONE, UNKNOWN]), unique=True))
def test_danger_is_heard_whatever_else_is_ticked(ticked: list[str]) -> None:
    form = ReferralForm(REFERRAL | {"happening": ticked})
    form.is_valid()
    assert set(form.to_answers().symptoms) == {*ticked} - {NONE, UNKNOWN}
