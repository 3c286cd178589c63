"""The two forms of a caller's own page: how to reach them now, and what has got worse."""

from typing import Any

from crispy_forms.layout import Div
from django import forms
from django.utils.translation import gettext_lazy as _

from crm.models import Person
from intake.contact import Contact
from intake.enums import Suicide
from intake.forms import choices
from intake.forms.choices import in_english
from intake.forms.contact import NO_ADDRESS, NO_SAFE_WAY, FullContactFields
from intake.forms.fields import AnyOf, OneOf, Words
from intake.forms.layout import Question, Section, Send, form_helper
from intake.services.linking import SAYS_WORSE

TICK_ONE = _("Tick every way that is safe now. If none is, go back and choose “Stop contacting me”.")
SAY_WHAT = _("Tick what fits, or write a few words.")
LONGEST_TEXT = 20_000


class WaysForm(FullContactFields):
    """Nothing that we know is shown: somebody else may be looking. Blank addresses stay as they are."""

    use_required_attribute = False
    name = None  # type: ignore[assignment]  # Django's way to leave a field out
    interpreter = None  # type: ignore[assignment]

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.fields["phone"].help_text = _(
            "Leave this empty to keep the number you gave. It is not shown here."
        )
        self.fields["email"].help_text = _("Leave this empty to keep the address you gave.")
        self.fields["safe_ways"].label = _("Which ways are safe now?")
        self.fields["safe_ways"].why = _(  # type: ignore[attr-defined]  # see intake.forms.fields
            "What is safe can change. We only use the ways you tick here, from now on."
        )
        self.helper = form_helper(
            Section(
                _("A new number or address"),
                "phone",
                "email",
                intro=_("Only if it has changed."),
            ),
            Section(
                _("What is safe"), "safe_ways", "address", "safe_times", "ask_for", "say_instead", "safe_note"
            ),
            Send(_("Save")),
            hidden=Div(),
        )

    def errors_in_order(self) -> list[forms.BoundField]:
        return [field for field in self if field.errors]

    def _check_reachable(self, contact: Contact) -> None:
        """Ask again if no tick fits an address, the ones that we have included."""
        ticked = set(self.cleaned_data.get("safe_ways", []))
        by_phone = (contact.has_phone or self.person.phone) and ticked & {"call", "voicemail", "text"}
        by_email = (contact.has_email or self.person.email) and "email" in ticked
        by_post = (contact.address or self.person.postal_address) and "post" in ticked
        if "post" in ticked and not by_post:
            self.add_error("address", NO_ADDRESS)
        elif not (by_phone or by_email or by_post):
            self.add_error("safe_ways", NO_SAFE_WAY if ticked else TICK_ONE)


class WorseForm(forms.Form):
    """Three quick questions. What is said here only ever raises how soon a person calls."""

    use_required_attribute = False
    form_version = SAYS_WORSE

    happening = AnyOf(
        label=_("Is any of this happening now?"),
        choices=choices.HAPPENING,
        why=_("Some of these need an ambulance. We ask so that we can tell you."),
    )
    suicide = OneOf(
        label=_("Are there thoughts of suicide?"),
        choices=choices.SUICIDE,
        why=_("We ask so that the right person calls, and soon. Your answer is never scored."),
    )
    free_text = Words(
        label=_("What has changed?"),
        help_text=_("A few words are enough. A person will read them."),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    idempotency_key = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = form_helper(
            Question("happening"),
            Question("suicide"),
            Question("free_text"),
            Send(_("Send")),
            hidden=Div("idempotency_key"),
        )

    def clean(self) -> dict[str, Any]:
        super().clean()
        if not self.errors and not self.to_said():
            self.add_error("free_text", SAY_WHAT)
        return self.cleaned_data

    def errors_in_order(self) -> list[forms.BoundField]:
        return [field for field in self if field.errors]

    def to_said(self) -> dict[str, Any]:
        """Return the answers that were given, and no others (triage/SPEC section 5)."""
        ticked = self.cleaned_data.get("happening", [])
        suicide = self.cleaned_data.get("suicide") or ""
        said = {
            "symptoms": [
                key for key in ticked if key not in choices.DANGER_SITUATIONS and key not in choices.NEEDS
            ],
            "situation": [key for key in ticked if key in choices.DANGER_SITUATIONS],
            "suicide": "" if suicide == Suicide.UNKNOWN else suicide,
            "free_text": self._text(ticked),
        }
        return {key: value for key, value in said.items() if value}

    def _text(self, ticked: list[str]) -> str:
        needs = [f"[{in_english(label)}]" for key, label in choices.NEEDS.items() if key in ticked]
        return "\n".join([self.cleaned_data.get("free_text", ""), *needs]).strip()
