"""The referral form, for professionals who ask on behalf of somebody else."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.enums import CallerRole
from intake.enums import PersonAware, Voice
from intake.forms.born import age_band_of
from intake.forms.choices import DO_NOT_KNOW, TIMING, said
from intake.forms.fields import OneOf, Words
from intake.forms.layout import Question, Section, Send, Substances, form_helper
from intake.forms.prebooked import PrebookedForm
from intake.forms.wording import speak
from intake.triage.merging import more_serious

BACK_TO_THEM = ("phone", "email", "safe_ways", "address", "safe_times", "ask_for", "safe_note")
ABOUT_THEM = (
    *("happening", "age_band", "pregnancy", "uses", "tolerance_break", "behaviours"),
    *("symptoms", "suicide", "history", "medical", "situation", "travel"),
)
AGREES = said({PersonAware.YES: _("Yes"), PersonAware.NO: _("No"), PersonAware.UNKNOWN: _("Not asked yet")})


class ReferralForm(PrebookedForm):
    form_version = "refer-2"

    job_title = Words(
        label=_("Your role"),
        help_text=_("For example GP, nurse, social worker or key worker."),
        why=_("So that we know who refers, and can find you if the line breaks off."),
        max_length=200,
        needed=_("Write your role, such as GP or key worker."),
    )
    organisation = Words(
        label=_("Your organisation"),
        help_text=_("If you work on your own, write that."),
        max_length=200,
        needed=_("Write the name of your organisation."),
    )
    person_aware = OneOf(
        label=_("Does the person agree to this referral?"),
        choices=AGREES,
        needed=_("Say whether the person agrees."),
        why=_("Without their agreement we talk to you only, unless there is a serious risk."),
    )
    born = Words(
        label=_("Their date of birth or age, if you know it"),
        help_text=_("For example 17, or 27/3/2009."),
        why=_("So that a nurse or doctor can plan a stay that is safe."),
        max_length=200,
    )
    professional_urgent = OneOf(
        label=_("Is it urgent?"),
        choices=(("yes", _("Yes, please call me today")), ("no", _("No")), *DO_NOT_KNOW),
        why=_("If a life is at risk now, call the emergency number first."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._say_it_to_a_professional()
        self.helper = form_helper(
            Question("person_aware"),
            Question("professional_urgent"),
            Section(_("Why are you referring them?"), "free_text", "happening"),
            Section(_("You"), "name", "job_title", "organisation", *BACK_TO_THEM),
            Section(
                _("The person"),
                *("patient_name", "age_band", "born", "pregnancy", "interpreter"),
                intro=_(
                    "Do not give us their number: we call you. Without their agreement we do not call or "
                    "write to them, unless there is a serious risk."
                ),
            ),
            Section(_("Substances and behaviours"), Substances(), "tolerance_break", "behaviours"),
            Section(
                _("Health and safety"), "symptoms", "suicide", "history", "medical", "situation", "travel"
            ),
            Section(_("What would help"), "programme", "timing"),
            Send(
                _("Send"),
                _("A person will call you back. A bed is offered only after a clinical assessment."),
            ),
        )

    def _say_it_to_a_professional(self) -> None:
        speak(self.fields, ABOUT_THEM, Voice.PROFESSIONAL)
        self.fields["enquirer"] = forms.CharField(required=False, widget=forms.HiddenInput)
        self.fields["interpreter"].label = _("Does the person need an interpreter?")
        self.fields["interpreter"].help_text = _(
            "Write the language, or what else would help them talk to us."
        )
        self.fields["patient_name"].label = _("Their name")
        self.fields["name"].label = _("Your name")
        self.fields["free_text"].label = _("What is happening, and what have you tried?")
        self.fields["timing"].label = _("When should help start?")
        self.fields["timing"].choices = TIMING  # type: ignore[attr-defined]  # a field of choices
        self.fields["programme"].label = _("What should we look at first?")

    def _raw_answers(self) -> dict[str, Any]:
        raw = super()._raw_answers()
        is_urgent = self.cleaned_data.get("professional_urgent") == "yes"
        return raw | {
            "enquirer": CallerRole.PROFESSIONAL.value,
            "professional_urgent": is_urgent,
            "age_band": self._age_band(raw["age_band"]),
        }

    def _age_band(self, ticked: str | None) -> str | None:
        """Return the more serious of two answers: the one that was ticked, and the one that was written."""
        written = age_band_of(self.cleaned_data.get("born", ""), self.today or timezone.localdate())
        return more_serious("age_band", ticked, written)

    def _text(self) -> str:
        """Return the words, and below them who refers and how old the person is: staff read it there."""
        said = self.cleaned_data
        who = ", ".join(filter(None, (said.get("job_title"), said.get("organisation"))))
        lines = {"Referred by": who, "Date of birth or age": said.get("born")}
        extra = [f"[{name}: {value}]" for name, value in lines.items() if value]
        return "\n".join([super()._text(), *extra]).strip()
