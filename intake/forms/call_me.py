"""The shortest form: a number, a safe time and whom to ask for. What is wrong is said on the call."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from intake.forms.contact import FullContactFields
from intake.forms.enquiry import EnquiryForm
from intake.forms.layout import Section, Send, form_helper

ASKED = "[Asked us to call]"


class CallMeForm(FullContactFields, EnquiryForm):
    """Reads nothing but contact: every answer to a question is unknown, which the rules treat with care."""

    form_version = "call-me-1"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["enquirer"].required = False
        self.fields["phone"].help_text = _("Any phone, written any way you like.")
        self.fields["ask_for"].help_text = _("A first name is enough, or leave this empty.")
        self.fields["email"].label = _("Or another way: your e-mail address")
        self.fields["email"].help_text = _("If a call is not safe. The subject will not say why we write.")
        self.helper = form_helper(
            Section(_("Your number"), "phone", "email"),
            Section(_("What should we know before we call?"), "safe_times", "ask_for", "say_instead"),
            Send(_("Ask for a call"), _("We leave no voicemail and send no text.")),
        )

    def _raw_answers(self) -> dict[str, Any]:
        return {"free_text": ASKED}

    def _says_something(self) -> bool:
        return True
