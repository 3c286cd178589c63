"""Settling a missed call by hand."""

from typing import Any

from django import forms

from crm.enums import CallEnding
from crm.forms.desk_form import DeskForm
from crm.forms.fields import text
from crm.models import PhoneCall

BY_HAND = (CallEnding.REACHED, CallEnding.GAVE_UP, CallEnding.NOT_SAFE, CallEnding.NOT_AN_ENQUIRY)


class SettleCallForm(DeskForm):
    """What came of the missed calls of one number."""

    ending = forms.ChoiceField(
        label="What came of it",
        choices=[(ending.value, ending.label) for ending in BY_HAND],
        widget=forms.RadioSelect,
        error_messages={"required": "Say what came of the call."},
    )
    note = text("Anything to add", required=False, rows=2)

    def __init__(self, *args: Any, call: PhoneCall, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = f"call-{call.pk}-%s"
