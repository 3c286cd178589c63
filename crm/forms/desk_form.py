"""The form that every other one of the desk is."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms


class DeskForm(forms.Form):
    """A form inside a form tag of the template. The browser checks nothing: our words say what is missing."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
