"""The board by stage. A card is moved by its button; dragging it presses that button."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from crm.enums import Stage
from crm.models import Lead
from crm.permissions import DeskRequest, desk_view, lead_or_404
from crm.refusals import Refusal
from crm.selectors import board as columns
from crm.selectors.leads import leads_visible_to, move_to_take_back
from crm.selectors.queues import Cursor
from crm.services.moving_back import take_move_back
from crm.services.stages import move_stage
from jobs.clock import database_now

JUST_MOVED = "just_moved"


@desk_view("GET")
def board(request: DeskRequest) -> HttpResponse:
    """Show all columns, or more of one."""
    only = _stage_or_404(request.GET["stage"], columns.COLUMNS) if "stage" in request.GET else None
    after = Cursor.parse(request.GET.get("after", "")) if only else None
    found = columns.board(user=request.user, at=database_now(), only=only, after=after)
    moved = _just_moved(request)
    context = {"columns": found, "only": only, "most": columns.CARDS, "moved": moved}
    return render(request, "crm/board.html", context | {"move": moved and move_to_take_back(moved)})


@desk_view("POST")
def move(request: DeskRequest, reference: str) -> HttpResponse:
    """Move a card, by the rules that hold on the lead's own page."""
    lead = lead_or_404(request, reference)
    to = _stage_or_404(request.POST.get("to", ""), tuple(Stage))
    try:
        move_stage(lead=lead, by=request.user, to=to, at=database_now())
        request.session[JUST_MOVED] = lead.reference
        messages.success(request, f"{lead.reference} is at {to.label} now.")
    except Refusal as refusal:
        messages.error(request, f"{lead.reference}: {refusal}")
    return redirect("crm:board")


@desk_view("POST")
def back(request: DeskRequest, reference: str) -> HttpResponse:
    """Take the latest move of a lead back, from its page or from the board."""
    lead = lead_or_404(request, reference)
    try:
        lead = take_move_back(lead=lead, by=request.user, at=database_now())
        messages.success(request, f"{lead.reference} is back at {Stage(lead.stage).label}.")
    except Refusal as refusal:
        messages.error(request, f"{lead.reference}: {refusal}")
    return redirect("crm:board") if "board" in request.POST else redirect("crm:lead", lead.reference)


def _just_moved(request: DeskRequest) -> Lead | None:
    """Return the lead that this person has just moved on the board, once."""
    reference = request.session.pop(JUST_MOVED, "")
    return leads_visible_to(request.user).filter(reference=reference).first() if reference else None


def _stage_or_404(typed: str, known: tuple[Stage, ...]) -> Stage:
    if typed not in {stage.value for stage in known}:
        raise Http404
    return Stage(typed)
