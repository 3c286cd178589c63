"""My alerts: by what one is told, whether it works, and when it should be quiet."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import add_never_cache_headers

from crm.forms.my_alerts import NumberForm, QuietForm, WebhookForm
from crm.models import QuietHours, StaffChannel, WayCheck
from crm.permissions import MANAGERS, DeskRequest, desk_view
from crm.refusals import Refusal
from crm.selectors.my_ways import my_ways
from crm.services.quiet_hours import set_quiet_hours
from crm.services.staff_ways import add_way, remove_way, renew_secret, secret_of
from crm.services.staff_ways import add_webhook as keep_webhook
from crm.services.way_checks import note_that_it_came, try_own_ways
from crm.services.way_codes import confirm_code, send_code
from crm.views.refusing import refusals_shown
from jobs.clock import database_now
from notifications.channels.base import DeliveryError
from notifications.channels.push import Subscription, public_key
from notifications.channels.registry import channels_in_use
from notifications.enums import ChannelName

LONGEST_SUBSCRIPTION = 2000
CODE_SENT = "A code is on its way. Enter it below within 10 minutes."


@desk_view("GET")
def my_alerts(request: DeskRequest) -> HttpResponse:
    """Show one's own ways and what became of the latest test by each."""
    if request.htmx:
        return render(request, "crm/parts/own_ways.html", _ways(request))
    return _page(request)


@desk_view("POST")
def add_number(request: DeskRequest) -> HttpResponse:
    """Keep a number and send a code there."""

    def keep(*, how: str, number: str, at: datetime) -> StaffChannel:
        return add_way(user=request.user, channel=ChannelName(how), address=number, name="", at=at)

    return _add_by(request, "number", NumberForm(request.POST), keep)


@desk_view("POST")
def add_browser(request: DeskRequest) -> HttpResponse:
    """Keep this browser's subscription and send a code there, too: only what somebody saw is proven."""
    said, at = request.POST.get("subscription", "")[:LONGEST_SUBSCRIPTION], database_now()
    try:
        address = Subscription.read(said).write()
    except DeliveryError:
        messages.error(request, "The browser gave us nothing to write to. Allow notifications and try again.")
        return redirect("crm:my_alerts")
    name = request.POST.get("name", "")[:60].strip() or "A browser"
    with refusals_shown(request):
        way = add_way(user=request.user, channel=ChannelName.PUSH, address=address, name=name, at=at)
        _ask_for_code(request, way, at)
    return redirect("crm:my_alerts")


@desk_view("POST")
def add_webhook(request: DeskRequest) -> HttpResponse:
    """Keep a webhook and post a code there; one that checks signatures has its secret shown."""
    return _add_by(request, "webhook", WebhookForm(request.POST), partial(keep_webhook, user=request.user))


@desk_view("POST")
def new_secret(request: DeskRequest, way: UUID) -> HttpResponse:
    """Show a new secret for a webhook; the old one signs for a week, too."""
    mine = get_object_or_404(StaffChannel, pk=way, user=request.user)
    secret = ""
    with refusals_shown(request):
        secret = renew_secret(way=mine, at=database_now())
    return _with_secret(request, mine, secret)


@desk_view("POST")
def new_code(request: DeskRequest, way: UUID) -> HttpResponse:
    """Send another code to a way that is not verified yet."""
    mine = get_object_or_404(StaffChannel, pk=way, user=request.user, verified_at=None)
    with refusals_shown(request):
        send_code(way=mine, at=database_now())
        messages.success(request, CODE_SENT)
    return redirect("crm:my_alerts")


@desk_view("POST")
def code(request: DeskRequest, way: UUID) -> HttpResponse:
    """Use a way from now on, if the code is right."""
    mine = get_object_or_404(StaffChannel, pk=way, user=request.user)
    typed = "".join(sign for sign in request.POST.get("code", "") if sign.isdigit())
    with refusals_shown(request):
        confirm_code(way=mine, code=typed, at=database_now())
        messages.success(request, "That was it. Alerts go there from now on.")
    return redirect("crm:my_alerts")


@desk_view("POST")
def remove(request: DeskRequest, way: UUID) -> HttpResponse:
    """Send nothing there any more."""
    mine = StaffChannel.objects.defer("address")  # which may be what cannot be read any more
    remove_way(way=get_object_or_404(mine, pk=way, user=request.user), at=database_now())
    messages.success(request, "Removed. Nothing goes there any more.")
    return redirect("crm:my_alerts")


