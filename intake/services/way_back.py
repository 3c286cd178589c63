"""Sending the link to saved answers: never the code, never what it is about, and never often."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse

from intake.models import Draft
from intake.services.drafts import check_way_back
from notifications.catalogue import MessageKind
from notifications.services.outbox import queue_message
from vault.tokens import email_tokens


class SentAlready(Exception):
    """Another link went to this address within the hour: nobody's inbox can be filled through our forms."""


def send_link(*, link: str, code: str, email: str, at: datetime) -> Draft:
    """Queue the link to an address that is safe, as whoever knows the code says.

    Raises WrongCode and TooManyTries, and SentAlready.
    """
    draft = check_way_back(link=link, code=code, at=at)
    [address] = email_tokens(email)
    place = reverse("intake:back", args=[link])
    message = queue_message(
        kind=MessageKind.WAY_BACK,
        to=email,
        context={"link": place, "until": _in_words(draft.expires_at)},
        dedupe_key=f"way-back:{address}:{at:%Y-%m-%dT%H}",
        about=None,
        at=at,
        expires_at=draft.expires_at,
    )
    if message.context["link"] != place:
        raise SentAlready
    return draft


def _in_words(moment: datetime) -> str:
    return f"{moment.astimezone(ZoneInfo(settings.TIME_ZONE)):%H:%M on %A %-d %B}"
