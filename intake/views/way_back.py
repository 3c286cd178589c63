"""Saving answers to come back to, and coming back: a link and a code, no account."""

from datetime import datetime
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from intake.forms.way_back import SendLinkForm, WayBackForm
from intake.languages import page_language
from intake.promise import moment_in_words
from intake.services.drafts import DraftGone, TooManyTries, WayBack, WrongCode, reopen_draft
from intake.services.way_back import SentAlready, send_link
from intake.views.draft_cookie import hold
from intake.views.errors import unavailable
from intake.views.public import public_page, render_public
from jobs.clock import database_now
from notifications.enums import Language

log = structlog.get_logger(__name__)

SEND_LINK = "link"
WRONG = "That code does not open these answers. Check it and try again. Or they may have been deleted by now."
TOO_MANY = "That was tried too often. Wait 15 minutes, then try again. Your answers are safe until then."


@public_page("GET", "POST", is_private=True)
def back(request: HttpRequest, link: str) -> HttpResponse:
    """Ask for the code. Whether the link leads anywhere is not said before the code is right."""
    if request.method != "POST":
        return _ask(request, WayBackForm())
    try:
        return _send(request, link) if request.POST.get("then") == SEND_LINK else _open(request, link)
    except (OperationalError, InterfaceError) as error:
        log.error("way_back_without_database", error=type(error).__name__)
        return unavailable(request)


def show_way_back(request: HttpRequest, way: WayBack, *, at: datetime) -> HttpResponse:
    """Show the link and the code, this once: we keep neither."""
    return _show_saved(request, way.link, way.code, until=_in_words(way.draft.expires_at, at))


def _open(request: HttpRequest, link: str) -> HttpResponse:
    form = WayBackForm({"code": request.POST.get("code", "").replace("\x00", "")})
    if not form.is_valid():
        return _ask(request, form, status=422)
    try:
        _, key = reopen_draft(link=link, code=form.cleaned_data["code"], at=database_now())
    except (DraftGone, WrongCode, TooManyTries) as error:
        return _refuse(request, form, error)
    return hold(redirect("intake:prebooked_check"), key)


def _send(request: HttpRequest, link: str) -> HttpResponse:
    form, at = SendLinkForm(request.POST), database_now()
    code = request.POST.get("code", "")
    if not form.is_valid():
        return _show_saved(request, link, code, form=form, status=422)
    try:
        email = form.cleaned_data["email"]
        draft = send_link(link=link, code=code, email=email, language=_written_in(), at=at)
    except (WrongCode, TooManyTries) as error:
        return _refuse(request, form, error)
    except SentAlready:
        form.add_error("email", "We sent a link to that address within the hour. Please use the one above.")
        return _show_saved(request, link, code, form=form, status=422)
    return _show_saved(request, link, code, until=_in_words(draft.expires_at, at), is_sent=True)


def _written_in() -> Language:
    """Return the language of the page, English where we have no messages in it."""
    return Language(page_language()) if page_language() in Language.values else Language.ENGLISH


def _refuse(request: HttpRequest, form: WayBackForm, error: Exception) -> HttpResponse:
    is_too_often = isinstance(error, TooManyTries)
    form.add_error("code", TOO_MANY if is_too_often else WRONG)
    return _ask(request, form, status=429 if is_too_often else 422)


def _ask(request: HttpRequest, form: WayBackForm, *, status: int = 200) -> HttpResponse:
    return render_public(request, "intake/journey/back.html", {"form": form}, status=status)


def _show_saved(  # noqa: PLR0913  what the page shows
    request: HttpRequest,
    link: str,
    code: str,
    *,
    until: str = "",
    form: SendLinkForm | None = None,
    is_sent: bool = False,
    status: int = 200,
) -> HttpResponse:
    path = reverse("intake:back", args=[link])
    context = {
        "action": path,
        "address": request.build_absolute_uri(path),
        "code": code,
        "until": until,
        "is_sent": is_sent,
        "form": form or SendLinkForm(),
    }
    return render_public(request, "intake/journey/saved.html", context, status=status)


def _in_words(moment: datetime, at: datetime) -> str:
    zone = ZoneInfo(settings.TIME_ZONE)
    return moment_in_words(moment.astimezone(zone), at.astimezone(zone))
