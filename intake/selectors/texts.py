"""Texts to callers, in the clinic's approved wording."""

from collections.abc import Iterable
from dataclasses import replace

import structlog
from django.db import Error as DatabaseFailure
from django.db import connection
from django.db.models import QuerySet

from intake.enums import Voice
from intake.models import CallerMessage
from intake.models.content import ReviewState
from intake.remembered import remembered
from intake.selectors.lines import local_words
from intake.triage.messages import CallerText, texts_for
from intake.wording import Words, fill

log = structlog.get_logger(__name__)


APPROVED = """
    SELECT key, version, text FROM intake_callermessage
    WHERE state = %s AND voice = %s ORDER BY version
"""


def caller_texts(keys: tuple[str, ...], voice: Voice) -> list[CallerText]:
    """Return the texts for these keys as they are said here, with the numbers of the place in their slots."""
    return said_here(wordings(keys, voice), local_words())


def wordings(keys: tuple[str, ...], voice: Voice) -> list[CallerText]:
    """Return the texts for these keys: the clinic's approved wording where there is one, else the shipped.

    The shipped words also stand in when the database cannot be asked: a caller is never left without them.
    """
    try:
        approved = _approved_texts(voice)
    except DatabaseFailure as error:
        log.error("caller_texts_unavailable", error=type(error).__name__)
        approved = {}
    return [approved.get(text.key, text) for text in texts_for(keys, voice)]


def said_here(texts: Iterable[CallerText], words: Words) -> list[CallerText]:
    return [replace(text, text=fill(text.text, words)) for text in texts]


@remembered
def _approved_texts(voice: Voice) -> dict[str, CallerText]:
    with connection.cursor() as cursor:
        cursor.execute(APPROVED, [ReviewState.APPROVED, voice])
        found = cursor.fetchall()
    return {key: CallerText(key, voice, str(version), text) for key, version, text in found}


def text_versions(key: str, voice: str) -> QuerySet[CallerMessage]:
    """Return every wording of one text in one voice, newest first."""
    found = CallerMessage.objects.filter(key=key, voice=voice).select_related("created_by", "approved_by")
    return found.order_by("-version")
