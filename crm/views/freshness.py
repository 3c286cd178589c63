"""Answering "nothing new" for the price of one query, without a session or a user.

The tag is a keyed hash of the browser's session cookie, the address, the pulse of the queues and a stretch of
15 seconds. Only somebody who was shown this page in this stretch can name it, and "nothing new" tells them
nothing else, so neither session nor user is read again. When the stretch is over, everything is checked anew
(and the times to each promise are counted anew).
"""

import json
import zlib
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.crypto import salted_hmac

P = ParamSpec("P")
PublicView = Callable[Concatenate[HttpRequest, P], HttpResponse]
STRETCH = 15  # seconds
NEWS_FROM = timedelta(hours=1)
# A sequence's last_value is the same before and after its first use: is_called tells them apart.
PULSE_AND_STRETCH = """
    SELECT last_value + is_called::int, floor((extract(epoch FROM now()) + %s) / %s)::bigint, now()
      FROM crm_queue_pulse
"""


def unless_unchanged(view: PublicView[P]) -> PublicView[P]:
    """Answer 304 to a browser that has the present tag; else give the view the tag as `request.desk_tag`.

    The time at which it was read goes with it as `request.desk_at`; without a session there is neither.

    The tag is read before the rows are: one that is older than its rows costs a refresh, one that is newer
    would hide a lead.
    """

    @wraps(view)
    def checked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        tag, at = desk_tag(request)
        request.desk_tag, request.desk_at = tag, at  # type: ignore[attr-defined]  # of crm.permissions.DeskRequest
        if tag and (unchanged := get_conditional_response(request, etag=tag)):
            return unchanged
        response = view(request, *args, **kwargs)
        if tag:
            response["ETag"] = tag
        return response

    return checked


def seen_by(request: HttpRequest, at: datetime) -> datetime | None:
    """Return when the browser was last shown the queues, by its own word, at most an hour ago."""
    try:
        seen = datetime.fromisoformat(request.headers.get("X-Desk-Seen", ""))
    except ValueError:
        return None
    return max(seen, at - NEWS_FROM) if seen.tzinfo else None


def poll_headers(tag: str, at: datetime) -> str:
    """Return the headers with which a part asks for what is newer than `at`."""
    return json.dumps({"If-None-Match": tag, "X-Desk-Seen": at.isoformat()})


def desk_tag(request: HttpRequest) -> tuple[str, datetime | None]:
    """Return the entity tag of a queue page, in quotes, and the time now; neither without a session."""
    session = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    if not session:
        return "", None
    pulse, stretch, at = _pulse_and_stretch(session)
    seen = f"{session}|{request.get_full_path()}|{pulse}|{stretch}"
    digest = salted_hmac("crm.views.freshness", seen, algorithm="sha256").hexdigest()
    return f'"{digest[:32]}"', at


def _pulse_and_stretch(session: str) -> tuple[int, int, datetime]:
    """Stretches begin at another second for each session, so that desks do not all refresh at once."""
    offset = zlib.crc32(session.encode()) % STRETCH
    with connection.cursor() as cursor:
        cursor.execute(PULSE_AND_STRETCH, [offset, STRETCH])
        pulse, stretch, at = cursor.fetchone()
    return pulse, stretch, at
