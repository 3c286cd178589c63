"""The shortest form: a number, whom it is about and what to mind. What is wrong is said on the call."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from intake.forms.choices import DO_NOT_KNOW, UNKNOWN, WHO_FOR
from intake.forms.contact import FullContactFields
from intake.forms.enquiry import EnquiryForm
from intake.forms.layout import Question, Section, Send, form_helper

ASKED = "[Asked us to call]"


class CallMeForm(FullContactFields, EnquiryForm):
    """Reads nothing but contact: every answer to a question is unknown, which the rules treat with care."""

    form_version = "call-me-2"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._ask_whom_it_is_about()
        self.fields["phone"].help_text = _("Any phone, written any way you like.")
        self.fields["ask_for"].help_text = _("A first name is enough, or leave this empty.")
        self.fields["email"].label = _("Or another way: your e-mail address")
        self.fields["email"].help_text = _("If a call is not safe. The subject will not say why we write.")
        self.helper = form_helper(
            Section(_("Your number"), "phone", "email"),
            Question("enquirer"),
            Section(
                _("What should we know before we call?"),
                *("safe_times", "ask_for", "say_instead", "interpreter"),
            ),
            Send(_("Ask for a call"), _("We leave no voicemail and send no text.")),
        )

    def _ask_whom_it_is_about(self) -> None:
        field = self.fields["enquirer"]
        field.required = False
        field.choices = [*WHO_FOR, *DO_NOT_KNOW]  # type: ignore[attr-defined]  # a field of choices
        field.why = _("If it is about somebody else, we call you and not them.")  # type: ignore[attr-defined]  # see intake.forms.fields

    def _raw_answers(self) -> dict[str, Any]:
        """Whoever would rather not say is called as if it were about themselves: nobody else is known."""
        enquirer = self.cleaned_data.get("enquirer", "")
        return {"enquirer": None if enquirer in {"", UNKNOWN} else enquirer, "free_text": ASKED}

    def _says_something(self) -> bool:
        return True
