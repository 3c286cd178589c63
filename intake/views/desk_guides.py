"""Guides, for managers and clinicians: every version, drafts, a preview, and a clinician's approval."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from crm.permissions import CLINICIANS, DeskRequest, desk_view
from intake.enums import GuideSubject
from intake.forms.guide import HOW_TO_WRITE, GuideForm
from intake.models import Guide
from intake.public_site import EDITORS, public_site_for
from intake.refusals import AlreadyApproved
from intake.selectors import approvals_of, guide_versions, public_guides
from intake.services.guides import approve_guide, draft_guide
from intake.views.guides import render_guide
from jobs.clock import database_now


@desk_view("GET")
def guides(request: DeskRequest) -> HttpResponse:
    """List the guides: what the public reads, and whether a newer draft waits."""
    public_site_for(request, EDITORS)
    newest = {guide.slug: guide for guide in reversed(guide_versions())}
    rows = [(GuideSubject(guide.slug).label, guide, newest[guide.slug]) for guide in public_guides()]
    return render(request, "intake/desk_guides.html", {"rows": rows, "today": database_now().date()})


@desk_view("GET")
def guide(request: DeskRequest, slug: str) -> HttpResponse:
    """Show every version of one guide, and who approved which of them when."""
    public_site_for(request, EDITORS)
    versions = [version for version in guide_versions() if version.slug == slug]
    if not versions:
        raise Http404("No such guide")
    context = {
        "label": GuideSubject(slug).label,
        "versions": versions,
        "public": next((each for each in public_guides() if each.slug == slug), None),
        "approvals": approvals_of(slug),
        "may_approve": _may_approve(request),
    }
    return render(request, "intake/desk_guide.html", context)


@desk_view("GET")
def preview(request: DeskRequest, slug: str, version: int) -> HttpResponse:
    """Show a version as the public page would, all of it."""
    public_site_for(request, EDITORS)
    return render_guide(request, _version(slug, version), is_preview=True)


@desk_view("GET", "POST")
def edit(request: DeskRequest, slug: str, version: int) -> HttpResponse:
    """Write another version, from this one. This one stays as it is."""
    public_site_for(request, EDITORS)
    found = _version(slug, version)
    form = GuideForm(request.POST or None, guide=found)
    if not form.is_valid():
        context = {"form": form, "guide": found, "how": HOW_TO_WRITE}
        return render(request, "intake/desk_guide_edit.html", context, status=422 if form.is_bound else 200)
    note = form.cleaned_data["note"]
    draft = draft_guide(slug=slug, words=form.to_words(), note=note, by=request.user)
    messages.success(request, f"Version {draft.version} is saved. A clinician can approve it now.")
    return redirect("intake:desk_guide", slug)


@desk_view("POST")
def approve(request: DeskRequest, slug: str, version: int) -> HttpResponse:
    """Put a version before the public."""
    public_site_for(request, CLINICIANS)
    try:
        approve_guide(guide=_version(slug, version), by=request.user, at=database_now())
    except AlreadyApproved as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"The public reads version {version} now.")
    return redirect("intake:desk_guide", slug)


def _version(slug: str, version: int) -> Guide:
    return get_object_or_404(Guide, slug=slug, version=version)


def _may_approve(request: DeskRequest) -> bool:
    return request.roles[public_site_for(request, EDITORS).pk] in CLINICIANS
