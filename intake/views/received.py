"""The page after sending, and until it expires: what to do now, what we promised, how to reach us."""

from datetime import datetime
from typing import Any

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse

from crm.enums import CallerRole, Level
from crm.selectors.opening import opening_hours
from intake.enums import MINORS
from intake.models import Enquiry
from intake.selectors import enquiry_by_token, said_so_far
from intake.services.answering import answer_by_now
from intake.services.closing import CLOSING_MESSAGES, closing_of
from intake.status import Status, status_of
from intake.views.errors import unavailable
from intake.views.public import public_page, render_public
from jobs.clock import database_now

log = structlog.get_logger(__name__)


@public_page("GET", is_private=True)
def received(request: HttpRequest, token: str) -> HttpResponse:
    try:
        context = _what_to_say(token)
    except (OperationalError, InterfaceError) as error:
        log.warning("received_page_unavailable", error=type(error).__name__)
        return unavailable(request)
    return render_public(request, "intake/received.html", context)


def _what_to_say(token: str) -> dict[str, Any]:
    at = database_now()
    enquiry = enquiry_by_token(token, at)
    if enquiry is None:
        raise Http404("No such page")
    answer = answer_by_now(enquiry)
    status = status_of(enquiry, answer, opening_hours(enquiry.site), at)
    alarms = answer.alarms
    return {
        "token": token,
        "answer": answer,
        "alarms": alarms,
        "closing": closing_of(answer, CallerRole(enquiry.answers["enquirer"])),
        "status": status,
        "promise": status.promise,
        "advice": [
            each for each in answer.messages if each not in alarms and each["key"] not in CLOSING_MESSAGES
        ],
        "is_interruption": answer.level == Level.E1,
        "is_minor": settings.PERSONALISED_SIGNPOSTS and _answers_by_now(enquiry).get("age_band") in MINORS,
        "for_whom": enquiry.answers["enquirer"],
    }


def _answers_by_now(enquiry: Enquiry) -> dict[str, Any]:
    """Return all answers, those that came later included: somebody may say only then how old they are."""
    return said_so_far(enquiry)[-1].answers


def status_now(enquiry: Enquiry, at: datetime) -> Status:
    """Return where the enquiry stands, and so what its page offers."""
    return status_of(enquiry, answer_by_now(enquiry), opening_hours(enquiry.site), at)
