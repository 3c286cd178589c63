"""What every page of the desk asks for: warnings to the holder of leads, and who is watching.

The part asks again by itself and names what it shows; an answer that would show the same has no content, so
that nothing moves under anybody's hands.
"""

import hashlib
from datetime import datetime

from django.http import HttpResponse
from django.template.loader import render_to_string

from crm.permissions import DeskRequest, desk_view
from crm.selectors.my_leads import my_leads
from crm.selectors.watching import watches
from crm.services.presence import note_screen


@desk_view("GET")
def watch(request: DeskRequest) -> HttpResponse:
    """Return the part, and note that this person's desk is open; `opened`: they have just opened a page."""
    return watch_part(request, note_screen(user=request.user, acted="opened" in request.GET))


def watch_part(request: DeskRequest, at: datetime, *, said: str = "") -> HttpResponse:
    """Return the warnings and who is watching, or nothing if that is what the page shows already."""
    context = {"mine": my_leads(request.user, at), "watches": watches(request.user, at), "said": said}
    body = render_to_string("crm/parts/watch.html", context | {"reader": request.user})
    shown = hashlib.sha256(body.encode()).hexdigest()[:16]
    if request.GET.get("shown") == shown:
        return HttpResponse(status=204)
    return HttpResponse(body.replace("SHOWN", shown))
