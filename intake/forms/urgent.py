"""The form for the worst moment: three answers. More is asked after it has been sent (intake.forms.more)."""

from typing import Any

from crispy_forms.layout import Div
from django.utils.translation import gettext_lazy as _

from intake.enums import Timing
from intake.forms import choices
from intake.forms.contact import SHORT
from intake.forms.enquiry import EnquiryForm
from intake.forms.fields import AnyOf
from intake.forms.layout import Question, Section, Send, form_helper


class UrgentForm(EnquiryForm):
    """Shows few of the questions, and still reads the others from whoever sends them."""

    form_version = "urgent-2"

    happening = AnyOf(
        label=_("Is any of this happening now?"),
        choices=choices.HAPPENING_FIRST,
        why=_("With some of these you need help sooner than we can give it. We ask so that we can say so."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = form_helper(
            Question("enquirer", Div("person_aware", "patient_name", css_class="if-other")),
            Section(_("What is happening?"), "happening", "free_text"),
            Section(_("How can we reach you?"), *SHORT, "interpreter"),
            Send(_("Send"), _("After this we ask a few more questions. You can stop at any of them.")),
        )

    def _raw_answers(self) -> dict[str, Any]:
        """Whoever takes the urgent way counts as asking for help today, until they are asked."""
        raw = super()._raw_answers()
        return raw if raw["timing"] else raw | {"timing": Timing.NOW.value, "timing_assumed": True}
