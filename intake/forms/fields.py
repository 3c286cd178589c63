"""Form fields that speak plainly, say why they ask, and never insist: a subclass of each kind of answer."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.formats import number_format
from django.utils.functional import lazy
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from intake.forms.choices import NO_ANSWER, stated

Choices = Iterable[tuple[str, StrOrPromise]]
ONE_OR_THE_OTHER = _("You ticked an answer, and also one that says there is none. Take one of the two away.")


class Words(forms.CharField):
    """Text as it was typed, any script; only NUL bytes, which no database keeps, are taken out.

    `needed` makes it required, and says what is missing.
    """

    def __init__(
        self, *, max_length: int, why: StrOrPromise = "", needed: StrOrPromise = "", **kwargs: Any
    ) -> None:
        self.why = why
        kwargs.setdefault("required", bool(needed))
        super().__init__(max_length=max_length, **kwargs)
        self.error_messages["required"] = needed or _("Fill this in.")
        self.widget.attrs.pop("maxlength", None)  # a paste that is too long is answered, never cut
        for validator in self.validators:
            if getattr(validator, "code", "") == "max_length":
                validator.message = _too_long(max_length)  # type: ignore[attr-defined]  # MaxLengthValidator, told by its code

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\x00", "")


def _say_too_long(most: int) -> str:
    number = number_format(most, force_grouping=True)
    return gettext("Use %(number)s characters or fewer. Nothing was cut.") % {"number": number}


_too_long = lazy(_say_too_long, str)


class SharedChoices(forms.ChoiceField):
    """A choice among answers that never change: every form shares one list instead of copying it.

    Django copies each field's choices for each form; that was two fifths of what reading a form cost.
    """

    def __deepcopy__(self, memo: Any) -> Any:
        return super(forms.ChoiceField, self).__deepcopy__(memo)


class OneOf(SharedChoices):
    """One answer of a few, or "" for none. `needed` makes it required, and says what is missing."""

    def __init__(
        self, *, choices: Choices, why: StrOrPromise = "", needed: StrOrPromise = "", **kwargs: Any
    ) -> None:
        self.why = why
        kwargs.setdefault("widget", forms.RadioSelect)
        super().__init__(choices=list(choices), required=bool(needed), **kwargs)
        self.error_messages |= {"required": needed, "invalid_choice": _("Choose an answer from the list.")}


class AnyOf(SharedChoices, forms.MultipleChoiceField):
    """Any number of answers, none of them included.

    `or_none` adds "none of these" and "I do not know", which TickedFields keeps apart from the rest.
    """

    def __init__(
        self,
        *,
        choices: Choices,
        why: StrOrPromise = "",
        in_columns: bool = True,
        or_none: bool = False,
        **kwargs: Any,
    ) -> None:
        self.why = why
        self.answers = list(choices)
        choices = [*self.answers, *NO_ANSWER] if or_none else self.answers
        attrs = {"class": "choices--two"} if in_columns else {}
        kwargs.setdefault("widget", forms.CheckboxSelectMultiple(attrs=attrs))
        super().__init__(choices=list(choices), required=False, **kwargs)
        self.error_messages |= {
            "invalid_choice": _("Choose answers from the list."),
            "invalid_list": _("Choose answers from the list."),
        }

    def ask_aloud(self) -> None:
        """Offer the answers alone, to somebody who asks and ticks for another person."""
        self.choices = self.answers


class TickedFields(forms.Form):
    """Asks again where somebody ticked an answer and also that there is none. What they ticked still counts:
    a danger among it must not be missed because of the rest.
    """

    def clean(self) -> dict[str, Any]:
        super().clean()
        for name in [name for name, field in self.fields.items() if isinstance(field, AnyOf)]:
            ticked = self.cleaned_data.get(name, [])
            answers = stated(ticked)
            if answers and len(answers) < len(ticked):
                self.add_error(name, ONE_OR_THE_OTHER)
                self.cleaned_data[name] = answers
        return self.cleaned_data


class PlainSelect(forms.Select):
    """A drop-down without a template for each option: a form has 400 of them."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = "" if value is None else str(value)
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((key, mark_safe(" selected") if key == chosen else "", label) for key, label in self.choices),
        )
        described = flatatt(self.build_attrs(self.attrs, {"name": name, **(attrs or {})}))
        return format_html("<select{}>{}</select>", described, options)


class Pick(OneOf):
    """One answer of a few as a drop-down, for follow-up questions where radios would fill the screen."""

    def __init__(self, *, choices: Choices, **kwargs: Any) -> None:
        super().__init__(
            choices=[("", _("Choose, or leave")), *choices],
            widget=PlainSelect(attrs={"class": "form-select"}),
            **kwargs,
        )
