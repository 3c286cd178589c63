"""What e-mail providers say that django-anymail's words leave out: which bounces are final, and which wishes.

By their documentation of tracking events: developers.brevo.com/docs/transactional-webhooks,
developers.mailersend.com/general.html#webhooks, documentation.mailgun.com (events: severity and reason),
dev.mailjet.com/email/guides/webhooks, postmarkapp.com/developer/api/bounce-api#bounce-types,
resend.com/docs/webhooks/emails/bounced, support.sparkpost.com (bounce classification codes).
"""

from collections.abc import Callable, Mapping
from typing import Any

Said = Mapping[str, Any]


def is_final(provider: str, said: Said) -> bool:
    """Return whether a bounce says that nothing will ever arrive at this address."""
    read = _FINAL.get(provider)
    return read is not None and read(said)


def is_wish(provider: str, said: Said) -> bool:
    """Return whether it was not even tried because its recipient had unsubscribed or complained before."""
    return provider == "mailgun" and _part(said, "event-data").get("reason") in MAILGUN_WISHES


def _part(said: Said, name: str) -> Said:
    part = said.get(name)
    return part if isinstance(part, Mapping) else {}


def _sparkpost_classes(said: Said) -> list[str]:
    return [
        str(event.get("bounce_class")) for event in _part(said, "msys").values() if isinstance(event, Mapping)
    ]


NO_SUCH_RECIPIENT = "30"
MAILGUN_WISHES = {"suppress-unsubscribe", "suppress-complaint"}
_FINAL: dict[str, Callable[[Said], bool]] = {
    "brevo": lambda said: said.get("event") == "hard_bounce",
    "mailersend": lambda said: _part(said, "data").get("type") == "hard_bounced",
    "mailgun": lambda said: _part(said, "event-data").get("reason") in {"bounce", "suppress-bounce"},
    "mailjet": lambda said: said.get("hard_bounce") is True,
    "postmark": lambda said: said.get("Type") == "HardBounce",
    "resend": lambda said: _part(_part(said, "data"), "bounce").get("type") == "Permanent",
    "sparkpost": lambda said: NO_SUCH_RECIPIENT in _sparkpost_classes(said),
}
