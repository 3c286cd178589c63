"""The pages of the pre-booked journey: all views of one form."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.enums import Programme, Timing, Voice
from intake.forms.prebooked import PrebookedForm
from intake.forms.said import NOT_ANSWERED, rows_of
from intake.forms.steps import BY_NUMBER, STEPS, StepForm, next_step, step_before, steps_of
from intake.forms.wording import LABELS, WHYS, voice_of
from intake.progress import Progress
from tests.intake.forms.sent import prebooked

HIDDEN = {"idempotency_key", "shown_at", "homepage"}


def progress(**said: Any) -> Progress:
    return Progress(
        said={name: value if isinstance(value, list) else [value] for name, value in said.items()}
    )


def numbers(of: Progress) -> list[int]:
    return [step.number for step in steps_of(of)]


def test_every_question_of_the_form_has_one_page() -> None:
    asked = [name for step in STEPS if step.number < 31 for name in step.fields]
    assert sorted(asked) == sorted(PrebookedForm().fields.keys() - HIDDEN)
    assert len(BY_NUMBER) == len(STEPS)


def test_only_what_applies_is_asked() -> None:
    assert {2, 3} <= {*numbers(progress(enquirer="loved_one"))}
    assert not {2, 3, 9, 31} & {*numbers(progress(enquirer="self"))}
    assert {9, 37} <= {*numbers(progress(uses=["opioid"]))}
    assert numbers(progress(uses=["alcohol", "ketamine", "junk"]))[6:9] == [31, 39, 10]


def test_the_next_question_is_the_first_not_seen() -> None:
    seen = Progress(said={"enquirer": ["self"]}, seen=[1, 5])
    assert next_step(seen) == BY_NUMBER[4]
    assert next_step(Progress(seen=[step.number for step in STEPS])) is None
    assert step_before(seen, BY_NUMBER[4]) == BY_NUMBER[1]
    assert step_before(seen, BY_NUMBER[1]) is None


def test_a_page_minds_its_own_mistakes_alone() -> None:
    nothing = progress(phone="1", age_band="junk")
    assert not StepForm(nothing, BY_NUMBER[5]).errors
    assert set(StepForm(nothing, BY_NUMBER[20]).errors) == {"phone"}
    assert set(StepForm(nothing, BY_NUMBER[4]).errors) == {"age_band"}
    assert {"enquirer", "phone", "age_band", "free_text"} <= set(StepForm(nothing).errors)


def test_a_page_reads_the_other_pages_too() -> None:
    ways = progress(email="ada@example.org", safe_ways=["call"])
    assert set(StepForm(ways, BY_NUMBER[21]).errors) == {"safe_ways"}


def test_the_journey_and_the_one_form_give_the_same_answers() -> None:
    form = prebooked(uses=["alcohol"], alcohol_freq="daily", medical=["liver_disease"], programme="day")
    said = {name: form.data[name] for name in form.data}
    journey = StepForm(progress(**said))
    assert journey.is_valid()
    assert journey.to_answers() == form.to_answers()
    assert journey.to_contact() == form.to_contact()


@given(
    st.dictionaries(
        st.sampled_from(sorted(PrebookedForm.base_fields)), st.lists(st.text(max_size=20), max_size=3)
    )
)
@settings(max_examples=50, deadline=None)
def test_whatever_was_typed_there_are_answers_so_far(said: dict[str, list[str]]) -> None:
    form = StepForm(Progress(said=said))
    form.is_valid()
    assert form.to_answers().free_text is not None


@pytest.mark.parametrize("voice", Voice)
def test_each_voice_has_its_words(voice: Voice) -> None:
    if voice == Voice.SPOKEN:
        return
    for step in STEPS:
        shown = StepForm(progress(enquirer=voice.value, uses=["opioid"]), step)
        assert shown.voice == voice
        assert all(shown.fields[name].label for name in shown.shown)
    assert voice_of("nonsense") == Voice.SELF
    assert {len(words) for words in [*LABELS.values(), *WHYS.values()]} == {3}


def test_nothing_speaks_of_them_to_the_person_themselves() -> None:
    spoken = []
    own = progress(enquirer="self", uses=["opioid"])
    for step in steps_of(own):
        form = StepForm(own, step)
        for name in form.shown:
            field: Any = form.fields[name]
            spoken += [field.label, field.help_text, *dict(getattr(field, "choices", ())).values()]
    assert not [words for words in map(str, spoken) if " their " in f" {words} " or " them " in f" {words} "]


def test_answers_are_read_back_in_words() -> None:
    rows = {
        row.question: row.answers for row in rows_of(progress(enquirer="self", timing="date", start_day="3"))
    }
    assert rows["Who is this for?"] == ["Me"]
    assert rows["When would you like help to start?"] == ["On a date that suits, or near it", "3"]
    assert rows["How old are you?"] == [NOT_ANSWERED]


TODAY = date(2027, 3, 1)


@pytest.mark.parametrize(
    ("day", "timing"),
    [
        ((1, 3, 2027), Timing.NOW),
        ((4, 3, 2027), Timing.WITHIN_72H),
        ((15, 3, 2027), Timing.WITHIN_2_WEEKS),
        ((16, 3, 27), Timing.FLEXIBLE),
    ],
)
def test_a_date_is_kept_and_read_as_how_soon_it_is(day: tuple[int, int, int], timing: Timing) -> None:
    parts = dict(zip(("start_day", "start_month", "start_year"), map(str, day), strict=True))
    form = StepForm(progress(timing="date", **parts), BY_NUMBER[18], today=TODAY)
    assert form.is_valid()
    answers = form.to_answers()
    assert (answers.timing, answers.preferred_date) == (timing, date(day[2] % 100 + 2000, day[1], day[0]))


@pytest.mark.parametrize(
    "day", [("", "", ""), ("31", "2", "2027"), ("x", "3", "2027"), ("28", "2", "2027"), ("٣", "3", "99999")]
)
def test_a_date_that_cannot_be_is_an_error_beside_the_first_field(day: tuple[str, str, str]) -> None:
    parts = dict(zip(("start_day", "start_month", "start_year"), day, strict=True))
    form = StepForm(progress(timing="date", **parts), BY_NUMBER[18], today=TODAY)
    assert set(form.errors) == {"start_day"}
    assert form.to_answers().preferred_date in {None, date(2027, 2, 28)}


def test_a_date_is_not_asked_for_with_another_answer() -> None:
    form = StepForm(progress(timing="now", start_day="99"), BY_NUMBER[18], today=TODAY)
    assert form.is_valid()
    assert form.to_answers().timing == Timing.NOW


def test_a_programme_is_a_wish_of_the_answers() -> None:
    assert StepForm(progress(programme="detox")).fields["programme"]
    form = StepForm(progress(programme="detox"), BY_NUMBER[17])
    assert form.is_valid()
    assert form.to_answers().programme == Programme.DETOX
