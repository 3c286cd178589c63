"""Sending the link to saved answers: never the code, never what it is about, and never often."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from crm.enums import CallerRole
from crm.letters import voice_for
from intake.models import Draft
from intake.progress import Progress
from intake.services.drafts import check_way_back
from notifications.catalogue import MessageKind
from notifications.enums import Language, Voice
from notifications.services.outbox import queue_message
from notifications.times import moment_in_words
from vault.tokens import email_tokens


class SentAlready(Exception):
    """Another link went to this address within the hour: nobody's inbox can be filled through our forms."""


def send_link(*, link: str, code: str, email: str, language: Language, at: datetime) -> Draft:
    """Queue the link, in a language, to an address that is safe, as whoever knows the code says.

    Raises WrongCode and TooManyTries, and SentAlready.
    """
    draft = check_way_back(link=link, code=code, at=at)
    [address] = email_tokens(email)
    place = reverse("intake:back", args=[link])
    message = queue_message(
        kind=MessageKind.WAY_BACK,
        to=email,
        context={"link": place, **_chosen(draft, language)},
        dedupe_key=f"way-back:{address}:{at:%Y-%m-%dT%H}",
        about=None,
        at=at,
        expires_at=draft.expires_at,
    )
    if message.context["link"] != place:
        raise SentAlready
    return draft


def _chosen(draft: Draft, language: Language) -> dict[str, str]:
    """Return until when it works, and by what the words are chosen."""
    until = moment_in_words(draft.expires_at, time_zone=settings.TIME_ZONE, language=language)
    return {"until": until, "voice": _voice(draft).value, "language": language.value}


def _voice(draft: Draft) -> Voice:
    enquirer = Progress.from_dict(draft.progress).first("enquirer")
    return voice_for(enquirer) if enquirer in CallerRole.values else Voice.SELF
