"""The fuller form, for a stay that is planned."""

from typing import Any

from crispy_forms.layout import Div
from django.utils.translation import gettext_lazy as _

from intake.enums import Behaviour
from intake.forms import choices
from intake.forms.contact import FULL, FullContactFields
from intake.forms.enquiry import EnquiryForm
from intake.forms.fields import AnyOf
from intake.forms.layout import Question, Section, Send, Substances, form_helper
from intake.forms.plan import DATE_PARTS, PlanFields


class PrebookedForm(PlanFields, FullContactFields, EnquiryForm):
    form_version = "prebooked-1"

    behaviours = AnyOf(
        label=_("Is any of this a problem too?"), choices=choices.labelled(Behaviour), or_none=True
    )
    history = AnyOf(
        label=_("Has any of this happened?"),
        choices=choices.PAST_AND_DEBT,
        why=_("These can make stopping dangerous, so we plan for them."),
        or_none=True,
    )
    medical = AnyOf(
        label=_("Does any of this apply?"),
        choices=choices.MEDICAL,
        why=_("So that a nurse or doctor can plan a stay that is safe."),
        or_none=True,
    )
    travel = AnyOf(
        label=_("Getting about"),
        choices=choices.TRAVEL,
        why=_("You should not drive to us if you may be affected. We ask so that we can plan the trip."),
        or_none=True,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = form_helper(
            Question("enquirer", Div("person_aware", "patient_name", css_class="if-other")),
            Section(
                _("What would you like help with?"),
                "free_text",
                Substances(),
                "tolerance_break",
                "behaviours",
            ),
            Section(_("How are things now?"), "happening", "symptoms", "suicide"),
            Section(
                _("Health and home"), "age_band", "pregnancy", "history", "medical", "situation", "travel"
            ),
            Question("programme"),
            Question("timing", *DATE_PARTS),
            Section(_("How can we reach you?"), *FULL),
            Send(_("Send"), _("Nothing is booked yet. A person will call you to talk it through.")),
        )

    def _raw_answers(self) -> dict[str, Any]:
        raw = super()._raw_answers()
        said = self.cleaned_data
        return raw | {
            "behaviours": self._ticked("behaviours"),
            "medical": self._ticked("medical"),
            "situation": raw["situation"] + self._ticked("travel"),
            "timing": self.timing_said() or None,
            "programme": said.get("programme") or None,
            "preferred_date": self.preferred_date(),
        }
