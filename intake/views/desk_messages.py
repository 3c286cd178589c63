"""Messages to callers, for managers and clinicians: every version, how it reads, a test, and approval."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin

from crm.enums import Role
from crm.permissions import MANAGERS, DeskRequest, desk_view
from intake.forms.message_words import MessageWordsForm
from intake.public_site import EDITORS, public_site_for
from intake.refusals import ContentRefusal
from intake.selectors.message_readings import fills_of, readings_of
from intake.selectors.message_words import Version, message_rows, message_versions
from intake.services.message_words import draft_message, send_test
from jobs.clock import database_now
from notifications.catalogue import CATALOGUE
from notifications.enums import ChannelName, Language, Voice, WordingState
from notifications.models import Wording
from notifications.samples import cases_of
from notifications.selectors import words_of
from notifications.services.caller_words import sample_of
from notifications.services.wordings import (
    InForceAlready,
    WordingRefused,
    WroteItThemselves,
    approve_wording,
)
from notifications.worded import Worded

APPROVERS = MANAGERS | {Role.CLINICAL_LEAD}
NOTHING = ["'none'"]
# As a mail program shows it, in a frame that can do nothing: no scripts, no requests, no forms.
ISOLATED = {
    "default-src": NOTHING,
    "style-src": ["'unsafe-inline'"],
    "base-uri": NOTHING,
    "form-action": NOTHING,
    "frame-ancestors": ["'self'"],
    "sandbox": [],
}
TO = {
    Voice.SELF: "The person themselves",
    Voice.LOVED_ONE: "A loved one",
    Voice.PROFESSIONAL: "A professional",
}
Tabs = list[tuple[str, list[tuple[str, str, bool]]]]


@desk_view("GET")
def message_list(request: DeskRequest) -> HttpResponse:
    """List every message by each of its channels, and where a draft waits."""
    public_site_for(request, EDITORS)
    return render(request, "intake/desk_messages.html", {"rows": message_rows()})


@desk_view("GET", "POST")
def message(request: DeskRequest, worded: Worded) -> HttpResponse:
    """Show one wording as it reads, with its versions, and take another."""
    site = public_site_for(request, EDITORS)
    versions, changes = message_versions(worded, request.user)
    shown = _shown(versions, request.GET.get("version", ""))
    form = MessageWordsForm(request.POST or None, worded=worded, words=shown.words)
    if form.is_valid():
        words, note = form.to_words(), form.cleaned_data["note"]
        draft = draft_message(worded=worded, words=words, note=note, by=request.user, at=database_now())
        messages.success(request, f"Version {draft.version} is saved. Somebody else can approve it now.")
        return redirect(f"{address_of(worded)}?version={draft.version}")
    context = {
        "worded": worded,
        "tabs": _tabs(worded),
        "shown": shown,
        "readings": readings_of(worded, shown.words, _case(worded, request.GET.get("case", ""))),
        "fills": fills_of(worded.kind),
        "versions": versions,
        "waiting": [each for each in versions if each.state == WordingState.DRAFT],
        "changes": changes,
        "form": form,
        "may_approve": request.roles[site.pk] in APPROVERS,
    }
    page = render(request, "intake/desk_message.html", context, status=422 if form.is_bound else 200)
    page._csp_update = {"frame-src": ["'self'"]}  # type: ignore[attr-defined]  # django-csp's way
    return page


@xframe_options_sameorigin
@desk_view("GET")
def preview(request: DeskRequest, worded: Worded, version: int) -> HttpResponse:
    """Show a version as the HTML that a mail program gets, with made-up values."""
    public_site_for(request, EDITORS)
    if worded.channel != ChannelName.EMAIL:
        raise Http404("Only e-mails have HTML")
    try:
        words = words_of(worded, version=version)
    except Wording.DoesNotExist:
        raise Http404("No such version") from None
    shown = HttpResponse(sample_of(worded, words, _case(worded, request.GET.get("case", ""))).html)
    shown._csp_config = ISOLATED  # type: ignore[attr-defined]  # django-csp's way
    return shown


@desk_view("POST")
def approve(request: DeskRequest, worded: Worded, version: int) -> HttpResponse:
    """Send callers a version from now on."""
    public_site_for(request, APPROVERS)
    try:
        approve_wording(worded=worded, version=version, by=request.user.pk, at=database_now())
    except Wording.DoesNotExist:
        raise Http404("No such version") from None
    except (InForceAlready, WroteItThemselves, WordingRefused) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Callers get version {version} from now on.")
    return redirect(address_of(worded))


@desk_view("POST")
def test(request: DeskRequest, worded: Worded, version: int) -> HttpResponse:
    """Send a version, as the page shows it, to the reader's own address."""
    public_site_for(request, EDITORS)
    _shown(message_versions(worded, request.user)[0], str(version))
    case = _case(worded, request.POST.get("case", ""))
    try:
        send_test(worded=worded, version=version, case=case, by=request.user, at=database_now())
    except ContentRefusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Version {version} is on its way to {request.user.email}, as a test.")
    return redirect(f"{address_of(worded)}?version={version}&case={case}")


def address_of(worded: Worded) -> str:
    """Return where one wording is looked after."""
    return reverse("intake:desk_message", args=[worded])


def _shown(versions: list[Version], asked: str) -> Version:
    """Return the version that is asked for, or else the one in force."""
    found = [each for each in versions if (str(each.number) == asked if asked else each.is_in_force)]
    if not found:
        raise Http404("No such version")
    return found[0]


def _case(worded: Worded, asked: str) -> str:
    """Return the case that is asked for, or else the usual one."""
    cases = cases_of(worded.kind)
    if asked and asked not in cases:
        raise Http404("No such case")
    return asked or next(iter(cases))


def _tabs(worded: Worded) -> Tabs:
    """Return where else the same message is: by another channel, in another voice, in another language."""
    kind, channel, voice, language = worded.kind, worded.channel, worded.voice, worded.language
    by_channel = [Worded(kind, each, voice, language) for each in CATALOGUE[kind].channels]
    by_voice = [Worded(kind, channel, each, language) for each in Voice]
    by_language = [Worded(kind, channel, voice, each) for each in Language]
    return [
        ("By", [(str(each.channel.label), address_of(each), each == worded) for each in by_channel]),
        ("Voice", [(TO[each.voice], address_of(each), each == worded) for each in by_voice]),
        ("Language", [(str(each.language.label), address_of(each), each == worded) for each in by_language]),
    ]
