"""The board by stage. A card is moved by its button; dragging it presses that button."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from crm.enums import Stage
from crm.permissions import DeskRequest, desk_view, lead_or_404
from crm.refusals import Refusal
from crm.selectors import board as columns
from crm.selectors.queues import Cursor
from crm.services.stages import move_stage
from jobs.clock import database_now


@desk_view("GET")
def board(request: DeskRequest) -> HttpResponse:
    """Show all columns, or more of one."""
    only = _stage_or_404(request.GET["stage"], columns.COLUMNS) if "stage" in request.GET else None
    after = Cursor.parse(request.GET.get("after", "")) if only else None
    found = columns.board(user=request.user, at=database_now(), only=only, after=after)
    return render(request, "crm/board.html", {"columns": found, "only": only, "most": columns.CARDS})


@desk_view("POST")
def move(request: DeskRequest, reference: str) -> HttpResponse:
    """Move a card, by the rules that hold on the lead's own page."""
    lead = lead_or_404(request, reference)
    to = _stage_or_404(request.POST.get("to", ""), tuple(Stage))
    try:
        move_stage(lead=lead, by=request.user, to=to, at=database_now())
        messages.success(request, f"{lead.reference} is at {to.label} now.")
    except Refusal as refusal:
        messages.error(request, f"{lead.reference}: {refusal}")
    return redirect("crm:board")


def _stage_or_404(typed: str, known: tuple[Stage, ...]) -> Stage:
    if typed not in {stage.value for stage in known}:
        raise Http404
    return Stage(typed)
