"""What has to be read before any more questions: danger, or the path for under-18s."""

from typing import Any

from crispy_forms.layout import Layout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from intake.forms.layout import Section
from intake.forms.steps import Step, StepForm
from intake.services.advice import Interruption, advice_for_minors
from intake.services.drafts import note_told
from intake.views.journey import (
    SEND,
    Visit,
    go_on,
    interruption_in,
    journey_page,
    keep,
    keeping,
    left_or_extended,
    open_visit,
    send,
)
from intake.views.public import public_page, render_public

REACH = Step(0, ("phone", "email", "safe_ways", "address"))


@public_page("GET", "POST", is_private=True)
def now(request: HttpRequest) -> HttpResponse:
    return journey_page(request, _interrupted)


def _interrupted(visit: Visit) -> HttpResponse:
    form = _reach_form(visit)
    form.is_valid()
    interruption = interruption_in(form, visit.progress)
    if interruption is None:
        return go_on(visit)
    if visit.request.method == "POST":
        return _decide(visit, interruption)
    return _show(visit, interruption, form)


def _decide(visit: Visit, interruption: Interruption | str) -> HttpResponse:
    """Send what there is, or go on with the questions, knowing what was read."""
    if visit.then == SEND:
        return _send(visit, interruption)
    if answer := left_or_extended(visit):
        return answer
    keys = interruption.keys if isinstance(interruption, Interruption) else [interruption]
    draft = visit.draft
    assert draft is not None  # noqa: S101  # for the type checker: the caller has looked
    note_told(draft=draft, keys=keys, at=visit.at)
    return go_on(open_visit(visit.request))


def _send(visit: Visit, interruption: Interruption | str) -> HttpResponse:
    typed = {name: visit.request.POST.getlist(name) for name in REACH.fields if name in visit.request.POST}
    kept = keep(visit, typed, seen=None)
    form = _reach_form(kept)
    if form.is_valid():
        return send(kept, form)
    return _show(kept, interruption, form, status=422)


def _reach_form(visit: Visit) -> StepForm:
    form = StepForm(visit.progress, REACH, today=timezone.localdate(visit.at))
    form.helper.layout = Layout(Section(_("How can we reach you?"), *form.shown))
    return form


def _show(
    visit: Visit, interruption: Interruption | str, form: StepForm, *, status: int = 200
) -> HttpResponse:
    texts, is_reachable = _texts(form, interruption), not form.errors
    if status == 200:
        form.without_errors()
    context: dict[str, Any] = {
        "form": form,
        "is_reachable": is_reachable,
        "enquirer": visit.progress.first("enquirer"),
        **texts,
        **keeping(visit),
    }
    return render_public(visit.request, "intake/journey/now.html", context, status=status)


def _texts(form: StepForm, interruption: Interruption | str) -> dict[str, Any]:
    if isinstance(interruption, Interruption):
        kind = "is_crisis" if interruption.is_crisis else "is_danger"
        return {"texts": interruption.texts, kind: True, "is_for_999": interruption.is_for_999}
    return {"texts": advice_for_minors(form.to_answers())}
