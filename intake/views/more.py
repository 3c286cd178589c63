"""A few more questions, one a page, after an urgent enquiry. The lead exists: each answer is an addition.

Nothing is remembered in the browser. An address says which enquiry and which question; what was answered is
read from the enquiry. So any order, Back, two tabs and sending twice are all the same to it.
"""

from dataclasses import dataclass
from typing import Any

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from intake.enums import MINORS, Voice
from intake.forms.more import MoreForm
from intake.forms.questions import BY_NUMBER, Question, next_question, question_before
from intake.forms.wording import voice_of
from intake.models import Enquiry
from intake.selectors import enquiry_by_token, said_so_far
from intake.services.additions import ToldEnough, add_as_typed
from intake.services.advice import emergency_advice
from intake.services.answering import Answer, answer_by_now
from intake.services.submission import Receipt
from intake.tokens import enquiry_id_of, received_token
from intake.triage.answers import Answers, parse_answers
from intake.triage.merging import merged
from intake.triage.messages import CallerText
from intake.views.enough import told_enough
from intake.views.errors import unavailable
from intake.views.keys import new_key, with_key
from intake.views.public import public_page, render_public
from jobs.clock import database_now
from jobs.reconnecting import on_live_connection

log = structlog.get_logger(__name__)

TOLD_THE_YOUNG = "MU18"
END = 0  # in place of a question's number: there is none left


@dataclass(frozen=True, slots=True)
class Visit:
    """An enquiry with all that has been said by now, the names of what was added, and what to tell."""

    token: str
    first: Enquiry
    answers: Answers
    added: frozenset[str]
    told: Answer

    @property
    def is_minor(self) -> bool:
        return bool(settings.PERSONALISED_SIGNPOSTS) and self.answers.age_band in MINORS


def start_of(receipt: Receipt) -> str:
    """Return where somebody goes who has just sent the first page: to what cannot wait, or a question."""
    answers = parse_answers(receipt.enquiry.answers)
    visit = Visit(received_token(receipt.enquiry.pk), receipt.enquiry, answers, frozenset(), receipt.answer)
    then = _number(next_question(answers, visit.added))
    if visit.told.before_questions:
        return _path("now", visit.token, then)
    return _path("young", visit.token, then) if visit.is_minor else _question_path(visit.token, then)


def end_of(receipt: Receipt) -> str:
    """Return where somebody goes who is asked nothing more: a person under 18 first past the way for them."""
    answers = parse_answers(receipt.enquiry.answers)
    visit = Visit(received_token(receipt.enquiry.pk), receipt.enquiry, answers, frozenset(), receipt.answer)
    if visit.is_minor and not visit.told.alarms:
        return _path("young", visit.token, END)
    return received_path(receipt.enquiry)


def received_path(enquiry: Enquiry) -> str:
    return reverse("intake:received", args=[received_token(enquiry.pk)])


@public_page("GET", "POST", is_private=True)
def question(request: HttpRequest, token: str, number: int) -> HttpResponse:
    asked = BY_NUMBER.get(number)
    if asked is None or enquiry_id_of(token) is None:
        raise Http404("No such page")
    try:
        return on_live_connection(lambda: _visited(request, token, asked))
    except (OperationalError, InterfaceError) as error:
        log.error("addition_without_database", error=type(error).__name__)
        return _not_kept(request, token, asked)


@public_page("GET", is_private=True)
def now(request: HttpRequest, token: str, number: int) -> HttpResponse:
    """Show what cannot wait, before any more questions."""
    try:
        visit = _visit(token)
    except (OperationalError, InterfaceError) as error:
        log.error("interruption_without_database", error=type(error).__name__)
        return unavailable(request)
    then = _path("young", token, number) if visit.is_minor else _question_path(token, number)
    if not visit.told.before_questions:
        return redirect(then)
    return render_public(request, "intake/more/now.html", _context(visit, then=then))


@public_page("GET", is_private=True)
def young(request: HttpRequest, token: str, number: int) -> HttpResponse:
    """Show the way to help for somebody under 18. That is no error, and no refusal."""
    try:
        visit = _visit(token)
    except (OperationalError, InterfaceError) as error:
        log.error("child_pathway_without_database", error=type(error).__name__)
        return unavailable(request)
    then = _question_path(token, number)
    if not visit.is_minor:
        return redirect(then)
    texts = [each for each in visit.told.messages if each["key"] == TOLD_THE_YOUNG]
    return render_public(request, "intake/more/young.html", _context(visit, then=then, texts=texts))


