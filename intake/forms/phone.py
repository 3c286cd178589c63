"""The form for a coordinator with somebody on the line: the caller's questions, in calling order."""

from typing import Any

from crispy_forms.layout import Div

from crm.enums import CallerRole
from intake.forms.choices import said
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
    "safe_note": "Safe times, who to ask for, what to say",
    "enquirer": "Who is this about?",
    "interpreter": "Interpreter",
}
WHO = said(
    {
        CallerRole.SELF: "The caller",
        CallerRole.LOVED_ONE: "Someone the caller cares about",
        CallerRole.PROFESSIONAL: "Someone the caller works with or looks after",
    }
)
WAYS = (("call", "Call"), ("email", "E-mail"), ("voicemail", "Leave a voicemail"), ("text", "Send a text"))


class PhoneEnquiryForm(PrebookedForm):
    form_version = "phone-1"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._speak_to_staff()
        self.helper = form_helper(
            Section(
                "How to reach them, first", "phone", "name", "email", "safe_ways", "safe_note", "interpreter"
            ),
            Question("enquirer", Div("person_aware", "patient_name", css_class="if-other")),
            Section("What is happening", "free_text", "happening", "suicide", "timing"),
            Folded("What is being used", Substances(), "tolerance_break", "behaviours"),
            Folded("Signs in the body, mood and sleep", "symptoms"),
            Folded(
                "Age, health and home", "age_band", "pregnancy", "history", "medical", "situation", "travel"
            ),
            Send(
                "Save and route", "The same rules apply as for the public forms. You can add the rest later."
            ),
        )
        self.helper.disable_csrf = False

    def _speak_to_staff(self) -> None:
        for name, label in LABELS.items():
            self.fields[name].label = label
            self.fields[name].help_text = ""
        self.fields["enquirer"].choices = WHO  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["safe_ways"].choices = WAYS  # type: ignore[attr-defined]  # a MultipleChoiceField
