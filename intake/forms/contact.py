"""How to reach whoever is asking: phone or e-mail, kept as typed, which ways are safe, and what to mind."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from intake.contact import NOT_REACHABLE, WAYS, Contact
from intake.forms.fields import AnyOf, Words

SAFE_WAYS = (
    ("call", _("Call me")),
    ("email", _("E-mail me")),
    ("voicemail", _("Leave a voicemail")),
    ("text", _("Send a text")),
)
WITH_POST = (*SAFE_WAYS, ("post", _("Send a letter")))
NO_SAFE_WAY = _("Tick a way that fits the phone number or e-mail address you gave.")
NO_ADDRESS = _("Write the address for letters, or take the tick for letters away.")

# What a short page asks, and what a page with room asks.
SHORT = ("phone", "email", "name", "safe_ways", "safe_note")
FULL = (
    *("name", "phone", "email", "safe_ways", "address"),
    *("safe_times", "ask_for", "say_instead", "safe_note", "interpreter"),
)


class ContactFields(forms.Form):
    """Nobody is refused for an unusual number: only when there is no way at all to reach them."""

    name = Words(
        label=_("Your name, or what to call you"),
        help_text=_("Leave this empty if you would rather not say."),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
    )
    phone = Words(
        label=_("Phone number"),
        help_text=_("Any phone, written any way you like. We use it to call you back."),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    email = Words(
        label=_("E-mail address"),
        help_text=_("If a call is not possible. The subject line will not say what it is about."),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"}),
    )
    safe_ways = AnyOf(
        label=_("Which ways are safe to contact you?"),
        choices=SAFE_WAYS,
        why=_(
            "Someone else may see or hear your messages. We only use the ways you tick. "
            "If you tick none, we call, or e-mail you if you gave no phone number."
        ),
    )
    safe_note = Words(
        label=_("Anything else to know before we contact you?"),
        help_text=_("For example a safe time, or who we should ask for."),
        max_length=2000,
    )
    interpreter = Words(
        label=_("Would you like an interpreter?"),
        help_text=_("Write the language, or say what else would help you talk to us."),
        max_length=200,
    )

    def to_contact(self) -> Contact:
        """Return the contact as typed; it may still lack a way to reach anybody."""
        said = self.cleaned_data
        given = {key: said.get(key, "") for key in Contact.model_fields if key != "safe_contact"}
        contact = Contact.model_validate(given)
        return Contact.model_validate(given | {"safe_contact": self._safe_contact(contact)})

    def clean(self) -> dict[str, Any]:
        super().clean()
        if not self.errors.keys() & {"phone", "email", "safe_ways"}:
            self._check_reachable(self.to_contact())
        return self.cleaned_data

    def _safe_contact(self, contact: Contact) -> dict[str, Any]:
        """Return what was said. No tick states nothing, and e-mail is then used only without a phone."""
        said = self.cleaned_data
        ticked = said.get("safe_ways", [])
        if ticked:
            ways: dict[str, Any] = {way: way in ticked for way in WAYS}
        else:
            ways = {"email": False} if contact.has_phone else {}
        to_mind = {"times": "safe_times", "ask_for": "ask_for", "say": "say_instead"}
        asked = {key: said[field] for key, field in to_mind.items() if said.get(field)}
        return ways | asked | {"note": said.get("safe_note", "")}

    def _check_reachable(self, contact: Contact) -> None:
        safe = contact.safe_contact
        if not (contact.has_phone or contact.has_email):
            self.add_error("phone", gettext(NOT_REACHABLE))
            return
        if not self.cleaned_data.get("safe_ways"):
            return
        by_phone = contact.has_phone and (safe.call or safe.voicemail or safe.text)
        if not (by_phone or (contact.has_email and safe.email)):
            self.add_error("safe_ways", NO_SAFE_WAY)


class FullContactFields(ContactFields):
    """Channel by channel, with letters, safe times, whom to ask for and what to say."""

    safe_ways = AnyOf(
        label=_("Which ways are safe to contact you?"),
        choices=WITH_POST,
        why=_(
            "Someone else may see or hear your messages. We only use the ways you tick. "
            "If you tick none, we call, or e-mail you if you gave no phone number."
        ),
    )
    address = Words(
        label=_("Address for letters"),
        help_text=_("Only if letters are safe."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "street-address"}),
    )
    safe_times = Words(
        label=_("When is it safe to contact you?"),
        help_text=_("For example “after 6 on weekdays”. Leave this empty if any time is safe."),
        max_length=2000,
    )
    ask_for = Words(
        label=_("Who should we ask for?"),
        help_text=_("If it is not the name you gave."),
        max_length=200,
    )
    say_instead = Words(
        label=_("What should we say if someone else answers?"),
        help_text=_("For example “a call from Sam”."),
        max_length=200,
    )

    safe_note = Words(
        label=_("Anything else to know before we contact you?"),
        help_text=_("For example “do not call from a hidden number”."),
        max_length=2000,
    )

    def _check_reachable(self, contact: Contact) -> None:
        super()._check_reachable(contact)
        if "post" in self.cleaned_data.get("safe_ways", []) and not contact.address:
            self.add_error("address", NO_ADDRESS)
