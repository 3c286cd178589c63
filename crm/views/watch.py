"""What every page of the desk asks for again: warnings to the holder of leads, and who is watching.

The page is drawn with both. Then it names what it shows; an answer that would show the same has no content,
so that nothing moves under anybody's hands.
"""

from datetime import datetime

from django.http import HttpResponse

from crm.permissions import DeskRequest, desk_view
from crm.services.presence import note_screen
from crm.shell import watching


@desk_view("GET", is_beside=True)
def watch(request: DeskRequest) -> HttpResponse:
    """Return both parts, and note that this person's desk is open."""
    return watch_part(request, note_screen(user=request.user, acted=False))


def watch_part(request: DeskRequest, at: datetime, *, said: str = "") -> HttpResponse:
    """Return the warnings and who is watching, or nothing if that is what the page shows already."""
    parts = watching(request.user, at, said=said)
    if request.GET.get("shown") == parts.shown:
        return HttpResponse(status=204)
    return HttpResponse(f'{parts.warnings}<div id="watching" hx-swap-oob="innerHTML">{parts.people}</div>')
