"""The form that a coordinator fills in while somebody is on the line: the caller's questions, in calling order."""

from typing import Any

from crispy_forms.layout import Div

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


class PhoneEnquiryForm(PrebookedForm):
    form_version = "phone-1"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in LABELS.items():
            self.fields[name].label = label
        self.helper = form_helper(
            Section("How to reach them, first", "phone", "name", "email", "safe_ways", "safe_note", "interpreter"),
            Question("enquirer", Div("person_aware", "patient_name", css_class="if-other")),
            Section("What is happening", "free_text", "happening", "suicide", "timing"),
            Folded("What is being used", Substances(), "tolerance_break", "behaviours"),
            Folded("Signs in the body, mood and sleep", "symptoms"),
            Folded("Age, health and home", "age_band", "pregnancy", "history", "medical", "situation", "travel"),
            Send("Save and route", "The same rules apply as for the public forms. You can add the rest on the lead."),
        )
        self.helper.disable_csrf = False
