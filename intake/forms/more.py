"""The form of one question after an urgent enquiry. It knows what was answered to it, and nothing else."""

from typing import Any

from crispy_forms.layout import Div
from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from intake.enums import Voice
from intake.forms import choices
from intake.forms.choices import DO_NOT_KNOW, NONE, UNKNOWN, stated
from intake.forms.enquiry import LONGEST_TEXT, EnquiryForm
from intake.forms.fields import AnyOf, OneOf, Words
from intake.forms.layout import PageGroup, PageQuestion, form_helper
from intake.forms.prebooked import PrebookedForm
from intake.forms.questions import Question
from intake.forms.substances import SubstanceFields
from intake.forms.wording import speak

WHY_HOW = _(
    "We ask because some of these are dangerous to stop suddenly, and some are dangerous after a break. "
    "Leave what you do not know."
)
WHY_TIMING = _("We cannot promise a bed. We ask so that we can plan.")
WHY_ELSE = _("So that the person who calls knows, and you do not have to say it twice.")


def _list_said(name: str, value: list[str]) -> dict[str, Any]:
    said = stated(value)
    return {name: said} if said or NONE in value else {}


def _field(name: str) -> forms.Field:
    """Return a question of the full form, with a way to say that one does not know."""
    if name == "free_text":
        words = forms.Textarea(attrs={"rows": 5})
        return Words(label=_("Is there anything else?"), max_length=LONGEST_TEXT, widget=words, why=WHY_ELSE)
    field = EnquiryForm.base_fields.get(name) or PrebookedForm.base_fields[name]
    return _any_of(field) if isinstance(field, AnyOf) else _one_of(name, field)


def _any_of(field: forms.Field) -> AnyOf:
    options = field.choices  # type: ignore[attr-defined]  # a field of choices
    return AnyOf(label=field.label, help_text=_("Choose all that fit."), choices=options, why=_why(field))


def _one_of(name: str, field: forms.Field) -> OneOf:
    options = list(field.choices)  # type: ignore[attr-defined]  # a field of choices
    more = () if UNKNOWN in dict(options) else DO_NOT_KNOW
    why = WHY_TIMING if name == "timing" else _why(field)
    return OneOf(label=field.label, help_text=field.help_text, choices=[*options, *more], why=why)


def _why(field: forms.Field) -> StrOrPromise:
    return getattr(field, "why", "")


class MoreForm(SubstanceFields):
    """One question, in the voice of whoever answers it. Nothing is required, and nothing is saved here."""

    use_required_attribute = False
    form_version = "more-1"
    uses = _any_of(SubstanceFields.base_fields["uses"])
    idempotency_key = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, question: Question, voice: Voice, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.question = question
        self.fields = {"idempotency_key": self.fields["idempotency_key"], **self._asked()}
        speak(self.fields, [name for name in self._shown if name != "free_text"], voice)
        self.helper = form_helper(self._page(), hidden=Div("idempotency_key"))
        self.helper.form_tag = False

    def errors_in_order(self) -> list[forms.BoundField]:
        return [self[name] for name in self._shown if self[name].errors]

    def to_said(self) -> dict[str, Any]:
        """Return what was answered, by the keys of the answers schema; "I do not know" says nothing."""
        if self.question.substance:
            return self._use_said()
        if self.question.name == "uses":
            return self._uses_said()
        value = self.cleaned_data.get(self.question.name)
        if isinstance(value, list):
            return _list_said(self.question.name, value)
        return {self.question.name: value} if value and value != UNKNOWN else {}

    def said_so_far(self) -> dict[str, Any]:
        """Return what could be read, errors or not."""
        self.cleaned_data = getattr(self, "cleaned_data", {})
        return self.to_said()

    @property
    def _shown(self) -> list[str]:
        return [name for name in self.question.fields if name in self.fields]

    def _asked(self) -> dict[str, forms.Field]:
        if self.question.substance:
            self._add_follow_ups(self.question.substance)
            return {name: self.fields[name] for name in self.question.fields if name in self.fields}
        name = self.question.name
        return {name: self.fields.get(name) or _field(name)}

    def _page(self) -> Any:
        if not self.question.substance:
            return PageQuestion(self.question.name)
        label = choices.SUBSTANCES[self.question.substance]
        return PageGroup(
            format_lazy(_("{substance}: how is it used?"), substance=label), *self._shown, hint=WHY_HOW
        )

    def _use_said(self) -> dict[str, Any]:
        name = self.question.substance
        self.cleaned_data["uses"] = [name]
        [use] = self.to_substances()
        is_said = any(self.cleaned_data.get(field) for field in self._shown)
        words = {"free_text": f"[Something else used: {self.other_words()}]"} if self.other_words() else {}
        return {"substances": [use], **words} if is_said else {}

    def _uses_said(self) -> dict[str, Any]:
        ticked = [name for name in self.cleaned_data.get("uses", []) if name in choices.SUBSTANCES]
        if ticked:
            return {"substances": [{"name": name} for name in ticked]}
        return {"substances": []} if NONE in self.cleaned_data.get("uses", []) else {}
