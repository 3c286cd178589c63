"""Trying a version of the rules: on its stored cases, and on what callers answered in the last 30 days."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from crm.permissions import DeskRequest, desk_view
from intake.models import Replay, RuleSet
from intake.models.ruleset import RuleSetState
from intake.public_site import EDITORS, public_site_for
from intake.refusals import ContentRefusal
from intake.rule_lists import replay_shown
from intake.rule_sets import cases_for
from intake.services.replays import ask_for_replay
from intake.services.rule_sets import expect_what_is, problems_of
from intake.services.rule_trials import note_cases_run, note_replay_seen
from jobs.clock import database_now

FOLLOWS_FROM_THE_LEVEL = ("target_minutes", "queue", "outcome")


@dataclass(frozen=True, slots=True)
class CaseShown:
    """One stored case with what is wrong with it; nothing: it comes out as expected."""

    id: str
    title: str
    expected: dict[str, Any]
    problems: list[str]
    is_changed: bool


@desk_view("GET")
def check(request: DeskRequest, rule_set: UUID) -> HttpResponse:
    """Run the stored cases now, and show how each comes out."""
    public_site_for(request, EDITORS)
    found = get_object_or_404(RuleSet, pk=rule_set)
    problems = problems_of(found)
    note_cases_run(rule_set=found, by=request.user, problems=len(problems), at=database_now())
    cases = [_shown(case, problems, found) for case in cases_for(found)]
    others = [problem for problem in problems if not problem.startswith("Case ")]
    context = {
        "rule_set": found,
        "cases": sorted(cases, key=lambda case: not case.problems),
        "failed": sum(bool(case.problems) for case in cases),
        "problems": others,
        "is_draft": found.state == RuleSetState.DRAFT,
    }
    return render(request, "intake/rules/check.html", context)


def _shown(case: dict[str, Any], problems: list[str], rule_set: RuleSet) -> CaseShown:
    name = str(case["id"])
    prefix = f"Case {name}: "
    about = [problem.removeprefix(prefix) for problem in problems if problem.startswith(prefix)]
    said = [problem for problem in about if not problem.startswith(FOLLOWS_FROM_THE_LEVEL)] or about
    return CaseShown(name, case["title"], case["expected"], said, name in rule_set.expectations)


@desk_view("POST")
def expect(request: DeskRequest, rule_set: UUID, case: str) -> HttpResponse:
    """Make how a case comes out what this draft expects."""
    public_site_for(request, EDITORS)
    found = get_object_or_404(RuleSet, pk=rule_set)
    try:
        expect_what_is(draft=found, case_id=case, by=request.user, at=database_now())
    except ContentRefusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Case {case} is changed in this draft. Its approver sees that.")
    return redirect("intake:rules_check", found.pk)


@desk_view("POST")
def replay(request: DeskRequest, rule_set: UUID) -> HttpResponse:
    """Have the version tried on the last 30 days."""
    public_site_for(request, EDITORS)
    found = get_object_or_404(RuleSet, pk=rule_set)
    try:
        begun = ask_for_replay(rule_set=found, by=request.user, at=database_now())
    except ContentRefusal as refusal:
        messages.error(request, str(refusal))
        return redirect("intake:rules_check", found.pk)
    return redirect("intake:rules_replayed", found.pk, begun.pk)


@desk_view("GET")
def replayed(request: DeskRequest, rule_set: UUID, replay: UUID) -> HttpResponse:
    """Show how far a replay has got, then which leads would stand elsewhere."""
    public_site_for(request, EDITORS)
    related = Replay.objects.select_related("rule_set", "against", "asked_by")
    found = get_object_or_404(related, pk=replay, rule_set=rule_set)
    shown = replay_shown(found, request.user)
    if not shown.is_outdated:
        note_replay_seen(replay=found, by=request.user, at=database_now())
    context = {"shown": shown, "replay": found, "rule_set": found.rule_set}
    template = "intake/rules/replay_live.html" if request.htmx else "intake/rules/replay.html"
    return render(request, template, context)
