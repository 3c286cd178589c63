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
NO_SAFE_WAY = "Tick at least one safe way that fits the phone number or e-mail address you gave."


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
        initial=["call", "email"],
        why="Someone else may see or hear your messages. We only use the ways you tick.",
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
        return Contact.model_validate(given | {"safe_contact": self._safe_contact()})

    def clean(self) -> dict[str, Any]:
        super().clean()
        if not self.errors.keys() & {"phone", "email", "safe_ways"}:
            self._check_reachable(self.to_contact())
        return self.cleaned_data

    def _safe_contact(self) -> dict[str, Any]:
        ticked = self.cleaned_data.get("safe_ways", [])
        return {way: way in ticked for way in WAYS} | {"note": self.cleaned_data.get("safe_note", "")}

    def _check_reachable(self, contact: Contact) -> None:
        safe = contact.safe_contact
        if not (contact.has_phone or contact.has_email):
            self.add_error("phone", NOT_REACHABLE)
            return
        by_phone = contact.has_phone and (safe.call or safe.voicemail or safe.text)
        if not (by_phone or (contact.has_email and safe.email)):
            self.add_error("safe_ways", NO_SAFE_WAY)
