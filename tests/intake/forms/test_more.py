"""A few more questions: each says why, lets people not know, and adds only what was said."""

from typing import Any

import pytest
from crispy_forms.utils import render_crispy_form
from django.http import QueryDict

from intake.enums import SubstanceName, Voice
from intake.forms.more import MoreForm
from intake.forms.questions import BY_NUMBER, QUESTIONS, Question, next_question, question_before
from intake.triage.answers import Answers, parse_answers

BY_NAME = {question.name: question for question in QUESTIONS}
ALCOHOL, OPIOID = ({"substances": [{"name": name}]} for name in ("alcohol", "opioid"))


def answered(name: str, voice: Voice = Voice.SELF, **sent: Any) -> MoreForm:
    data = QueryDict(mutable=True)
    for key, value in sent.items():
        data.setlist(key, value if isinstance(value, list) else [value])
    form = MoreForm(data, question=BY_NAME[name], voice=voice)
    form.is_valid()
    return form


def said(name: str, **sent: Any) -> dict[str, Any]:
    form = answered(name, **sent)
    assert not form.errors
    return form.to_said()


def asked(answers: Answers, *added: str) -> list[str]:
    found, question = [], next_question(answers, frozenset(added))
    while question:
        found.append(question.name)
        question = next_question(answers, frozenset(added), after=question.number)
    return found


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
@pytest.mark.parametrize("voice", [Voice.SELF, Voice.LOVED_ONE, Voice.PROFESSIONAL])
def test_each_page_asks_one_thing_says_why_and_needs_no_answer(question: Question, voice: Voice) -> None:
    form = MoreForm({}, question=question, voice=voice)
    page = render_crispy_form(form)
    assert form.is_valid()
    assert form.to_said() == {}
    assert page.count("<h1>") == 1
    assert "why" in page or "We ask because" in page
    assert "required" not in page
    assert "*" not in page


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_whoever_does_not_know_can_say_so(question: Question) -> None:
    page = render_crispy_form(MoreForm(question=question, voice=Voice.SELF))
    if question.name == "free_text":
        return
    assert ("I do not know" in page) or ("Leave what you do not know" in page)


def test_numbers_never_change() -> None:
    assert {number: question.name for number, question in BY_NUMBER.items() if number < 31} == {
        1: "suicide",
        2: "uses",
        3: "symptoms",
        4: "history",
        5: "age_band",
        6: "pregnancy",
        7: "medical",
        8: "situation",
        9: "tolerance_break",
        10: "timing",
        11: "free_text",
    }
    assert BY_NUMBER[31].substance == SubstanceName.ALCOHOL


class TestWhatIsAsked:
    def test_somebody_who_said_nothing_yet_is_asked_what_matters_most_first(self) -> None:
        assert asked(Answers())[:3] == ["suicide", "uses", "symptoms"]

    def test_what_is_known_is_not_asked_again(self) -> None:
        known = {"suicide": "none_disclosed", "age_band": "18_64", "pregnancy": "no", "history": ["epilepsy"]}
        assert {*known} & {*asked(parse_answers(known))} == set()
        assert "symptoms" not in asked(Answers(), "symptoms")

    def test_each_substance_that_was_named_has_a_page_until_something_is_known_of_it(self) -> None:
        assert "alcohol" not in asked(Answers())
        assert asked(parse_answers(ALCOHOL))[1:3] == ["alcohol", "symptoms"]
        known = {"substances": [{"name": "alcohol", "freq": "daily"}]}
        assert "alcohol" not in asked(parse_answers(known))

    def test_a_break_is_asked_about_with_opioids_only(self) -> None:
        assert "tolerance_break" in asked(parse_answers(OPIOID))
        assert "tolerance_break" not in asked(parse_answers(ALCOHOL))

    def test_nobody_over_65_is_asked_about_pregnancy(self) -> None:
        assert "pregnancy" not in asked(parse_answers({"age_band": "65_plus"}))

    def test_back_leads_to_the_question_before_whether_it_was_answered_or_not(self) -> None:
        answers = parse_answers(ALCOHOL)
        assert question_before(answers, BY_NAME["symptoms"]) == BY_NAME["alcohol"]
        assert question_before(Answers(), BY_NAME["symptoms"]) == BY_NAME["uses"]
        assert question_before(answers, BY_NAME["suicide"]) is None


class TestWhatIsSaid:
    @pytest.mark.parametrize("name", ["suicide", "age_band", "pregnancy", "tolerance_break", "timing"])
    def test_not_knowing_adds_nothing(self, name: str) -> None:
        assert said(name, **{name: "unknown"}) == {}

    @pytest.mark.parametrize("name", ["symptoms", "history", "medical", "situation"])
    def test_none_of_these_is_an_answer_and_not_knowing_is_none(self, name: str) -> None:
        assert said(name, **{name: ["none_of_these"]}) == {name: []}
        assert said(name, **{name: ["unknown"]}) == {}

    def test_a_tick_beside_none_of_these_is_asked_again_and_counts_meanwhile(self) -> None:
        form = answered("symptoms", symptoms=["tremor", "none_of_these"])
        assert set(form.errors) == {"symptoms"}
        assert form.said_so_far() == {"symptoms": ["tremor"]}

    def test_substances_are_named_first(self) -> None:
        assert said("uses", uses=["alcohol", "crack"]) == {
            "substances": [{"name": "alcohol"}, {"name": "crack"}]
        }
        assert said("uses", uses=["none_of_these"]) == {"substances": []}

    def test_then_how_each_is_used(self) -> None:
        [use] = said("alcohol", alcohol_freq="daily", alcohol_last="day", alcohol_amount="30_plus")[
            "substances"
        ]
        assert (use["name"], use["freq"], use["hours_since_last"], use["amount_per_day"]) == (
            "alcohol",
            "daily",
            12,
            30,
        )

    def test_something_else_reaches_the_people_who_read(self) -> None:
        assert said("other", other_what="Kratom")["free_text"] == "[Something else used: Kratom]"

    def test_words_are_kept_as_they_are(self) -> None:
        assert said("free_text", free_text="Łódź 🌱") == {"free_text": "Łódź 🌱"}

    @pytest.mark.parametrize(
        ("name", "junk"), [("suicide", "x"), ("uses", ["x"]), ("symptoms", ["tremor", "x"])]
    )
    def test_a_value_outside_the_list_is_an_error(self, name: str, junk: Any) -> None:
        form = answered(name, **{name: junk})
        assert "list" in form.errors[name][0]
        assert [field.name for field in form.errors_in_order()] == [name]

    def test_what_could_be_read_counts_although_something_else_could_not(self) -> None:
        form = answered("alcohol", alcohol_freq="daily", alcohol_last="junk")
        assert form.errors
        assert form.said_so_far()["substances"][0]["freq"] == "daily"


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_the_page_shows_the_words_for_whoever_answers(question: Question) -> None:
    form = MoreForm(question=question, voice=Voice.LOVED_ONE)
    for name in form.fields.keys() - {"idempotency_key"}:
        assert str(form.fields[name].label) in render_crispy_form(form).replace("&#x27;", "'")


def test_the_question_is_put_to_whoever_answers() -> None:
    labels = [
        answered("suicide", voice).fields["suicide"].label
        for voice in (Voice.SELF, Voice.LOVED_ONE, Voice.PROFESSIONAL)
    ]
    assert [label.split()[:2] for label in labels] == [["Are", "you"], ["Are", "they"], ["Is", "the"]]
