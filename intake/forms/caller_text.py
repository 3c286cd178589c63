"""One wording of what callers are told, checked for what is never said."""

from crispy_forms.layout import Div
from django import forms
from django.http import QueryDict

from intake.content.never_say import problems_in
from intake.enums import Slot
from intake.forms.fields import Words
from intake.forms.layout import Send, form_helper
from intake.wording import slots_in


class CallerTextForm(forms.Form):
    text = Words(
        label="New wording",
        help_text="In place of a number write a slot: " + ", ".join(f"{{{slot}}}" for slot in Slot) + ".",
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=1000,
        required=True,
    )

    def __init__(self, data: QueryDict | None, *, text: str) -> None:
        super().__init__(data, initial={"text": text})
        self.use_required_attribute = False
        note = "No caller is told this before a clinician approves it."
        self.helper = form_helper("text", Send("Save as a new version", note, is_public=False), hidden=Div())
        self.helper.disable_csrf = False

    def clean_text(self) -> str:
        text = " ".join(str(self.cleaned_data["text"]).split())
        unknown = sorted(set(slots_in(text)) - set(Slot))
        problems = problems_in(text) + [f"There is no {{{slot}}} to fill in." for slot in unknown]
        if problems:
            raise forms.ValidationError(problems)
        return text
