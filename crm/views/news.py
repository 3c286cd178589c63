"""What comes in, on every page of the desk: calls that ring, new urgent leads, and the counts of the rail."""

from django.http import HttpResponse
from django.shortcuts import render
from django_htmx.http import trigger_client_event

from crm.permissions import DeskRequest, counts_for, desk_view
from crm.views.freshness import poll_headers, seen_by, unless_unchanged


@unless_unchanged
@desk_view("GET", is_beside=True)
def news(request: DeskRequest) -> HttpResponse:
    """Return the part that asks again by itself; most answers are 304. A queue's page brings its own."""
    at = request.desk_at
    request.counts = counts_for(request, at, seen_by(request, at))
    headers = poll_headers(request.desk_tag, at)
    response = render(request, "crm/parts/now_live.html", {"headers": headers})
    told = {"arrived": request.counts.arrived, "headers": headers}
    return trigger_client_event(response, "desk:news", told)
