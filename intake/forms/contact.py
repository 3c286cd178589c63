"""How to reach whoever is asking: phone or e-mail, kept as typed, and which ways are safe."""

from typing import Any

from django import forms

from intake.contact import NOT_REACHABLE, WAYS, Contact
from intake.forms.fields import AnyOf, Words

SAFE_WAYS = (
    ("call", "Call me"),
    ("email", "E-mail me"),
    ("voicemail", "Leave a voicemail"),
    ("text", "Send a text"),
)
NO_SAFE_WAY = "Tick a way that fits the phone number or e-mail address you gave."


class ContactFields(forms.Form):
    """Nobody is refused for an unusual number: only when there is no way at all to reach them."""

    name = Words(
        label="Your name, or what to call you",
        help_text="Leave this empty if you would rather not say.",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
    )
    phone = Words(
        label="Phone number",
        help_text="Any phone, written any way you like. We use it to call you back.",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    email = Words(
        label="E-mail address",
        help_text="If a call is not possible. The subject line will not say what it is about.",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"}),
    )
    safe_ways = AnyOf(
        label="Which ways are safe to contact you?",
        choices=SAFE_WAYS,
        why=(
            "Someone else may see or hear your messages. We only use the ways you tick. "
            "If you tick none, we call, or e-mail you if you gave no phone number."
        ),
    )
    safe_note = Words(
        label="Anything to know before we contact you?",
        help_text="For example a safe time, or who we should ask for.",
        max_length=2000,
    )
    interpreter = Words(
        label="Would you like an interpreter?",
        help_text="Write the language, or say what else would help you talk to us.",
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
        ticked = self.cleaned_data.get("safe_ways", [])
        if ticked:
            said: dict[str, Any] = {way: way in ticked for way in WAYS}
        else:
            said = {"email": False} if contact.has_phone else {}
        return said | {"note": self.cleaned_data.get("safe_note", "")}

    def _check_reachable(self, contact: Contact) -> None:
        safe = contact.safe_contact
        if not (contact.has_phone or contact.has_email):
            self.add_error("phone", NOT_REACHABLE)
            return
        if not self.cleaned_data.get("safe_ways"):
            return
        by_phone = contact.has_phone and (safe.call or safe.voicemail or safe.text)
        if not (by_phone or (contact.has_email and safe.email)):
            self.add_error("safe_ways", NO_SAFE_WAY)
