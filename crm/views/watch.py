"""What every page of the desk asks for again: warnings to the holder of leads, what nobody has answered,
who is watching; and what a lead's own page says of its alert and its holder.

The page is drawn with them. Then it names what it shows; an answer that would show the same has no content,
so that nothing moves under anybody's hands.
"""

from datetime import datetime

from django.http import HttpResponse

from crm.lead_now import lead_now
from crm.models import Lead
from crm.permissions import DeskRequest, desk_view
from crm.references import parse_reference
from crm.selectors.leads import leads_visible_to
from crm.services.presence import note_screen
from crm.shell import watching


@desk_view("GET", is_beside=True)
def watch(request: DeskRequest) -> HttpResponse:
    """Return the parts, and note that this person's desk is open."""
    return watch_part(request, note_screen(user=request.user, acted=False))


def watch_part(request: DeskRequest, at: datetime, *, said: str = "") -> HttpResponse:
    """Return the warnings and who is watching, or nothing if that is what the page shows already."""
    lead = _lead_on_the_page(request)
    now = lead_now(request, lead, at) if lead else None
    parts = watching(request, at, said=said, lead_state=now.state if now else "")
    if request.GET.get("shown") == parts.shown:
        return HttpResponse(status=204)
    beside = {"waiting-alerts": parts.waiting, "red-screen": parts.red}
    beside |= {"alarms": parts.alarms, "watching": parts.people}
    beside |= {"lead-alert": now.alert, "lead-has": now.has} if now else {}
    swaps = (f'<div id="{place}" hx-swap-oob="innerHTML">{part}</div>' for place, part in beside.items())
    return HttpResponse(parts.warnings + "".join(swaps))


def _lead_on_the_page(request: DeskRequest) -> Lead | None:
    """Return the lead whose page asks, if it is one; the page says which (templates/crm/lead.html)."""
    asked = request.POST if request.method == "POST" else request.GET
    reference = parse_reference(asked.get("lead", ""))
    if not reference:
        return None
    visible = leads_visible_to(request.user).select_related("site", "owner")
    return visible.filter(references__reference=reference).first()
