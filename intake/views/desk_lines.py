"""Help lines, for managers: which are due for a look, and the press of a button that says they are right."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from crm.permissions import MANAGERS, DeskRequest, desk_view
from intake.lines import lines_to_show
from intake.models import HelpLine
from intake.public_site import public_site_for
from intake.refusals import NumberChanged
from intake.remembered import forget
from intake.selectors import help_lines, lines_for_staff
from intake.services.help_lines import confirm_line, hide_line
from jobs.clock import database_now


@desk_view("GET")
def lines(request: DeskRequest) -> HttpResponse:
    """Show the lines of our country and nation by what they need, and those of other places below."""
    site = public_site_for(request, MANAGERS)
    found = lines_for_staff(site, at=database_now())
    emergency = lines_to_show(help_lines(site), site.locale)[0]
    is_stand_in = not any(line.is_confirmed and "emergency" in line.phrases for line in help_lines(site))
    context = {"site": site, "lists": found, "emergency": emergency, "is_stand_in": is_stand_in}
    return render(request, "intake/desk_lines.html", context)


@desk_view("POST")
def confirm(request: DeskRequest, key: str) -> HttpResponse:
    return _look_at(request, key, confirm_line, "{} is confirmed. It is checked again in 90 days.")


@desk_view("POST")
def hide(request: DeskRequest, key: str) -> HttpResponse:
    return _look_at(request, key, hide_line, "{} is off the public pages until somebody confirms it.")


def _look_at(request: DeskRequest, key: str, note: Callable[..., None], done: str) -> HttpResponse:
    public_site_for(request, MANAGERS)
    line = get_object_or_404(HelpLine, key=key)
    try:
        note(line=line, number=request.POST.get("number", ""), by=request.user, at=database_now())
    except NumberChanged as refusal:
        messages.error(request, str(refusal))
    else:
        forget()
        messages.success(request, done.format(line.name))
    return redirect("intake:desk_lines")
