"""The questions in three voices: to the person themselves, to someone who cares, to a professional.

A field's words are (label, why we ask), one pair a voice; "" leaves what the form says. Choices that speak
of "them" have a second wording for the person themselves.
"""

from collections.abc import Iterable

from django import forms

from crm.enums import CallerRole
from intake.enums import PersonAware, Symptom, Voice
from intake.forms.choices import Choices, said

Voices = tuple[str, str, str]
VOICES = (Voice.SELF, Voice.LOVED_ONE, Voice.PROFESSIONAL)
OF_CALLERS = {
    CallerRole.LOVED_ONE.value: Voice.LOVED_ONE,
    CallerRole.PROFESSIONAL.value: Voice.PROFESSIONAL,
}

LABELS: dict[str, Voices] = {
    "person_aware": (
        "",
        "Do they know that you are asking us?",
        "Does the person agree that you ask us?",
    ),
    "patient_name": ("", "What is their name?", "What is the person's name?"),
    "age_band": ("How old are you?", "How old are they?", "How old is the person?"),
    "happening": (
        "Is any of this happening to you now?",
        "Is any of this happening to them now?",
        "Is any of this happening to the person now?",
    ),
    "suicide": (
        "Are you thinking of ending your life?",
        "Are they thinking of ending their life?",
        "Is the person thinking of ending their life?",
    ),
    "free_text": (
        "What would you like help with?",
        "What do they need help with?",
        "Why do you ask us, and what has been tried?",
    ),
    "uses": ("Do you use any of these?", "Do they use any of these?", "Does the person use any of these?"),
    "tolerance_break": (
        "Have you had a break from using in the last 28 days?",
        "Have they had a break from using in the last 28 days?",
        "Has the person had a break from using in the last 28 days?",
    ),
    "behaviours": (
        "Is any of this a problem for you too?",
        "Is any of this a problem for them too?",
        "Is any of this a problem for the person too?",
    ),
    "symptoms": (
        "Do you have any of these signs?",
        "Do they have any of these signs?",
        "Does the person have any of these signs?",
    ),
    "pregnancy": (
        "Could you be pregnant?",
        "Could they be pregnant?",
        "Could the person be pregnant?",
    ),
    "history": (
        "Has any of this happened to you?",
        "Has any of this happened to them?",
        "Has any of this happened to the person?",
    ),
    "medical": (
        "Does any of this apply to you?",
        "Does any of this apply to them?",
        "Does any of this apply to the person?",
    ),
    "situation": (
        "Is any of this true for you at the moment?",
        "Is any of this true for them at the moment?",
        "Is any of this true for the person at the moment?",
    ),
    "travel": (
        "How do you get about?",
        "How do they get about?",
        "How does the person get about?",
    ),
    "timing": (
        "When would you like help to start?",
        "When would you like help for them to start?",
        "When should help for the person start?",
    ),
    "name": ("What should we call you?", "What should we call you?", "What is your name?"),
}
WHYS: dict[str, Voices] = {
    "enquirer": ("We ask so that the questions that follow fit.",) * 3,
    "patient_name": ("", "So that we know who you mean when we talk to you. We do not call them.", ""),
    "happening": ("If it is, you need help sooner than we can give it. We ask first, so that we can say so.",)
    * 3,
    "free_text": ("So that the person who calls knows, and you do not have to say it twice.",) * 3,
    "behaviours": ("They often go together. We ask so that we can help with all of it.",) * 3,
    "name": ("So that we ask for the right person. It need not be your full or real name.",) * 3,
    "interpreter": ("So that we can talk in a language that is easy for you.",) * 3,
}
HINTS: dict[str, Voices] = {
    "suicide": (
        "It is all right to say. Many people think of it when things get very hard.",
        "If you do not know, say so. You can ask them: asking does not put the thought there.",
        "",
    ),
    "name": ("Leave this empty if you would rather not say.",) * 3,
}
TO_YOU: dict[str, dict[str, str]] = {
    "symptoms": {Symptom.UNSTEADY.value: "Unsteady on your feet"},
}
AGREED_WITH_A_PROFESSIONAL = said(
    {
        PersonAware.YES: "Yes, and you may talk to them",
        PersonAware.NO: "No",
        PersonAware.UNKNOWN: "Not asked yet, or not sure",
    }
)


def voice_of(enquirer: str) -> Voice:
    return OF_CALLERS.get(enquirer, Voice.SELF)


def in_voice(words: Voices, voice: Voice) -> str:
    return words[VOICES.index(voice)]


def speak(fields: dict[str, forms.Field], names: Iterable[str], voice: Voice) -> None:
    """Put these questions to whoever answers them."""
    for name in names:
        field = fields[name]
        field.label = _words(LABELS, name, voice) or field.label
        field.help_text = _words(HINTS, name, voice) or field.help_text
        field.why = _words(WHYS, name, voice) or getattr(field, "why", "")  # type: ignore[attr-defined]  # see intake.forms.fields
        if options := _choices(name, field, voice):
            field.choices = options  # type: ignore[attr-defined]  # a field of choices


def _words(table: dict[str, Voices], name: str, voice: Voice) -> str:
    return in_voice(table[name], voice) if name in table else ""


def _choices(name: str, field: forms.Field, voice: Voice) -> Choices:
    if name == "person_aware" and voice == Voice.PROFESSIONAL:
        return AGREED_WITH_A_PROFESSIONAL
    if name in TO_YOU and voice == Voice.SELF:
        own = TO_YOU[name]
        return tuple((key, own.get(key, label)) for key, label in field.choices)  # type: ignore[attr-defined]  # a field of choices
    return ()
