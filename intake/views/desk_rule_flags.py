"""Rules that look wrong to somebody: said on a lead, read and answered by managers and clinical leads."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from crm.enums import Role
from crm.models import Lead
from crm.permissions import DeskRequest, desk_view
from crm.views.acting import act
from intake.forms.rule_flag import RuleFlagForm
from intake.models import RuleFlag
from intake.refusals import ContentRefusal
from intake.rule_lists import flags_at, reasons_of
from intake.services.rule_flags import flag_rule, settle_flag
from jobs.clock import database_now

READERS = frozenset({Role.MANAGER, Role.CLINICAL_LEAD})
LONGEST_ANSWER = 1000  # characters


@desk_view("POST")
def flag(request: DeskRequest, reference: str) -> HttpResponse:
    """Say of a lead that a rule looks wrong."""

    def perform(lead: Lead, data: dict[str, Any], at: datetime) -> str:
        flag_rule(lead=lead, rule_id=data["rule"], note=data["note"], by=request.user, at=at)
        return "Noted. Managers and clinical leads will read it. The lead stays where it is."

    return act(request, reference, RuleFlagForm, perform)


@desk_view("GET", roles=READERS)
def flags(request: DeskRequest) -> HttpResponse:
    """List what was said of rules, on the leads of the sites at which one reads it."""
    sites = sites_to_read(request)
    is_open, settled = flags_at(sites, is_open=True), flags_at(sites, is_open=False)
    reasons = reasons_of([*is_open, *settled])
    lists = {"open": _shown(is_open, reasons), "settled": _shown(settled, reasons)}
    return render(request, "intake/rules/flags.html", lists)


def _shown(flags: list[RuleFlag], reasons: dict[UUID, str]) -> list[dict[str, Any]]:
    return [{"flag": flag, "reason": reasons[flag.pk]} for flag in flags]


@desk_view("POST", roles=READERS)
def settle(request: DeskRequest, flag: UUID) -> HttpResponse:
    """Answer what was said of a rule."""
    found = get_object_or_404(RuleFlag, pk=flag, lead__site__in=sites_to_read(request))
    answer = request.POST.get("answer", "")[:LONGEST_ANSWER]
    try:
        settle_flag(flag=found, answer=answer, by=request.user, at=database_now())
    except ContentRefusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Answered. It stands on the lead’s timeline.")
    return redirect("intake:rule_flags")


def sites_to_read(request: DeskRequest) -> list[UUID]:
    """Return the sites at which the user is one who answers for the rules."""
    return [site for site, role in request.roles.items() if role in READERS]
