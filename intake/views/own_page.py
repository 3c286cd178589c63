"""What a caller does on their own page: plain forms, answered by the page itself."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import uuid4

import structlog
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from crm.models import Person
from intake.forms.own_page import WaysForm, WorseForm
from intake.models import Enquiry
from intake.selectors import enquiry_by_token
from intake.services.additions import ToldEnough, add_as_typed
from intake.services.advice import emergency_advice
from intake.services.own_page import WISHES, NotOffered, change_ways, grant
from intake.status import State
from intake.triage.answers import parse_answers
from intake.views.enough import told_enough
from intake.views.errors import unavailable
from intake.views.keys import with_key
from intake.views.public import public_page, render_public
from intake.views.received import status_now
from jobs.clock import database_now
from jobs.reconnecting import on_live_connection

log = structlog.get_logger(__name__)

View = Callable[..., HttpResponse]


def _own_page(*methods: str, away: View | None = None) -> Callable[[View], View]:
    """Decorate a view of one enquiry's page: it gets the enquiry, and a wrong token gets "not found".

    `away` answers what was sent while the database is down.
    """

    def decorate(view: View) -> View:
        @public_page(*methods, is_private=True)
        @wraps(view)
        def wrapped(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponse:
            try:
                return on_live_connection(lambda: view(request, token, _enquiry_or_404(token), **kwargs))
            except (OperationalError, InterfaceError) as error:
                log.warning("own_page_unavailable", error=type(error).__name__)
                is_form = request.method == "POST" and away is not None
                return away(request, token) if away and is_form else unavailable(request)

        return wrapped

    return decorate


def _enquiry_or_404(token: str) -> Enquiry:
    enquiry = enquiry_by_token(token, database_now())
    if enquiry is None:
        raise Http404("No such page")
    return enquiry


def _ways_not_kept(request: HttpRequest, token: str) -> HttpResponse:
    """Answer without a database, which alone knows what it takes to reach the caller."""
    form = WaysForm(request.POST, person=Person())
    form.errors.clear()
    return _show(request, "intake/own_ways.html", token, form, status=503, not_stored=True)


def _more_not_kept(request: HttpRequest, token: str) -> HttpResponse:
    """Answer without a database: danger first, what was typed is still there, and nothing is promised."""
    form = WorseForm(with_key(request.POST))
    form.is_valid()
    danger = emergency_advice(parse_answers(form.to_said()))
    context: dict[str, Any] = {"danger": danger, "not_stored": True}
    return _show(request, "intake/own_more.html", token, form, status=503, **context)


@_own_page("POST")
def wish(request: HttpRequest, token: str, enquiry: Enquiry, wish: str) -> HttpResponse:
    """Grant a wish; asked twice, or from an old tab, the page simply says how things stand."""
    at = database_now()
    if wish not in WISHES or enquiry.lead is None:
        raise Http404("No such wish")
    try:
        grant(wish=wish, enquiry=enquiry, status=status_now(enquiry, at), at=at)
    except NotOffered:
        log.info("wish_not_offered", wish=wish)
    if wish == "close":
        return render_public(request, "intake/page_closed.html")
    return _back(token)


@_own_page("GET", "POST", away=_ways_not_kept)
def ways(request: HttpRequest, token: str, enquiry: Enquiry) -> HttpResponse:
    """Change how to reach the caller. From a page that may be somebody else's, a person checks it first."""
    status = status_now(enquiry, database_now())
    if enquiry.lead is None or status.state == State.STOPPED:
        return _back(token)
    form = WaysForm(request.POST if request.method == "POST" else None, person=enquiry.lead.caller)
    if not form.is_valid():
        return _show(request, "intake/own_ways.html", token, form, is_unproved=not status.is_own)
    change_ways(enquiry=enquiry, contact=form.to_contact(), at=database_now())
    return _back(token)


@_own_page("GET", "POST", away=_more_not_kept)
def more(request: HttpRequest, token: str, enquiry: Enquiry) -> HttpResponse:
    """Say what has got worse. An emergency is answered first, whatever else is to be corrected."""
    if request.method != "POST":
        return _show(request, "intake/own_more.html", token, WorseForm(initial={"idempotency_key": uuid4()}))
    form = WorseForm(with_key(request.POST))
    if not form.is_valid():
        danger = emergency_advice(parse_answers(form.to_said() | {"enquirer": enquiry.answers["enquirer"]}))
        return _show(request, "intake/own_more.html", token, form, danger=danger)
    try:
        add_as_typed(
            enquiry=enquiry,
            said=form.to_said(),
            form_version=form.form_version,
            idempotency_key=form.cleaned_data["idempotency_key"],
            at=database_now(),
        )
    except ToldEnough:
        return told_enough(request, token, form.to_said())
    return _back(token)


def _show(
    request: HttpRequest,
    template: str,
    token: str,
    form: WaysForm | WorseForm,
    *,
    status: int = 0,
    **more: Any,
) -> HttpResponse:
    status = status or (422 if form.is_bound else 200)
    return render_public(request, template, {"form": form, "token": token, **more}, status=status)


def _back(token: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("intake:received", args=[token]) + "#asked")
