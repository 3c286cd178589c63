"""The form for the worst moment: three answers, then only what somebody has the strength for."""

from typing import Any

from crispy_forms.layout import Div

from intake.enums import Timing
from intake.forms.contact import SHORT
from intake.forms.enquiry import EnquiryForm
from intake.forms.layout import Folded, Question, Section, Send, Substances, form_helper


class UrgentForm(EnquiryForm):
    form_version = "urgent-1"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["timing"].initial = Timing.NOW.value
        self.fields["timing"].widget.attrs["class"] = "choices--two"
        self.helper = form_helper(
            Question("enquirer", Div("person_aware", "patient_name", css_class="if-other")),
            Section("What is happening?", "happening", "free_text", "suicide", "timing"),
            Section("How can we reach you?", *SHORT),
            Send(
                "Send",
                "You can send this now. Or open the parts below first: what you add there helps us prepare.",
            ),
            Section(
                "If you can, tell us more",
                Folded("What is being used", Substances(), "tolerance_break"),
                Folded("Signs in the body, mood and sleep", "symptoms"),
                Folded("Age, pregnancy and past health", "age_band", "pregnancy", "history"),
                Folded("Home and safety", "situation", "interpreter"),
                intro="Skip anything. Open only the parts that fit.",
            ),
            Send("Send"),
        )

    def _raw_answers(self) -> dict[str, Any]:
        """Whoever takes the urgent way asks for help today, unless they say otherwise."""
        raw = super()._raw_answers()
        return raw | {"timing": raw["timing"] or Timing.NOW.value}
