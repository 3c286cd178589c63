"""Editing a draft: one rule, a new one, one less, and the words to look for."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from crm.forms.desk_form import DeskForm
from crm.permissions import DeskRequest, desk_view
from intake.forms.rules import NewRuleForm, PhrasesForm, RuleForm, initial_of
from intake.models import RuleSet
from intake.models.ruleset import RuleSetState
from intake.public_site import EDITORS, public_site_for
from intake.refusals import ContentRefusal
from intake.services.rule_sets import RuleText, add_rule, change_phrases, change_rule, remove_rule
from intake.triage.facts import NAMES
from jobs.clock import database_now

OF_A_SUBSTANCE = (
    "name, freq, status, source, route, regular, stopped, detox_done, hours, amount, amount_known, "
    "sedative, benzo, opioid, depressant, stimulant"
)


@desk_view("GET", "POST")
def rule(request: DeskRequest, rule_set: UUID, rule: str) -> HttpResponse:
    """Change one rule of a draft."""
    found = _draft_or_404(request, rule_set)
    before = RuleText.of(get_object_or_404(found.rules, rule_id=rule))
    form = RuleForm(request.POST or None, draft=found, rule_id=rule, initial=initial_of(before))

    def perform() -> str:
        change_rule(draft=found, rule_id=rule, text=form.text(), by=request.user, at=database_now())
        return f"{rule} is saved in the draft."

    return _edit(request, found, form, perform, name=rule)


@desk_view("GET", "POST")
def new_rule(request: DeskRequest, rule_set: UUID) -> HttpResponse:
    """Add a rule to a draft."""
    found = _draft_or_404(request, rule_set)
    form = NewRuleForm(request.POST or None, draft=found)

    def perform() -> str:
        rule_id = form.cleaned_data["rule"]
        add_rule(draft=found, rule_id=rule_id, text=form.text(), by=request.user, at=database_now())
        return f"{rule_id} is added to the draft."

    return _edit(request, found, form, perform, name="A new rule")


@desk_view("GET", "POST")
def phrases(request: DeskRequest, rule_set: UUID) -> HttpResponse:
    """Change the words for which messages are searched."""
    found = _draft_or_404(request, rule_set)
    form = PhrasesForm(request.POST or None, initial={"phrases": "\n".join(found.phrases)})

    def perform() -> str:
        change_phrases(draft=found, phrases=form.cleaned_data["phrases"], by=request.user, at=database_now())
        return "The words to look for are saved in the draft."

    return _edit(request, found, form, perform, name="Words to look for")


@desk_view("POST")
def remove(request: DeskRequest, rule_set: UUID, rule: str) -> HttpResponse:
    """Leave a rule out of a draft."""
    found = _draft_or_404(request, rule_set)
    try:
        remove_rule(draft=found, rule_id=rule, by=request.user, at=database_now())
    except ContentRefusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{rule} is left out of the draft.")
    return redirect("intake:rules", found.pk)


def _draft_or_404(request: DeskRequest, rule_set: UUID) -> RuleSet:
    public_site_for(request, EDITORS)
    return get_object_or_404(RuleSet, pk=rule_set, state=RuleSetState.DRAFT)


def _edit(
    request: DeskRequest, draft: RuleSet, form: DeskForm, perform: Callable[[], str], *, name: str
) -> HttpResponse:
    """Save a form without errors; what was typed is never lost."""
    if form.is_valid():
        try:
            messages.success(request, perform())
        except ContentRefusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("intake:rules", draft.pk)
    names = ", ".join(sorted(NAMES))
    context = {"rule_set": draft, "form": form, "name": name, "names": names, "parts": OF_A_SUBSTANCE}
    return render(request, "intake/rules/edit.html", context, status=422 if form.is_bound else 200)
