"""What callers are told, for managers and clinicians: every wording, drafts, a clinician's approval."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from crm.permissions import CLINICIANS, DeskRequest, desk_view
from intake.enums import Voice
from intake.forms.caller_text import CallerTextForm
from intake.models import CallerMessage
from intake.public_site import EDITORS, public_site_for
from intake.refusals import AlreadyApproved
from intake.remembered import forget
from intake.selectors import local_words, text_versions, wordings
from intake.services.caller_texts import approve_text, draft_text
from intake.triage.engine import STATIC_MESSAGES
from intake.triage.messages import shipped_keys
from intake.wording import fill
from jobs.clock import database_now

EDITED = shipped_keys() - set(STATIC_MESSAGES)  # those are care cards, whose shape every page relies on


@desk_view("GET")
def texts(request: DeskRequest) -> HttpResponse:
    """List what is said now, to the person themselves."""
    public_site_for(request, EDITORS)
    words = local_words()
    said = wordings(tuple(sorted(EDITED)), Voice.SELF)
    rows = [(text.key, fill(text.text, words)) for text in said]
    return render(request, "intake/desk_texts.html", {"rows": rows, "voices": Voice})


@desk_view("GET", "POST")
def text(request: DeskRequest, key: str, voice: str) -> HttpResponse:
    """Show every wording of one text, and take another."""
    site = public_site_for(request, EDITORS)
    if key not in EDITED or voice not in Voice.values:
        raise Http404("No such text")
    [said] = wordings((key,), Voice(voice))
    form = CallerTextForm(request.POST or None, text=said.text)
    if form.is_valid():
        draft = draft_text(key=key, voice=voice, text=form.cleaned_data["text"], by=request.user)
        messages.success(request, f"Version {draft.version} is saved. A clinician can approve it now.")
        return redirect("intake:desk_text", key, voice)
    context = {
        "key": key,
        "voice": Voice(voice),
        "form": form,
        "versions": [(each, fill(each.text, local_words())) for each in text_versions(key, voice)],
        "may_approve": request.roles[site.pk] in CLINICIANS,
    }
    return render(request, "intake/desk_text.html", context, status=422 if form.is_bound else 200)


@desk_view("POST")
def approve(request: DeskRequest, text: UUID) -> HttpResponse:
    """Say a wording to callers from now on."""
    public_site_for(request, CLINICIANS)
    found = get_object_or_404(CallerMessage, pk=text)
    try:
        approve_text(text=found, by=request.user, at=database_now())
    except AlreadyApproved as refusal:
        messages.error(request, str(refusal))
    else:
        forget()
        messages.success(request, f"Callers are told version {found.version} from now on.")
    return redirect("intake:desk_text", found.key, found.voice)