def _visited(request: HttpRequest, token: str, asked: Question) -> HttpResponse:
    visit = _visit(token)
    if request.method == "POST":
        return _answered(request, visit, asked)
    if not asked.fits(visit.answers):
        return redirect(_question_path(token, _after(visit, asked)))
    form = MoreForm(question=asked, voice=_voice(visit.answers), initial={"idempotency_key": new_key()})
    return _show(request, visit, form)


def _answered(request: HttpRequest, visit: Visit, asked: Question) -> HttpResponse:
    form = MoreForm(with_key(request.POST), question=asked, voice=_voice(visit.answers))
    if not form.is_valid():
        return _show(request, visit, form, status=422)
    said = form.to_said()
    if not said:
        return redirect(_question_path(visit.token, _after(visit, asked)))
    try:
        add_as_typed(
            enquiry=visit.first,
            said=said,
            form_version=form.form_version,
            idempotency_key=form.cleaned_data["idempotency_key"],
            at=database_now(),
        )
    except ToldEnough:
        return told_enough(request, visit.token, said)
    return redirect(_where_next(visit, _visit(visit.token), asked))


def _where_next(before: Visit, after: Visit, asked: Question) -> str:
    """Return what comes now: danger that was not shown yet, the child pathway once, else a question."""
    then = _after(after, asked)
    shown = {each["key"] for each in before.told.before_questions}
    if any(each["key"] not in shown for each in after.told.before_questions) or _is_worse(before, after):
        return _path("now", after.token, then)
    if after.is_minor and not before.is_minor:
        return _path("young", after.token, then)
    return _question_path(after.token, then)


def _is_worse(before: Visit, after: Visit) -> bool:
    return bool(after.told.alarms) and after.told.level.rank < before.told.level.rank


def _visit(token: str) -> Visit:
    """Return the visit to an enquiry's questions. Raises Http404 for a token that is not ours or too old."""
    enquiry = enquiry_by_token(token, database_now())
    if enquiry is None:
        raise Http404("No such page")
    first = enquiry.adds_to or enquiry
    so_far = said_so_far(first)
    added = frozenset(name for each in so_far for name in _names(each.said or {}))
    return Visit(token, first, parse_answers(so_far[-1].answers), added, answer_by_now(first))


def _names(said: dict[str, Any]) -> set[str]:
    return {*said, *(use["name"] for use in said.get("substances", []) if len(use) > 1)}


def _show(request: HttpRequest, visit: Visit, form: MoreForm, *, status: int = 200) -> HttpResponse:
    asked = form.question
    before = question_before(visit.answers, asked)
    context = _context(
        visit,
        form=form,
        skip=_question_path(visit.token, _after(visit, asked)),
        back=_question_path(visit.token, before.number) if before else "",
        is_answered=asked.is_answered(visit.answers, visit.added),
        danger=_danger(visit, form) if form.errors else [],
    )
    return render_public(request, "intake/more/question.html", context, status=status)


def _danger(visit: Visit, form: MoreForm) -> list[CallerText]:
    """Return what must be said before a correction is asked for, and was not said yet."""
    told = {message["key"] for message in visit.told.alarms}
    said = merged(visit.answers, parse_answers(form.said_so_far()))
    return [text for text in emergency_advice(said) if text.key not in told]


def _context(visit: Visit, **more: Any) -> dict[str, Any]:
    return {
        "answer": visit.told,
        "for_whom": visit.answers.enquirer.value,
        "finish": _question_path(visit.token, END),
        **more,
    }


def _not_kept(request: HttpRequest, token: str, asked: Question) -> HttpResponse:
    """Answer without a database: danger first, what was typed is still there, and nothing is promised."""
    if request.method != "POST":
        return unavailable(request)
    form = MoreForm(with_key(request.POST), question=asked, voice=Voice.SELF)
    form.is_valid()
    context = {
        "form": form,
        "danger": emergency_advice(parse_answers(form.said_so_far())),
        "finish": _question_path(token, END),
        "not_stored": True,
    }
    return render_public(request, "intake/more/question.html", context, status=503)


def _after(visit: Visit, asked: Question) -> int:
    return _number(next_question(visit.answers, visit.added, after=asked.number))


def _number(question: Question | None) -> int:
    return question.number if question else END


def _voice(answers: Answers) -> Voice:
    return voice_of(answers.enquirer.value)


def _question_path(token: str, number: int) -> str:
    if number == END:
        return reverse("intake:received", args=[token])
    return reverse("intake:more", args=[token, number])


def _path(name: str, token: str, number: int) -> str:
    return reverse(f"intake:more_{name}", args=[token, number])
