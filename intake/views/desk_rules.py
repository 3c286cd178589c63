"""The triage rules for managers and clinicians: versions, drafts, and what is in use."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from crm.enums import Level, Role
from crm.permissions import DeskRequest, desk_view
from intake.forms.rules import RollBackForm
from intake.models import Rule, RuleSet
from intake.models.ruleset import RuleSetState
from intake.public_site import EDITORS, public_site_for
from intake.refusals import ContentRefusal
from intake.remembered import forget
from intake.rule_lists import changes_in, events_of, may_approve, open_flags, rule_sets
from intake.rule_refusals import ChecksFailed
from intake.rule_trials import what_was_seen
from intake.services.rule_sets import begin_draft, discard_draft, publish_rule_set, roll_back_to
from intake.views.desk_rule_flags import sites_to_read
from jobs.clock import database_now

APPROVERS = frozenset({Role.CLINICAL_LEAD})


@desk_view("GET")
def versions(request: DeskRequest) -> HttpResponse:
    """List every version of the rules."""
    public_site_for(request, EDITORS)
    every = list(rule_sets())
    deleted = [each for each in every if each.state == RuleSetState.DISCARDED]
    used = [each for each in every if each.state != RuleSetState.DISCARDED]
    context = {"versions": used, "deleted": deleted, "flags": open_flags(sites_to_read(request))}
    return render(request, "intake/rules/versions.html", context)


@desk_view("GET")
def version(request: DeskRequest, rule_set: UUID) -> HttpResponse:
    """Show the rules of a version, what it changes, its history, and what can be done with it."""
    site = public_site_for(request, EDITORS)
    found = get_object_or_404(rule_sets(), pk=rule_set)
    context = {
        "rule_set": found,
        "by_level": _by_level(found),
        "changes": changes_in(found),
        "events": events_of(found),
        "replays": found.replays.select_related("asked_by").order_by("-asked_at")[:5],
        "is_draft": found.state == RuleSetState.DRAFT,
        "is_approver": request.roles[site.pk] in APPROVERS,
        "may_approve": may_approve(found, request.user),
        "looked": what_was_seen(found, request.user),
        "may_delete": found.created_by_id == request.user.pk or request.roles[site.pk] in APPROVERS,
        "roll_back": RollBackForm(),
    }
    return render(request, "intake/rules/version.html", context)


def _by_level(rule_set: RuleSet) -> list[tuple[Level | None, list[Rule]]]:
    """Return the rules of each level, levels and rules in the order of the rule set."""
    found: dict[str, list[Rule]] = {}
    for rule in rule_set.rules.all():
        found.setdefault(rule.level, []).append(rule)
    return [(Level(level) if level else None, rules) for level, rules in found.items()]


@desk_view("POST")
def draft(request: DeskRequest, rule_set: UUID) -> HttpResponse:
    """Begin a draft with the rules of a version."""
    public_site_for(request, EDITORS)
    source = get_object_or_404(RuleSet, pk=rule_set)
    begun = begin_draft(source=source, by=request.user, at=database_now())
    messages.success(request, f"Draft {begun.version} is begun. It places nobody until it is approved.")
    return redirect("intake:rules", begun.pk)


@desk_view("POST")
def publish(request: DeskRequest, rule_set: UUID) -> HttpResponse:
    """Put a draft in use, as a clinical lead who has edited nothing of it."""
    site = public_site_for(request, APPROVERS)
    found = get_object_or_404(RuleSet, pk=rule_set)
    return _put_in_use(
        request,
        found,
        lambda: publish_rule_set(draft=found, by=request.user, site=site, at=database_now()),
    )


@desk_view("POST")
def discard(request: DeskRequest, rule_set: UUID) -> HttpResponse:
    """Delete a draft, as its author or a clinical lead."""
    site = public_site_for(request, EDITORS)
    found = get_object_or_404(RuleSet, pk=rule_set)
    try:
        discard_draft(draft=found, by=request.user, site=site, at=database_now())
    except ContentRefusal as refusal:
        messages.error(request, str(refusal))
        return redirect("intake:rules", found.pk)
    messages.success(request, f"Draft {found.version} is deleted. What was done with it stays on record.")
    return redirect("intake:rule_versions")


@desk_view("POST")
def roll_back(request: DeskRequest, rule_set: UUID) -> HttpResponse:
    """Put an earlier version back in use."""
    site = public_site_for(request, APPROVERS)
    found, reason = get_object_or_404(RuleSet, pk=rule_set), request.POST.get("reason", "")
    return _put_in_use(
        request,
        found,
        lambda: roll_back_to(earlier=found, by=request.user, site=site, reason=reason, at=database_now()),
    )


def _put_in_use(request: DeskRequest, rule_set: RuleSet, perform: Callable[[], None]) -> HttpResponse:
    try:
        perform()
    except ChecksFailed as refusal:
        messages.error(request, str(refusal))
        return redirect("intake:rules_check", rule_set.pk)
    except ContentRefusal as refusal:
        messages.error(request, str(refusal))
    else:
        forget()
        messages.success(request, f"New enquiries are placed by {rule_set.version} from now on.")
    return redirect("intake:rules", rule_set.pk)
