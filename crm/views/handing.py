"""A lead that somebody is on. The buttons work on its page, and from the warnings on any other page."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from crm.forms.handing import AskForm, TakeOverForm
from crm.models import Lead
from crm.permissions import DeskRequest, desk_view, lead_or_404
from crm.refusals import Refusal
from crm.services import handing
from crm.views.acting import act
from crm.views.watch import watch_part
from jobs.clock import database_now

Data = dict[str, Any]


@desk_view("POST")
def keep(request: DeskRequest, reference: str) -> HttpResponse:
    """Say that one is still on a lead."""

    def perform(lead: Lead, at: datetime) -> str:
        handing.keep_lead(lead=lead, by=request.user, at=at)
        return f"{lead.reference} stays with you for now."

    return _press(request, reference, perform)


@desk_view("POST")
def decline(request: DeskRequest, reference: str) -> HttpResponse:
    """Keep a lead that a colleague asks for."""
    asked = _asked_or_404(request)

    def perform(lead: Lead, at: datetime) -> str:
        handing.decline_ask(lead=lead, by=request.user, asked=asked, at=at)
        return f"You keep {lead.reference}."

    return _press(request, reference, perform)


@desk_view("POST")
def hand_over(request: DeskRequest, reference: str) -> HttpResponse:
    """Hand a lead over to the colleague who asks for it."""
    asked = _asked_or_404(request)

    def perform(lead: Lead, at: datetime) -> str:
        lead = handing.hand_over(lead=lead, by=request.user, asked=asked, at=at)
        return f"{lead.owner} has {lead.reference} now."

    return _press(request, reference, perform)


@desk_view("POST")
def ask(request: DeskRequest, reference: str) -> HttpResponse:
    """Ask the colleague who has a lead to hand it over."""

    def perform(lead: Lead, data: Data, at: datetime) -> str:
        handing.ask_for_lead(lead=lead, by=request.user, note=data["note"], at=at)
        return "Asked. They see it on their screen."

    return act(request, reference, AskForm, perform)


@desk_view("POST")
def take_over(request: DeskRequest, reference: str) -> HttpResponse:
    """Take a lead that a colleague has."""

    def perform(lead: Lead, data: Data, at: datetime) -> str:
        handing.take_over(lead=lead, by=request.user, reason=data["reason"], at=at)
        return "You have this lead now."

    return act(request, reference, TakeOverForm, perform)


def _press(request: DeskRequest, reference: str, perform: Callable[[Lead, datetime], str]) -> HttpResponse:
    """Do what a button says. From the warnings only these are drawn anew: a half-typed note stays."""
    lead, at = lead_or_404(request, reference), database_now()
    try:
        said, level = perform(lead, at), messages.SUCCESS
    except Refusal as refusal:
        said, level = str(refusal), messages.ERROR
    if request.htmx:
        return watch_part(request, at, said=said)
    messages.add_message(request, level, said)
    return redirect("crm:lead", lead.reference)


def _asked_or_404(request: DeskRequest) -> UUID:
    try:
        return UUID(request.POST.get("asked", ""))
    except ValueError:
        raise Http404 from None
