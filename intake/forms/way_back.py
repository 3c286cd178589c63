"""Coming back to saved answers: the code, and an address to send the link to."""

from django import forms
from django.utils.translation import gettext_lazy as _

from intake.forms.fields import Words


class WayBackForm(forms.Form):
    """The code that the page showed when the answers were saved."""

    use_required_attribute = False

    code = Words(
        label=_("What is your code?"),
        help_text=_("Eight letters and numbers. Spaces, dashes and small letters are all fine."),
        max_length=50,
        required=True,
        widget=forms.TextInput(
            attrs={"class": "form-control input-short", "autocomplete": "off", "spellcheck": "false"}
        ),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own
        self.fields["code"].error_messages["required"] = _("Write the code that the page showed you.")


class SendLinkForm(WayBackForm):
    """Where the link may go. The code goes with the form, and is not in the message."""

    email = forms.EmailField(
        label=_("A safe e-mail address"),
        help_text=_("Only if nobody else reads it. The subject says nothing of what this is about."),
        error_messages={
            "required": _("Write an e-mail address."),
            "invalid": _("Write an e-mail address, such as name@example.org."),
        },
        widget=forms.EmailInput(
            attrs={"class": "form-control", "autocomplete": "email", "spellcheck": "false"}
        ),
    )
