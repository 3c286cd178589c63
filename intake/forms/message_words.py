"""One wording of a message to callers, checked for what is never said."""

from typing import Any

from crispy_forms.layout import Div
from django import forms
from django.http import QueryDict

from intake.forms.fields import Words as Typed
from intake.forms.layout import Send, form_helper
from intake.services.message_words import problems_of
from notifications.enums import ChannelName
from notifications.worded import Worded
from notifications.wording import Words, conditions_of

NO_CALLER = "No caller gets this before somebody else approves it."


class MessageWordsForm(forms.Form):
    subject = Typed(label="Subject", max_length=60, help_text="Neutral: it is read on locked screens.")
    text = Typed(
        label="Text", widget=forms.Textarea(attrs={"rows": 14}), max_length=4000, needed="Write a text."
    )
    note = Typed(label="What changed", max_length=200, help_text="For whoever approves it.")

    def __init__(self, data: QueryDict | None, *, worded: Worded, words: Words) -> None:
        super().__init__(data, initial={"subject": words.subject, "text": words.text})
        self.worded = worded
        self.use_required_attribute = False
        self.fields["text"].help_text = how_to_write(worded)
        if worded.channel == ChannelName.SMS:
            del self.fields["subject"]
        self.helper = form_helper(
            *self.fields, Send("Save as a new version", NO_CALLER, is_public=False), hidden=Div()
        )
        self.helper.disable_csrf = False

    def clean(self) -> dict[str, Any]:
        if "text" in self.cleaned_data and (problems := problems_of(self.worded, self.to_words())):
            self.add_error("text", problems)
        return self.cleaned_data

    def to_words(self) -> Words:
        """Return what was typed, with the line ends of all systems as ours."""
        subject = " ".join(str(self.cleaned_data.get("subject") or "").split())
        lines = str(self.cleaned_data["text"]).replace("\r\n", "\n").split("\n")
        return Words(subject, "\n".join(line.rstrip() for line in lines).strip())


def how_to_write(worded: Worded) -> str:
    """Return in a few words what brackets do; the page lists them."""
    fills = "Plain words. {phone} and its like become the real thing when it goes out."
    when = " A line that begins with [ ] is sent only in that case." if conditions_of(worded.kind) else ""
    return f"{fills}{when} They are listed above."
