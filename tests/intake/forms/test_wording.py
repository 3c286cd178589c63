"""Whom a question speaks to: the person themselves, somebody who cares, or a professional."""

import re
from typing import Any

import pytest

from intake.enums import Voice
from intake.forms.enquiry import EnquiryForm
from intake.forms.more import MoreForm
from intake.forms.questions import QUESTIONS
from intake.forms.refer import ABOUT_THEM
from intake.forms.steps import STEPS, StepForm
from intake.progress import Progress
from tests.intake.forms.sent import referral

OTHERS = [Voice.LOVED_ONE, Voice.PROFESSIONAL]
TO_THE_PERSON = re.compile(
    r"\b(are|could|have|do) you\b(?! know)|\bif you (are|may)\b|\byou should\b|\bI am\b", re.IGNORECASE
)


def texts_of(form: EnquiryForm | MoreForm, names: Any) -> list[str]:
    """Return every word that these questions show."""
    fields: list[Any] = [form.fields[name] for name in names]
    choices = [label for field in fields for _, label in getattr(field, "choices", ())]
    shown = [text for field in fields for text in (field.label, field.help_text, getattr(field, "why", ""))]
    return [str(text) for text in [*shown, *choices]]


def spoken_to_the_person(texts: list[str]) -> list[str]:
    return [text for text in texts if TO_THE_PERSON.search(text)]


@pytest.mark.parametrize("voice", OTHERS)
@pytest.mark.parametrize("step", [step for step in STEPS if {*step.fields} & {*ABOUT_THEM}])
def test_a_planned_stay_never_takes_the_caller_for_the_person(step: Any, voice: Voice) -> None:
    form = StepForm(Progress(said={"enquirer": [voice.value]}), step)
    assert spoken_to_the_person(texts_of(form, form.shown)) == []


@pytest.mark.parametrize("voice", OTHERS)
@pytest.mark.parametrize("question", [each for each in QUESTIONS if each.name in ABOUT_THEM])
def test_the_questions_after_an_urgent_message_never_do_either(question: Any, voice: Voice) -> None:
    assert spoken_to_the_person(texts_of(MoreForm(question=question, voice=voice), [question.name])) == []


def test_a_referral_speaks_to_a_professional() -> None:
    form = referral()
    texts = texts_of(form, ABOUT_THEM)
    assert spoken_to_the_person(texts) == []
    assert "Is the person thinking of ending their life?" in texts
    assert not [text for text in texts if "It is all right to say" in text]
    assert form.fields["interpreter"].label == "Does the person need an interpreter?"


def test_the_person_themselves_is_spoken_to() -> None:
    form = StepForm(Progress(said={"enquirer": ["self"]}), next(each for each in STEPS if each.number == 4))
    assert "If you are under 18" in " ".join(texts_of(form, form.shown))


def test_nothing_is_asked_twice_on_one_page() -> None:
    contact = [str(referral().fields[name].help_text) for name in ("safe_times", "ask_for", "safe_note")]
    assert len({*contact}) == len(contact)
    assert not [text for text in contact[2:] if "safe time" in text or "ask for" in text]
