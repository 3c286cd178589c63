"""The last page of the pre-booked journey: everything that was said, to be changed or sent."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from intake.forms.said import Row, rows_of
from intake.forms.steps import STEPS, StepForm, next_step, steps_of
from intake.views.journey import (
    Visit,
    go_on,
    interruption_in,
    journey_page,
    keeping,
    left_or_extended,
    place_of,
    send,
)
from intake.views.public import public_page, render_public
from intake.views.screening import challenge_for


@public_page("GET", "POST", is_private=True)
def check(request: HttpRequest) -> HttpResponse:
    return journey_page(request, _checked)


def _checked(visit: Visit) -> HttpResponse:
    form = StepForm(visit.progress, today=timezone.localdate(visit.at))
    is_complete = form.is_valid()
    if interruption_in(form, visit.progress):
        return go_on(visit)
    if visit.request.method != "POST":
        return go_on(visit) if next_step(visit.progress) else _show(visit, form)
    if answer := left_or_extended(visit):
        return answer
    return send(visit, form) if is_complete else _show(visit, form, status=422)


def _show(visit: Visit, form: StepForm, *, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "rows": _rows(visit),
        "enquirer": visit.progress.first("enquirer"),
        "has_stated_ways": bool(visit.progress.said.get("safe_ways")),
        "back": place_of(steps_of(visit.progress)[-1]),
        "challenge": challenge_for(visit.request),
        **keeping(visit),
    }
    if status != 200:
        context["problems"] = _problems(form)
    return render_public(visit.request, "intake/journey/check.html", context, status=status)


def _rows(visit: Visit) -> list[tuple[Row, str]]:
    return [(row, place_of(row.step)) for row in rows_of(visit.progress)]


def _problems(form: StepForm) -> list[dict[str, Any]]:
    """Return what stops the sending, each with the page on which it is put right."""
    found = {name: " ".join(map(str, messages)) for name, messages in form.errors.items()}
    return [
        {"place": place_of(step), "text": found[name]}
        for step in STEPS
        for name in step.names
        if name in found
    ]
