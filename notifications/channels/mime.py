"""A message as an e-mail: the same bytes for SMTP, file and console."""

from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import formatdate, parseaddr, quote

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.encoding import punycode

from notifications.channels.base import DeliveryError, Outgoing

NARROW = EmailPolicy(linesep="\r\n", max_line_length=66)


class _Policy(EmailPolicy):
    """What servers take; and a subject begins on the line of its name.

    Python puts one that fits on a line of its own, but not behind its name, on the next line as a whole. Some
    programs then show none.
    """

    def fold_binary(self, name: str, value: str) -> bytes:
        folded = super().fold_binary(name, value)
        return NARROW.fold_binary(name, value) if folded.startswith(b"Subject:\r\n") else folded

    def fold(self, name: str, value: str) -> str:
        return self.fold_binary(name, value).decode()


MAIL = _Policy(linesep="\r\n")


def sender_address() -> str:
    """Return the bare address that messages come from."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def sender_domain() -> str:
    """Return its part after the "@", for message ids and greetings: not this machine's name."""
    return sender_address().rpartition("@")[2]


def sender_name() -> str:
    """Return the neutral name that messages come from ("Sam")."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[0] or sender_address()


def desk_name() -> str:
    """Return the name that messages to staff come from ("Threshold desk")."""
    return str(settings.DESK_NAME)


def named_sender(name: str) -> str:
    """Return what stands in From: our one address, under this name, or under the neutral one."""
    return f'"{quote(name)}" <{sender_address()}>' if name else settings.DEFAULT_FROM_EMAIL


def recipient_address(outgoing: Outgoing) -> str:
    """Return the address in the ASCII form that servers take. Raises DeliveryError when it is none."""
    try:
        validate_email(outgoing.to)
        local, _, domain = outgoing.to.rpartition("@")
        return f"{local}@{punycode(domain)}".encode("ascii").decode()
    except (ValidationError, UnicodeError):
        raise DeliveryError("InvalidAddress", permanent=True) from None


def to_mime(outgoing: Outgoing) -> EmailMessage:
    """Return the e-mail: its text and, if there is one, the same in HTML. Raises DeliveryError.

    No List-Unsubscribe: that is for lists (RFC 2369), and each of these answers one person about one thing.
    """
    mime = EmailMessage(policy=MAIL)
    mime["From"] = named_sender(outgoing.sender)
    mime["To"] = recipient_address(outgoing)
    mime["Subject"] = outgoing.subject
    mime["Date"] = formatdate(outgoing.now)
    mime["Message-ID"] = f"<{outgoing.id}@{sender_domain()}>"
    mime["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday replies, please
    mime.set_content(outgoing.text, cte="quoted-printable")
    if outgoing.html:
        mime.add_alternative(outgoing.html, subtype="html", cte="quoted-printable")
    if outgoing.language:
        mime["Content-Language"] = (
            outgoing.language
        )  # last: content that is set later takes such headers away
    return mime
