"""Settling a missed call by hand."""

from crispy_forms.helper import FormHelper
from django import forms

from crm.enums import CallEnding
from crm.forms.lead_actions import text
from crm.models import PhoneCall

BY_HAND = (CallEnding.REACHED, CallEnding.GAVE_UP, CallEnding.NOT_SAFE, CallEnding.NOT_AN_ENQUIRY)


class SettleCallForm(forms.Form):
    """What came of the missed calls of one number."""

    use_required_attribute = False
    ending = forms.ChoiceField(
        label="What came of it",
        choices=[(ending.value, ending.label) for ending in BY_HAND],
        widget=forms.RadioSelect,
        error_messages={"required": "Say what came of the call."},
    )
    note = text("Anything to add", required=False, rows=2)

    def __init__(self, *args: object, call: PhoneCall, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # as forms.Form takes them
        self.auto_id = f"call-{call.pk}-%s"
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
