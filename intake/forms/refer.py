"""The referral form, for professionals who ask on behalf of somebody else."""

from typing import Any

from django import forms

from crm.enums import CallerRole
from intake.enums import PersonAware
from intake.forms.choices import TIMING, said
from intake.forms.fields import OneOf, Words
from intake.forms.layout import Question, Section, Send, Substances, form_helper
from intake.forms.prebooked import PrebookedForm

BACK_TO_THEM = ("phone", "email", "safe_ways", "address", "safe_times", "ask_for", "safe_note")
AGREES = said({PersonAware.YES: "Yes", PersonAware.NO: "No", PersonAware.UNKNOWN: "Not asked yet"})


class ReferralForm(PrebookedForm):
    form_version = "refer-1"

    job_title = Words(
        label="Your role", help_text="For example GP, nurse, social worker or key worker.", max_length=200
    )
    organisation = Words(label="Your organisation", max_length=200)
    person_aware = OneOf(
        label="Does the person agree to this referral?",
        choices=AGREES,
        needed="Say whether the person agrees.",
        why="Without their agreement we talk to you only, unless there is a serious risk.",
    )
    professional_urgent = OneOf(
        label="Is it urgent?",
        choices=(("yes", "Yes, please call me today"), ("no", "No")),
        why="If a life is at risk now, call the emergency number first.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._say_it_to_a_professional()
        self.helper = form_helper(
            Question("person_aware"),
            Question("professional_urgent"),
            Section("Why are you referring them?", "free_text", "happening"),
            Section("You", "name", "job_title", "organisation", *BACK_TO_THEM),
            Section("The person", "patient_name", "age_band", "pregnancy", "interpreter"),
            Section("Substances and behaviours", Substances(), "tolerance_break", "behaviours"),
            Section("Health and safety", "symptoms", "suicide", "history", "medical", "situation", "travel"),
            Section("What would help", "programme", "timing"),
            Send("Send", "A person will call you back. A bed is offered only after a clinical assessment."),
        )

    def _say_it_to_a_professional(self) -> None:
        self.fields["enquirer"] = forms.CharField(required=False, widget=forms.HiddenInput)
        self.fields["patient_name"].label = "Their name"
        self.fields["name"].label = "Your name"
        self.fields["free_text"].label = "What is happening, and what have you tried?"
        self.fields["timing"].label = "When should help start?"
        self.fields["timing"].choices = TIMING  # type: ignore[attr-defined]  # a field of choices
        self.fields["programme"].label = "What should we look at first?"

    def _raw_answers(self) -> dict[str, Any]:
        is_urgent = self.cleaned_data.get("professional_urgent") == "yes"
        return super()._raw_answers() | {
            "enquirer": CallerRole.PROFESSIONAL.value,
            "professional_urgent": is_urgent,
        }
