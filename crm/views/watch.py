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
from crm.services.presence import note_presence
from jobs.clock import database_now


@desk_view("GET")
def watch(request: DeskRequest) -> HttpResponse:
    """Return the part, and note that this person's desk is open; `opened`: they have just opened a page."""
    at = database_now()
    note_presence(user=request.user, acted="opened" in request.GET, at=at)
    return watch_part(request, at)


def watch_part(request: DeskRequest, at: datetime, *, said: str = "") -> HttpResponse:
    """Return the warnings and who is watching, or nothing if that is what the page shows already."""
    context = {"mine": my_leads(request.user, at), "watches": watches(request.user, at), "said": said}
    body = render_to_string("crm/parts/watch.html", context | {"reader": request.user})
    shown = hashlib.sha256(body.encode()).hexdigest()[:16]
    if request.GET.get("shown") == shown:
        return HttpResponse(status=204)
    return HttpResponse(body.replace("SHOWN", shown))