@desk_view("POST")
def quiet(request: DeskRequest) -> HttpResponse:
    """Keep quiet hours, or take them back."""
    form = QuietForm(request.POST)
    if not form.is_valid():
        return _page(request, quiet=form, status=422)
    begins, ends = form.cleaned_data["begins"], form.cleaned_data["ends"]
    set_quiet_hours(user=request.user, begins=begins, ends=ends)
    messages.success(request, "Your quiet hours are saved." if begins else "You have no quiet hours now.")
    return redirect("crm:my_alerts")


@desk_view("POST")
def test(request: DeskRequest) -> HttpResponse:
    """Send a marked test by each way that alerts would take."""
    with refusals_shown(request):
        sent = try_own_ways(user=request.user, at=database_now())
        many = f"{len(sent)} tests are" if len(sent) > 1 else "A test is"
        messages.success(request, f"{many} on the way. The list shows what becomes of each.")
    return redirect("crm:my_alerts")


@desk_view("POST")
def it_came(request: DeskRequest, check: UUID) -> HttpResponse:
    """Note that a test of one's own came."""
    mine = get_object_or_404(WayCheck, pk=check, user=request.user)
    with refusals_shown(request):
        note_that_it_came(check=mine, at=database_now())
        messages.success(request, "Good. It is noted that this way reaches you.")
    return redirect("crm:my_alerts")


def _add_by(request: DeskRequest, name: str, form: Form, keep: Callable[..., StaffChannel]) -> HttpResponse:
    """Keep what a form says, send a code there, and show the secret that it may have got."""
    if not form.is_valid():
        return _page(request, status=422, **{name: form})
    at = database_now()
    try:
        way = keep(**form.cleaned_data, at=at)
        _ask_for_code(request, way, at)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _page(request, status=409, **{name: form})
    return _with_secret(request, way, "" if way.verified_at else secret_of(way))


def _ask_for_code(request: DeskRequest, way: StaffChannel, at: datetime) -> None:
    """Send a code to a way, unless its owner has proven it before. Raises TooManyCodes."""
    if not way.verified_at:
        send_code(way=way, at=at)
    messages.success(request, "You have that one already." if way.verified_at else CODE_SENT)


def _page(request: DeskRequest, *, status: int = 200, **filled: Form) -> HttpResponse:
    """Show the page; `filled` are forms that were sent, by their names there."""
    sent = {"form": next(iter(filled.values()), None)}
    return render(request, "crm/my_alerts.html", _context(request) | filled | sent, status=status)


def _context(request: DeskRequest) -> dict[str, Any]:
    """Return what the page shows while nothing was entered."""
    hours = QuietHours.objects.filter(user=request.user).first()
    kept = {"begins": hours.begins, "ends": hours.ends} if hours else None
    context = _ways(request) | {"number": NumberForm(), "quiet": QuietForm(initial=kept), "hours": hours}
    context |= {"gets_days": bool(MANAGERS & set(request.roles.values())), "push_key": _push_key()}
    if ChannelName.WEBHOOK in channels_in_use():
        context["webhook"] = WebhookForm()
    return context


def _with_secret(request: DeskRequest, way: StaffChannel, secret: str) -> HttpResponse:
    """Show a secret in the answer itself, this once: it is kept in no session and no cookie."""
    if not secret:
        return redirect("crm:my_alerts")
    shown = {"title": way.name_in_words(), "secret": secret}
    answer = render(request, "crm/my_alerts.html", _context(request) | {"shown": shown})
    add_never_cache_headers(answer)
    return answer


def _ways(request: DeskRequest) -> dict[str, Any]:
    ways = my_ways(request.user, database_now())
    is_moving = any(each.result and not each.result.is_settled for each in ways)
    unverified = [each for each in ways if _needs_code(each.way)]
    return {"ways": ways, "is_moving": is_moving, "unverified": unverified}


def _needs_code(way: StaffChannel | None) -> bool:
    return way is not None and way.verified_at is None


def _push_key() -> str:
    """Return what a browser subscribes with; nothing where push is not set up."""
    is_open = ChannelName.PUSH in channels_in_use() and settings.VAPID_PRIVATE_KEY
    return public_key() if is_open else ""
