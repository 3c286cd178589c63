"""A human: the caller, or the person that the caller is worried about."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from crm.enums import ContactMethod
from jobs.ids import uuid7
from vault.fields import EncryptedTextField


class Person(models.Model):
    """Names and numbers are encrypted; `search_tokens` finds them (vault.tokens).

    `phone` is as typed; `phone_e164` is its international form, or empty where libphonenumber cannot read it.
    `no_contact` is for somebody who has not agreed, `stopped_at` for somebody who asked us to stop.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = EncryptedTextField(blank=True)
    phone = EncryptedTextField(blank=True)
    phone_e164 = EncryptedTextField(blank=True)
    phone_looks_unusual = models.BooleanField(default=False)
    email = EncryptedTextField(blank=True)
    may_call = models.BooleanField("calls are safe", default=False)
    may_voicemail = models.BooleanField("voicemail is safe", default=False)
    may_text = models.BooleanField("texts are safe", default=False)
    may_email = models.BooleanField("e-mail is safe", default=False)
    may_post = models.BooleanField("letters are safe", default=False)
    postal_address = EncryptedTextField(blank=True)
    safe_times = EncryptedTextField("when it is safe to contact them", blank=True)
    safe_slots = ArrayField(
        models.SmallIntegerField(),
        null=True,
        editable=False,
        help_text="Half hours of the week (crm.safe_times). None: no times said. Empty: a person reads them.",
    )
    ask_for = EncryptedTextField("who to ask for", blank=True)
    say_instead = EncryptedTextField("what to say if somebody else answers", blank=True)
    contact_note = EncryptedTextField("anything else to mind", blank=True)
    no_contact = models.BooleanField("must not be contacted (H-CONSENT)", default=False)
    stopped_at = models.DateTimeField("asked us to stop contacting them", null=True, blank=True)
    search_tokens = ArrayField(models.BigIntegerField(), default=list, editable=False)
    created_at = models.DateTimeField()

    class Meta:
        indexes = (
            # crm.selectors.people: find by phone, e-mail or name prefix
            GinIndex(fields=["search_tokens"], name="person_search_tokens", fastupdate=False),
        )

    def __str__(self) -> str:
        return f"Person {self.pk}"

    @property
    def may_be_contacted(self) -> bool:
        return not self.no_contact and self.stopped_at is None

    def allows(self, method: ContactMethod) -> bool:
        """Return whether the person said that this way of contact is safe."""
        if not self.may_be_contacted:
            return False
        return {
            ContactMethod.CALL: self.may_call,
            ContactMethod.VOICEMAIL: self.may_voicemail,
            ContactMethod.TEXT: self.may_text,
            ContactMethod.EMAIL: self.may_email,
            ContactMethod.POST: self.may_post,
            ContactMethod.VISIT: True,
        }[method]
