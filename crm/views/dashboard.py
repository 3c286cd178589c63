"""The dashboard: one page for each tab, which refreshes itself and works without scripts too."""

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django_htmx.http import trigger_client_event

from crm.enums import Level, PauseReason, Queue, Role, Stage
from crm.forms.filters import SNOOZES, bulk_dispositions
from crm.models import Site
from crm.permissions import DeskRequest, coordinated_sites, desk_view
from crm.queue_filters import QueueFilter
from crm.selectors.counts import CAP, DeskCounts, desk_counts
from crm.selectors.filter_choices import filter_choices, saved_views_for
from crm.selectors.queue_rows import answered_rows, queue_page
from crm.selectors.queues import Cursor, Tab
from crm.views.freshness import poll_headers, seen_by, unless_unchanged

LABELS = {
    Tab.URGENT: "Urgent",
    Tab.PREBOOKED: "Pre-booked",
    Tab.UNROUTED: "Not yet routed",
    Tab.REVIEW: "In review",
    Tab.MINE: "Mine",
    Tab.ASIDE: "Set aside",
}


@unless_unchanged
@desk_view("GET")
def queue(request: DeskRequest, tab: str = Tab.URGENT.value) -> HttpResponse:
    """Show one tab, or just its live part when the page refreshes itself."""
    shown, at = _tab_or_404(tab), request.desk_at
    narrowed = QueueFilter.parse(request.GET)
    page = queue_page(
        tab=shown,
        user=request.user,
        at=at,
        after=Cursor.parse(request.GET.get("after", "")),
        only=narrowed.condition(request.user, at),
    )
    if shown == Tab.MINE and not request.GET:
        page = replace(page, rows=[*answered_rows(request.user, at), *page.rows])
    counts = desk_counts(
        user=request.user,
        at=at,
        seen=seen_by(request, at),
        policies=page.policies,
        sites=list(request.roles),
        coordinated=coordinated_sites(request),
    )
    request.counts = counts
    poll = {"url": request.get_full_path(), "headers": poll_headers(request.desk_tag, at)}
    context = {"page": page, "at": at, "tab": shown, "label": LABELS[shown], "counts": counts}
    context |= {"tabs": _tabs(shown, counts), "take_from": _take_from(shown), "poll": poll}
    context["count"] = _capped(counts.tabs[shown])
    context |= {"filter_text": str(narrowed)}
    if not request.htmx:
        return render(request, "crm/queue.html", context | _around(request, narrowed))
    response = render(request, "crm/parts/queue_live.html", context)
    return trigger_client_event(
        response, "desk:news", {"arrived": counts.arrived, "headers": poll["headers"]}
    )


def _around(request: DeskRequest, narrowed: QueueFilter) -> dict[str, Any]:
    """Return what stands around the live part: what to narrow it to, and what to do with ticked leads."""
    managed = [site for site, role in request.roles.items() if role == Role.MANAGER]
    return {
        "filter": narrowed,
        "filter_words": narrowed.words,
        "filter_pairs": parse_qsl(str(narrowed)),
        "levels": list(Level),
        "stages": [stage for stage in Stage if stage not in {Stage.ADMITTED, Stage.CLOSED}],
        "choices": filter_choices(request.user),
        "views": list(saved_views_for(request.user)),
        "shareable": Site.objects.filter(pk__in=managed) if managed else [],
        "dispositions": bulk_dispositions(),
        "snoozes": SNOOZES,
        "pause_reasons": PauseReason.choices,
    }


def _tab_or_404(tab: str) -> Tab:
    try:
        return Tab(tab)
    except ValueError:
        raise Http404 from None


def _tabs(shown: Tab, counts: DeskCounts) -> list[dict[str, Any]]:
    return [
        {
            "slug": tab.value,
            "label": LABELS[tab],
            "count": _capped(counts.tabs[tab]),
            "is_current": tab == shown,
        }
        for tab in Tab
    ]


def _capped(number: int) -> str:
    return f"{CAP - 1}+" if number >= CAP else str(number)


def _take_from(tab: Tab) -> Queue:
    return Queue.URGENT if tab in {Tab.MINE, Tab.ASIDE} else Queue[tab.name]
