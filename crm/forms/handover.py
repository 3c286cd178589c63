"""A note to the next shift."""

from crispy_forms.helper import FormHelper
from django import forms

from crm.forms.lead_actions import text


class HandoverNoteForm(forms.Form):
    """Whatever the next shift must know; a lead is named by its reference."""

    text = text("What must they know?", "Name a lead by its reference, not by its person.", rows=4)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # whatever Django's form takes
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.use_required_attribute = False
