"""What the pages of the pre-booked journey share: the visit, where it goes next, and how it ends."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from crm.models import Site
from intake.draft_keys import COOKIE, key_in
from intake.forms.steps import FIRST, Step, StepForm, next_step
from intake.models import Draft
from intake.progress import Progress, Said
from intake.promise import moment_in_words
from intake.services.advice import Interruption, interruption_for
from intake.services.drafts import (
    DraftGone,
    begin_draft,
    finish_draft,
    forget_draft,
    keep_answers,
    save_draft,
)
from intake.services.submission import submit_as_typed
from intake.tokens import received_token
from intake.views.draft_cookie import current_draft, has_cookie, hold, let_go
from intake.views.enquiry import PREBOOKED, submission_of
from intake.views.errors import unavailable
from intake.views.public import came_from, render_public
from intake.views.way_back import show_way_back
from jobs.clock import database_now
from jobs.reconnecting import on_live_connection

log = structlog.get_logger(__name__)

JOURNEY = "prebooked"
FOR_THE_YOUNG = "young"  # told, beside the keys of texts
SAVE, KEEP, FORGET, SEND = "save", "keep", "forget", "send"  # what a button means beside "continue"


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of the journey. `key` is new, and goes out with the answer."""

    request: HttpRequest
    at: datetime
    draft: Draft | None
    key: str = ""

    @property
    def progress(self) -> Progress:
        return Progress.from_dict(self.draft.progress) if self.draft else Progress()

    @property
    def then(self) -> str:
        return self.request.POST.get("then", "")


def journey_page(request: HttpRequest, page: Callable[[Visit], HttpResponse]) -> HttpResponse:
    """Answer with a page of answers that were begun, or say that there are none, or no database."""
    if not has_cookie(request):
        return gone(request)
    try:
        return on_live_connection(lambda: _opened(request, page))
    except (OperationalError, InterfaceError, Site.DoesNotExist) as error:
        log.error("journey_without_database", error=type(error).__name__)
        return unavailable(request)


def _opened(request: HttpRequest, page: Callable[[Visit], HttpResponse]) -> HttpResponse:
    visit = open_visit(request)
    if visit.draft is None:
        return gone(request)
    try:
        return sent_already(visit) or page(visit)
    except DraftGone:
        return redirect(request.path)


def open_visit(request: HttpRequest) -> Visit:
    at = database_now()
    return Visit(request, at, current_draft(request, at))


def keep(visit: Visit, said: Said, *, seen: int | None) -> Visit:
    """Return the visit with these answers kept; the first ones begin a draft. Raises DraftGone."""
    if visit.draft:
        return replace(visit, draft=keep_answers(draft=visit.draft, said=said, seen=seen, at=visit.at))
    is_start = seen == FIRST
    first = Progress(source=came_from(visit.request), lost=not is_start).answered(said, seen=seen)
    draft, key = begin_draft(journey=JOURNEY, progress=first, at=visit.at)
    return replace(visit, draft=draft, key=key)


def interruption_in(form: StepForm, progress: Progress) -> Interruption | str | None:
    """Return what has to be read before any more questions: danger, the page for the young, or None."""
    danger = interruption_for(form.to_answers())
    if danger and not {*danger.keys} <= {*progress.told}:
        return danger
    return FOR_THE_YOUNG if progress.is_minor and FOR_THE_YOUNG not in progress.told else None


def go_on(visit: Visit) -> HttpResponse:
    """Lead to what comes next: an interruption, the first question not seen yet, or the last page."""
    return with_key(visit, redirect(place_after(visit.progress)))


def place_after(progress: Progress) -> str:
    form = StepForm(progress)
    form.is_valid()
    if interruption_in(form, progress):
        return reverse("intake:prebooked_now")
    step = next_step(progress)
    return place_of(step) if step else reverse("intake:prebooked_check")


def place_of(step: Step) -> str:
    if step.number == FIRST:
        return reverse("intake:prebooked")
    return reverse("intake:prebooked_step", args=[step.number])


def with_key(visit: Visit, response: HttpResponse) -> HttpResponse:
    return hold(response, visit.key) if visit.key else response


def parting(visit: Visit) -> HttpResponse | None:
    """Return the answer to "save" and "keep longer" once the answers are kept, None for any other button."""
    if visit.then == SAVE and visit.draft:
        return let_go(show_way_back(visit.request, save_draft(draft=visit.draft, at=visit.at), at=visit.at))
    return with_key(visit, redirect(visit.request.path)) if visit.then == KEEP else None


def left_or_extended(visit: Visit) -> HttpResponse | None:
    """Return the answer to "save", "keep longer" and "delete" on a page without questions.

    Raises DraftGone.
    """
    if visit.then == FORGET:
        return forget(visit)
    return parting(keep(visit, {}, seen=None)) if visit.then in {SAVE, KEEP} else None


def forget(visit: Visit) -> HttpResponse:
    """Delete the answers, saved or not, and say so."""
    if key := key_in(visit.request.COOKIES.get(COOKIE, "")):
        forget_draft(key=key, and_saved=True)
    return gone(visit.request, is_deleted=True)


def send(visit: Visit, form: StepForm) -> HttpResponse:
    """Hand in what was said, forget it here, and lead to the page of the enquiry.

    Raises OperationalError or InterfaceError when it could not be stored.
    """
    draft = visit.draft
    assert draft is not None  # noqa: S101  # for the type checker: callers have looked
    source = visit.progress.source
    submission = submission_of(visit.request, form, page=PREBOOKED, source=source, key=str(draft.pk))
    enquiry = submit_as_typed(submission=submission, at=visit.at).enquiry
    try:
        finish_draft(draft=draft, enquiry=enquiry, at=visit.at)
    except (OperationalError, InterfaceError) as error:
        log.warning("draft_not_finished", error=type(error).__name__)  # it runs out by itself
    return let_go(redirect("intake:received", token=received_token(enquiry.pk)))


def sent_already(visit: Visit) -> HttpResponse | None:
    """Return the way to the enquiry that these answers became: Send was pressed twice."""
    enquiry = visit.draft and visit.draft.sent_as
    return redirect("intake:received", token=received_token(enquiry.pk)) if enquiry else None


def gone(request: HttpRequest, *, is_deleted: bool = False) -> HttpResponse:
    """Say that there are no answers here."""
    context = {"is_deleted": is_deleted}
    page = render_public(request, "intake/journey/gone.html", context, status=200 if is_deleted else 404)
    return let_go(page)


def keeping(visit: Visit) -> dict[str, Any]:
    """Return for a page how long the answers stay here."""
    if visit.draft is None:
        return {}
    left = visit.draft.open_until - visit.at
    return {
        "kept_until": in_words(visit.draft.open_until, visit.at),
        "kept_seconds": int(left.total_seconds()),
        "saved_until": in_words(visit.draft.expires_at, visit.at) if visit.draft.is_saved else "",
    }


def in_words(moment: datetime, at: datetime) -> str:
    zone = ZoneInfo(settings.TIME_ZONE)
    return moment_in_words(moment.astimezone(zone), at.astimezone(zone))
