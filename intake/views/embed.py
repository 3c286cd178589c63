"""The urgent form inside the clinic's own website, and the page that tells managers how it gets there."""

from typing import Any
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from crm.permissions import MANAGERS, DeskRequest, desk_view
from intake.forms.urgent import UrgentForm
from intake.frame import current_frame
from intake.services.screening import new_trap
from intake.sources import as_query, cleaned
from intake.views.public import came_from, public_page, render_public
from intake.views.screening import challenge_for
from intake.website import snippets_for


@public_page("GET", is_private=True)
def embed(request: HttpRequest) -> HttpResponse:
    """Show the form for a frame. It is sent in the top window: what follows is ours alone, with no cookie."""
    form = UrgentForm(initial={"idempotency_key": str(uuid4()), "shown_at": new_trap()})
    form.helper.form_action = reverse("intake:urgent") + as_query(came_from(request))
    form.helper.attrs = {**form.helper.attrs, "target": "_top"}
    context: dict[str, Any] = {"form": form, "parents": " ".join(settings.EMBED_PARENTS)}
    context["challenge"] = challenge_for(request)
    return framed_by(settings.EMBED_PARENTS, render_public(request, "intake/embed.html", context))


def framed_by(parents: list[str], response: HttpResponse) -> HttpResponse:
    """Allow these origins to show the page in a frame. Every other page refuses, and without any this one."""
    if parents:
        response._csp_replace = {"frame-ancestors": parents}  # type: ignore[attr-defined]  # django-csp's way
        response.xframe_options_exempt = True
    return response


@desk_view("GET", roles=MANAGERS)
def website(request: DeskRequest) -> HttpResponse:
    """Show what to paste into the clinic's website."""
    campaign = cleaned(request.GET.get("campaign", ""))
    snippets = snippets_for(current_frame(), campaign=campaign)
    context = {"snippets": snippets, "campaign": campaign, "parents": settings.EMBED_PARENTS}
    return render(request, "intake/website.html", context)
