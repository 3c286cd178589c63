"""Calls at a time: the list of them, and setting or taking back the one of a lead."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render

from crm.forms.call_backs import CallBackForm, CancelCallBackForm, NewPlanForm
from crm.models import CallBack, Lead
from crm.permissions import COORDINATORS, DeskRequest, desk_view
from crm.selectors.call_backs import REMIND_BEFORE, leads_to_decide, open_call_backs
from crm.services.call_backs import WishedCall, cancel_call_back, set_call_back
from crm.services.contact_plans import begin_new_plan
from crm.views.acting import act
from jobs.clock import database_now

Data = dict[str, Any]
MOST_SHOWN = 100


@desk_view("GET")
def call_backs(request: DeskRequest) -> HttpResponse:
    """List the calls that are to be made, soonest first, and the leads on which somebody must decide."""
    sites, at = list(request.roles), database_now()
    calls, decisions = open_call_backs(sites), leads_to_decide(sites)
    context = {"calls": calls[:MOST_SHOWN], "count": calls.count(), "decisions": decisions[:MOST_SHOWN]}
    context |= {"due_before": at + REMIND_BEFORE, "at": at}
    return render(request, "crm/call_backs.html", context)


@desk_view("POST")
def set_(request: DeskRequest, reference: str) -> HttpResponse:
    """Set the call-back of a lead."""

    def perform(lead: Lead, data: Data, at: datetime) -> str:
        call_back = set_call_back(lead=lead, by=request.user, wish=_wish(data), at=at)
        there = call_back.due_at.astimezone(ZoneInfo(lead.site.time_zone))
        return f"Call-back set for {there:%H:%M on %A %-d %B}.{_promise_before(lead, call_back)}"

    return act(request, reference, CallBackForm, perform)


@desk_view("POST")
def cancel(request: DeskRequest, reference: str) -> HttpResponse:
    """Take the call-back of a lead back."""

    def perform(lead: Lead, data: Data, at: datetime) -> str:
        cancel_call_back(lead=lead, by=request.user, reason=data["reason"], at=at)
        return "The call-back is off."

    return act(request, reference, CancelCallBackForm, perform)


@desk_view("POST", roles=COORDINATORS)
def new_plan(request: DeskRequest, reference: str) -> HttpResponse:
    """Go on trying after the last planned try."""

    def perform(lead: Lead, data: Data, at: datetime) -> str:
        begin_new_plan(lead=lead, by=request.user, reason=data["reason"], wish=_wish(data), at=at)
        return "A new plan of calls has begun."

    return act(request, reference, NewPlanForm, perform, roles=COORDINATORS)


def _promise_before(lead: Lead, call_back: CallBack) -> str:
    """Return the promise that stays, where nobody has spoken with them and the call comes after it."""
    if lead.first_contact_at or call_back.due_at <= lead.clock_ends_at:
        return ""
    there = lead.clock_ends_at.astimezone(ZoneInfo(lead.site.time_zone))
    return f" They were promised a call by {there:%H:%M on %A %-d %B}, and that stays."


def _wish(data: Data) -> WishedCall:
    return WishedCall(
        person=data["person"],
        due_at=data["call_at"],
        note=data["note"],
        override_reason=data["override_reason"],
    )
