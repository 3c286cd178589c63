"""The form for a coordinator with somebody on the line: the caller's questions, in calling order."""

from typing import Any

from crispy_forms.layout import Div
from django import forms
from django.conf import settings

from crm.enums import CallerRole
from intake.enums import PersonAware, Timing
from intake.forms.choices import said
from intake.forms.fields import AnyOf, Pick
from intake.forms.layout import Folded, Question, Section, Send, Substances, form_helper
from intake.forms.prebooked import PrebookedForm

LABELS = {
    "name": "Caller's name",
    "phone": "Number to call back",
    "email": "E-mail address",
    "free_text": "What they said, in their words",
    "patient_name": "Name of the person it is about",
    "person_aware": "Does that person know and agree?",
    "safe_ways": "Ways of contact that the caller called safe",
    "address": "Address for letters",
    "safe_times": "Safe times",
    "ask_for": "Who to ask for",
    "say_instead": "What to say if somebody else answers",
    "safe_note": "Anything else to mind",
    "enquirer": "Who is this about?",
    "interpreter": "Interpreter",
    "timing": "When do they want help to start?",
    "programme": "What do they have in mind?",
}
HINTS = {
    "person_aware": "Without their agreement we talk to the caller only, unless there is a serious risk.",
    "safe_ways": "Ask about each. Tick only what the caller said. With none ticked: a call, or e-mail "
    "if there is no number.",
    "say_instead": "For example: a call from Sam. Never who we are.",
    "suicide": "Ask everybody, in these words. If they are not safe now, stay on the line and get help.",
    "symptoms": "Some of these need a doctor today.",
    "uses": "Ask before anything is stopped: with some of these, stopping suddenly is dangerous.",
    "tolerance_break": "After a break the body can take much less.",
    "age_band": "Under 18: help them reach the right service.",
}
WHO = said(
    {
        CallerRole.SELF: "The caller",
        CallerRole.LOVED_ONE: "Someone the caller cares about",
        CallerRole.PROFESSIONAL: "Someone the caller works with or looks after",
    }
)
AGREES = said({PersonAware.YES: "Yes", PersonAware.NO: "No", PersonAware.UNKNOWN: "Not asked, or not sure"})
WHEN = said(
    {
        Timing.NOW: "Today",
        Timing.WITHIN_72H: "In the next 3 days",
        Timing.WITHIN_2_WEEKS: "In the next 2 weeks",
        Timing.FLEXIBLE: "Not sure yet, or later",
    }
)
WAYS = (
    ("call", "Call"),
    ("email", "E-mail"),
    ("voicemail", "Leave a voicemail"),
    ("text", "Send a text"),
    ("post", "Send a letter"),
)
TO_MIND = ("address", "safe_times", "ask_for", "say_instead", "safe_note", "interpreter")
CHOICES = {"enquirer": WHO, "person_aware": AGREES, "timing": WHEN, "safe_ways": WAYS}


class PhoneEnquiryForm(PrebookedForm):
    form_version = "phone-1"
    call = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._speak_to_staff()
        line = self._ask_for_the_line()
        self.helper = form_helper(
            Section("How to reach them, first", "phone", "name", "email", "safe_ways", *TO_MIND, *line),
            Question("enquirer", Div("person_aware", "patient_name", css_class="if-other")),
            Section("What is happening", "free_text", "happening", "suicide", "timing", "programme"),
            Folded("What is being used", Substances(), "tolerance_break", "behaviours"),
            Folded("Signs in the body, mood and sleep", "symptoms"),
            Folded(
                "Age, health and home", "age_band", "pregnancy", "history", "medical", "situation", "travel"
            ),
            Send(
                "Save and route",
                "The same rules apply as for the public forms. You can add the rest later.",
                is_public=False,
            ),
            hidden=Div("idempotency_key", "call"),
        )
        self.helper.disable_csrf = False
        self.helper.attrs["data-keep"] = "phone"  # assets/js/parts/keep_notes.js

    def to_source(self) -> dict[str, str]:
        """Return what the call says of where it came from."""
        line = self.cleaned_data.get("line", "")
        return {"line": line} if line else {}

    def _ask_for_the_line(self) -> list[str]:
        """Ask which number was dialled, if there is a choice."""
        if not settings.PHONE_LINES:
            return []
        lines = [(line, line) for line in settings.PHONE_LINES]
        self.fields["line"] = Pick(label="Which number did they ring?", choices=lines)
        return ["line"]

    def _speak_to_staff(self) -> None:
        for name, field in self.fields.items():
            field.label = LABELS.get(name, field.label)
            field.help_text, field.why = HINTS.get(name, ""), ""  # type: ignore[attr-defined]  # see intake.forms.fields
            if isinstance(field, AnyOf):
                field.ask_aloud()
        for name, options in CHOICES.items():
            self.fields[name].choices = options  # type: ignore[attr-defined]  # a field of choices
