"""The questions of the pre-booked journey, one a page, in any order and from any tab."""

from dataclasses import replace

import structlog
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from intake.forms.steps import BY_NUMBER, FIRST, Step, StepForm, step_before, steps_of
from intake.forms.wording import OF_CALLERS
from intake.progress import Progress, Said
from intake.services.advice import Interruption, emergency_advice
from intake.services.drafts import DraftGone
from intake.services.screening import new_trap
from intake.sources import as_query
from intake.triage.messages import CallerText
from intake.views.draft_cookie import has_cookie
from intake.views.errors import unavailable
from intake.views.journey import (
    FORGET,
    KEEP,
    SAVE,
    Visit,
    forget,
    go_on,
    gone,
    interruption_in,
    keep,
    keeping,
    open_visit,
    parting,
    place_of,
    sent_already,
)
from intake.views.public import came_from, public_page, render_public
from jobs.reconnecting import on_live_connection

log = structlog.get_logger(__name__)


@public_page("GET", "POST", is_private=True)
def step(request: HttpRequest, number: int = FIRST) -> HttpResponse:
    found = BY_NUMBER.get(number)
    if found is None:
        raise Http404("No such question")
    if request.method != "POST" and not has_cookie(request):
        return _first_page(request) if number == FIRST else gone(request)
    try:
        return on_live_connection(lambda: _visited(request, found))
    except (OperationalError, InterfaceError) as error:
        log.error("journey_without_database", error=type(error).__name__)
        return _not_kept(request, found)


def _visited(request: HttpRequest, step: Step) -> HttpResponse:
    visit = open_visit(request)
    if there := sent_already(visit):
        return there
    try:
        return _answer(visit, step) if request.method == "POST" else _ask(visit, step)
    except DraftGone:
        return redirect(request.path)


def _first_page(request: HttpRequest) -> HttpResponse:
    """Show the first question without a database: nobody has said anything yet."""
    form = StepForm(_with_trap(Progress()), BY_NUMBER[FIRST]).without_errors()
    return _show(request, form)


def _ask(visit: Visit, step: Step) -> HttpResponse:
    if visit.draft is None:
        return _first_page(visit.request) if step.number == FIRST else gone(visit.request)
    progress = visit.progress
    form = StepForm(_with_trap(progress), step)
    form.is_valid()
    if step not in steps_of(progress) or interruption_in(form, progress):
        return go_on(visit)
    return _show(visit.request, form.without_errors(), visit)


def _answer(visit: Visit, step: Step) -> HttpResponse:
    if visit.then == FORGET:
        return forget(visit)
    typed = typed_in(visit.request, step)
    is_left_open = visit.then in {SAVE, KEEP} and not any(any(typed[name]) for name in step.fields)
    form = StepForm(_known(visit, typed), step, today=timezone.localdate(visit.at))
    if not is_left_open and not form.is_valid():
        return _show(visit.request, form, visit, status=422)
    said = typed if visit.draft else _known(visit, typed).said
    kept = keep(visit, said, seen=None if is_left_open else step.number)
    return parting(kept) or go_on(kept)


def typed_in(request: HttpRequest, step: Step) -> Said:
    """Return what was typed on this page, without NUL bytes, which neither a page nor a database holds."""
    typed = {name: request.POST.getlist(name) for name in step.names}
    return {name: [value.replace("\x00", "") for value in values] for name, values in typed.items()}


def _known(visit: Visit, typed: Said) -> Progress:
    """Return all answers with the new ones; of answers that are gone, the page still knows the voice."""
    progress = visit.progress if visit.draft else _spoken_to(visit.request)
    return progress.answered(typed)


def _spoken_to(request: HttpRequest) -> Progress:
    enquirer = request.POST.get("as", "")
    return Progress(said={"enquirer": [enquirer]} if enquirer in OF_CALLERS else {})


def _with_trap(progress: Progress) -> Progress:
    return replace(progress, said=progress.said | {"shown_at": [new_trap()]})


def _show(
    request: HttpRequest, form: StepForm, visit: Visit | None = None, *, status: int = 200
) -> HttpResponse:
    step = form.step or BY_NUMBER[FIRST]
    progress = visit.progress if visit else Progress()
    before, places = step_before(progress, step), steps_of(progress)
    context = {
        "form": form,
        "action": place_of(step) + (as_query(came_from(request)) if step.number == FIRST else ""),
        "back": place_of(before) if before else "",
        "enquirer": progress.first("enquirer"),
        "is_first": step.number == FIRST,
        "may_be_left": not step.is_needed,
        "number": places.index(step) + 1 if step in places else 0,
        "count": len(places),
        "is_lost": progress.lost and FIRST not in progress.seen,
        "has_answers": FIRST in progress.seen,
        "danger": _danger(form, progress) if status != 200 else [],
        **(keeping(visit) if visit else {}),
    }
    return render_public(request, "intake/journey/step.html", context, status=status)


def _danger(form: StepForm, progress: Progress) -> list[CallerText]:
    """Return what must be said before a correction is asked for, and was not said yet."""
    found = interruption_in(form, progress)
    return found.texts if isinstance(found, Interruption) else []


def _not_kept(request: HttpRequest, step: Step) -> HttpResponse:
    """Answer without a database: danger first, what was typed is still there, and nothing is promised."""
    if request.method != "POST":
        return unavailable(request)
    form = StepForm(_spoken_to(request).answered(typed_in(request, step)), step)
    form.is_valid()
    context = {
        "form": form,
        "action": request.get_full_path(),
        "enquirer": request.POST.get("as", ""),
        "danger": emergency_advice(form.to_answers()),
        "may_be_left": not step.is_needed,
        "not_stored": True,
    }
    return render_public(request, "intake/journey/step.html", context, status=503)
