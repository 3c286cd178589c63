"""A message as an e-mail: the same bytes for SMTP, file and console."""

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, parseaddr

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.encoding import punycode

from notifications.channels.base import DeliveryError, Outgoing


def sender_address() -> str:
    """Return the bare address that messages come from."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def sender_domain() -> str:
    """Return its part after the "@", for message ids and greetings: not this machine's name."""
    return sender_address().rpartition("@")[2]


def sender_name() -> str:
    """Return the neutral name that messages come from ("Sam")."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[0] or sender_address()


def recipient_address(outgoing: Outgoing) -> str:
    """Return the address in the ASCII form that servers take. Raises DeliveryError when it is none."""
    try:
        validate_email(outgoing.to)
        local, _, domain = outgoing.to.rpartition("@")
        return f"{local}@{punycode(domain)}".encode("ascii").decode()
    except (ValidationError, UnicodeError):
        raise DeliveryError("InvalidAddress", permanent=True) from None


def to_mime(outgoing: Outgoing) -> EmailMessage:
    """Return the e-mail, in plain text. Raises DeliveryError, permanent, when there is no such address."""
    mime = EmailMessage(policy=SMTP)
    mime["From"] = settings.DEFAULT_FROM_EMAIL
    mime["To"] = recipient_address(outgoing)
    mime["Subject"] = outgoing.subject
    mime["Date"] = formatdate()
    mime["Message-ID"] = f"<{outgoing.id}@{sender_domain()}>"
    mime["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday replies, please
    mime.set_content(outgoing.text, cte="quoted-printable")
    return mime
