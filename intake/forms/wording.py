"""The questions in three voices: to the person themselves, to someone who cares, to a professional.

A field's words are (label, why we ask), one pair a voice; "" leaves what the form says. Choices that speak
of "them" have a second wording for the person themselves.
"""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from crm.enums import CallerRole
from intake.enums import PersonAware, Symptom, Voice
from intake.forms.choices import Choices, said

Voices = tuple[StrOrPromise, StrOrPromise, StrOrPromise]
VOICES = (Voice.SELF, Voice.LOVED_ONE, Voice.PROFESSIONAL)
OF_CALLERS = {
    CallerRole.LOVED_ONE.value: Voice.LOVED_ONE,
    CallerRole.PROFESSIONAL.value: Voice.PROFESSIONAL,
}

LABELS: dict[str, Voices] = {
    "person_aware": (
        "",
        _("Do they know that you are asking us?"),
        _("Does the person agree that you ask us?"),
    ),
    "patient_name": ("", _("What is their name?"), _("What is the person's name?")),
    "age_band": (_("How old are you?"), _("How old are they?"), _("How old is the person?")),
    "happening": (
        _("Is any of this happening to you now?"),
        _("Is any of this happening to them now?"),
        _("Is any of this happening to the person now?"),
    ),
    "suicide": (
        _("Are you thinking of ending your life?"),
        _("Are they thinking of ending their life?"),
        _("Is the person thinking of ending their life?"),
    ),
    "free_text": (
        _("What would you like help with?"),
        _("What do they need help with?"),
        _("Why do you ask us, and what has been tried?"),
    ),
    "uses": (
        _("Do you use any of these?"),
        _("Do they use any of these?"),
        _("Does the person use any of these?"),
    ),
    "tolerance_break": (
        _("Have you had a break from using in the last 28 days?"),
        _("Have they had a break from using in the last 28 days?"),
        _("Has the person had a break from using in the last 28 days?"),
    ),
    "behaviours": (
        _("Is any of this a problem for you too?"),
        _("Is any of this a problem for them too?"),
        _("Is any of this a problem for the person too?"),
    ),
    "symptoms": (
        _("Do you have any of these signs?"),
        _("Do they have any of these signs?"),
        _("Does the person have any of these signs?"),
    ),
    "pregnancy": (
        _("Could you be pregnant?"),
        _("Could they be pregnant?"),
        _("Could the person be pregnant?"),
    ),
    "history": (
        _("Has any of this happened to you?"),
        _("Has any of this happened to them?"),
        _("Has any of this happened to the person?"),
    ),
    "medical": (
        _("Does any of this apply to you?"),
        _("Does any of this apply to them?"),
        _("Does any of this apply to the person?"),
    ),
    "situation": (
        _("Is any of this true for you at the moment?"),
        _("Is any of this true for them at the moment?"),
        _("Is any of this true for the person at the moment?"),
    ),
    "travel": (
        _("How do you get about?"),
        _("How do they get about?"),
        _("How does the person get about?"),
    ),
    "timing": (
        _("When would you like help to start?"),
        _("When would you like help for them to start?"),
        _("When should help for the person start?"),
    ),
    "name": (_("What should we call you?"), _("What should we call you?"), _("What is your name?")),
}
WHYS: dict[str, Voices] = {
    "enquirer": (_("We ask so that the questions that follow fit."),) * 3,
    "patient_name": ("", _("So that we know who you mean when we talk to you. We do not call them."), ""),
    "age_band": (
        _("We look after adults. If you are under 18 we will help you reach the right service."),
        _("We look after adults. If they are under 18 we will help you find the right service for them."),
        _("We look after adults. If the person is under 18 we will help you find the right service."),
    ),
    "happening": (
        _("If it is, you need help sooner than we can give it. We ask first, so that we can say so."),
        *(_("If it is, they need help sooner than we can give it. We ask first, so that we can say so."),)
        * 2,
    ),
    "travel": (
        _("You should not drive to us if you may be affected. We ask so that we can plan the trip."),
        *(_("They should not drive to us if they may be affected. We ask so that we can plan the trip."),)
        * 2,
    ),
    "free_text": (_("So that the person who calls knows, and you do not have to say it twice."),) * 3,
    "behaviours": (_("They often go together. We ask so that we can help with all of it."),) * 3,
    "name": (_("So that we ask for the right person. It need not be your full or real name."),) * 3,
    "interpreter": (_("So that we can talk in a language that is easy for you."),) * 3,
}
HINTS: dict[str, Voices] = {
    "suicide": (
        _("It is all right to say. Many people think of it when things get very hard."),
        *(_("If you do not know, say so. You can ask them: asking does not put the thought there."),) * 2,
    ),
    "uses": (_("Tick all that fit. We ask a few short questions about each."),) * 3,
    "name": (_("Leave this empty if you would rather not say."),) * 3,
}
TO_YOU: dict[str, dict[str, StrOrPromise]] = {
    "symptoms": {Symptom.UNSTEADY.value: _("Unsteady on your feet")},
}
AGREED_WITH_A_PROFESSIONAL = said(
    {
        PersonAware.YES: _("Yes, and you may talk to them"),
        PersonAware.NO: _("No"),
        PersonAware.UNKNOWN: _("Not asked yet, or not sure"),
    }
)


def voice_of(enquirer: str) -> Voice:
    return OF_CALLERS.get(enquirer, Voice.SELF)


def in_voice(words: Voices, voice: Voice) -> StrOrPromise:
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


def _words(table: dict[str, Voices], name: str, voice: Voice) -> StrOrPromise:
    return in_voice(table[name], voice) if name in table else ""


def _choices(name: str, field: forms.Field, voice: Voice) -> Choices:
    if name == "person_aware" and voice == Voice.PROFESSIONAL:
        return AGREED_WITH_A_PROFESSIONAL
    if name in TO_YOU and voice == Voice.SELF:
        own = TO_YOU[name]
        return tuple((key, own.get(key, label)) for key, label in field.choices)  # type: ignore[attr-defined]  # a field of choices
    return ()
