"""What all public forms share: the questions, the hidden fields, and how they become one set of answers.

A form validates and translates; it never saves. Being under 18 or in danger is no error (SAFETY, standard 4).
"""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from intake.enums import Pregnancy, Suicide
from intake.forms import choices
from intake.forms.contact import ContactFields
from intake.forms.fields import AnyOf, OneOf, Words
from intake.forms.substances import SubstanceFields
from intake.triage.answers import Answers, parse_answers

LONGEST_TEXT = 20_000
SAY_SOMETHING = _("Tell us in a few words what is happening, or tick what fits.")


class EnquiryForm(ContactFields, SubstanceFields):
    """The base of the urgent, the pre-booked and the referral form."""

    use_required_attribute = False
    form_version = "1"
    helper: FormHelper

    enquirer = OneOf(
        label=_("Who is this for?"), choices=choices.WHO_FOR, needed=_("Choose who this is for.")
    )
    person_aware = OneOf(
        label=_("Do they know that you are asking us?"),
        choices=choices.AGREED,
        why=_("We will not contact them unless they agree, or there is a serious risk."),
    )
    patient_name = Words(
        label=_("What is their name?"), help_text=_("You can leave this empty."), max_length=200
    )
    happening = AnyOf(label=_("Is any of this happening now?"), choices=choices.HAPPENING, or_none=True)
    free_text = Words(
        label=_("In your own words"),
        help_text=_("A few words are enough. A person will read them."),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    suicide = OneOf(
        label=_("Are there thoughts of suicide?"),
        help_text=_(
            "It is all right to say. Many people think of ending their life when things get very hard."
        ),
        choices=choices.SUICIDE,
        why=_("We ask so that the right person calls, and soon. Your answer is never scored."),
    )
    symptoms = AnyOf(
        label=_("Are there any of these signs?"),
        choices=choices.OTHER_SYMPTOMS,
        why=_("Some of these need a doctor today. We ask so that we can tell you."),
        or_none=True,
    )
    age_band = OneOf(
        label=_("How old is the person who needs help?"),
        choices=choices.AGE,
        why=_("We look after adults. If you are under 18 we will help you reach the right service."),
    )
    pregnancy = OneOf(
        label=_("Could the person who needs help be pregnant?"),
        choices=choices.PREGNANCY,
        why=_("Pregnancy changes which care is safe, and how soon it is needed."),
    )
    history = AnyOf(
        label=_("Has any of this happened before?"),
        choices=choices.PAST,
        why=_("These can make stopping dangerous, so we plan for them."),
        or_none=True,
    )
    situation = AnyOf(
        label=_("Is any of this true at the moment?"),
        choices=choices.AROUND,
        why=_("It helps us call in a safe way. If a child is at risk we may have to share what you tell us."),
        or_none=True,
    )
    tolerance_break = OneOf(
        label=_("Has there been a break from using in the last 28 days?"),
        choices=choices.BREAKS,
        why=_("After a break the body can take much less. With opioids, a usual amount can then kill."),
    )
    timing = OneOf(label=_("When would you like help to start?"), choices=choices.TIMING)

    idempotency_key = forms.CharField(required=False, widget=forms.HiddenInput)
    shown_at = forms.CharField(required=False, widget=forms.HiddenInput)
    homepage = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        strip=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def clean(self) -> dict[str, Any]:
        super().clean()
        if not self.errors.keys() & {"free_text", "happening"} and not self._says_something():
            self.add_error("free_text", SAY_SOMETHING)
        return self.cleaned_data

    def full_clean(self) -> None:
        """Take no offence at a field that this page does not show: nobody could put it right there."""
        super().full_clean()
        placed = self._placed()
        for name in [name for name in self.errors if not self._is_shown(name, placed)]:
            del self.errors[name]

    def errors_in_order(self) -> list[forms.BoundField]:
        """Return the fields with errors as they stand on the page."""
        placed = self._placed()
        return sorted((field for field in self if field.errors), key=lambda field: _place(field.name, placed))

    def _placed(self) -> list[str]:
        return [pointer.name for pointer in self.helper.layout.get_field_names()]

    def _is_shown(self, name: str, placed: list[str]) -> bool:
        is_follow_up = name not in self.base_fields and name != NON_FIELD_ERRORS
        return name == NON_FIELD_ERRORS or name in placed or (is_follow_up and "uses" in placed)

    def to_answers(self) -> Answers:
        """Return what was said so far, in the one schema of forms, API and rules, errors or not.

        In English whatever the language of the page: ticks that have no place of their own are kept as words,
        which rules look for and staff read.
        """
        with override(settings.LANGUAGE_CODE):
            return parse_answers(self._raw_answers())

    def _raw_answers(self) -> dict[str, Any]:
        said = self.cleaned_data
        happening = self._ticked("happening")
        dangers = [each for each in happening if each in choices.DANGER_SITUATIONS]
        symptoms = [each for each in happening if each not in dangers and each not in choices.SAID_IN_WORDS]
        return {
            "enquirer": said.get("enquirer") or None,
            "person_aware": said.get("person_aware") or None,
            "age_band": said.get("age_band") or None,
            "substances": self.to_substances(),
            "symptoms": symptoms + self._ticked("symptoms"),
            "history": self._ticked("history"),
            "suicide": said.get("suicide") or Suicide.UNKNOWN.value,
            "pregnancy": said.get("pregnancy") or Pregnancy.UNKNOWN.value,
            "tolerance_break": said.get("tolerance_break") or None,
            "situation": dangers + self._ticked("situation"),
            "timing": said.get("timing") or None,
            "free_text": self._text(),
        }

    def _text(self) -> str:
        """Return the caller's words, and below them what they ticked that the answers have no place for."""
        happening = self.cleaned_data.get("happening", [])
        ticked = [label for key, label in choices.SAID_IN_WORDS.items() if key in happening]
        other = self.other_words()
        extra = [f"[{line}]" for line in [*ticked, f"Something else used: {other}" if other else ""] if line]
        return "\n".join([self.cleaned_data.get("free_text", ""), *extra]).strip()

    def _says_something(self) -> bool:
        ticks = ("happening", "uses", "symptoms", "behaviours")
        return bool(self.cleaned_data.get("free_text")) or any(map(self._ticked, ticks))

    def _ticked(self, name: str) -> list[str]:
        return choices.stated(self.cleaned_data.get(name, []))


def _place(name: str, placed: list[str]) -> int:
    """Return where a field stands; follow-up questions stand with the substances."""
    return placed.index(name if name in placed else "uses")
