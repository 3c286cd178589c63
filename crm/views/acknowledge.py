"""Saying that one has an alert: by the link in it, without signing in, or at the desk."""

from datetime import datetime
from functools import wraps

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from crm.ack_tokens import bearer_of, reader_of
from crm.answered import GOES_ON, good_until, rule_in_words, who_has_it
from crm.enums import AlertLevel
from crm.leases import answer_end
from crm.models import Lead
from crm.permissions import DeskRequest, PublicView, desk_view, lead_or_404
from crm.refusals import Refusal
from crm.selectors.acknowledging import Told, told, told_together
from crm.selectors.lapses import has_forgotten
from crm.services.acknowledging import Answer, acknowledge, acknowledge_as_told, answer_of
from jobs.clock import database_now
from notifications.enums import Acknowledgement
from notifications.selectors import latest_escalation

MOST_LISTED = 50
JSON = "application/json"


def keeps_its_address(view: PublicView[str]) -> PublicView[str]:
    """Let no other site learn the address from a link on the page, and no search engine keep it."""

    @wraps(view)
    def wrapped(request: HttpRequest, token: str) -> HttpResponse:
        response = view(request, token)
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return wrapped


@csrf_exempt  # nobody is signed in by it: whoever has the link may do this one thing
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_its_address
def ack(request: HttpRequest, token: str) -> HttpResponse:
    """Show what the alert is about, with one button. Only POST says anything: mail filters open links."""
    bearer = bearer_of(token, Acknowledgement.LINK, Acknowledgement.PUSH)
    if bearer is None:
        raise Http404
    at = database_now()
    alert = told(bearer, at)
    if alert is None:
        return _over(request)
    if request.method == "POST":
        answer = acknowledge_as_told(escalation=alert.escalation, by=alert.user, how=bearer.how, at=at)
        return _page(request, alert, answer, at)
    return _page(request, alert, answer_of(alert.escalation), at)


def _is_tapped(request: HttpRequest) -> bool:
    return request.method == "POST" and request.get_preferred_type(["text/html", JSON]) == JSON


def _over(request: HttpRequest) -> HttpResponse:
    if _is_tapped(request):
        return JsonResponse({"said": "This has run out. Open the desk.", "first": False}, status=410)
    return render(request, "crm/ack_over.html", status=410)


@never_cache
@require_safe
@keeps_its_address
def ack_many(request: HttpRequest, token: str) -> HttpResponse:
    """Show the alerts of a summary that nobody has answered yet, each with its own button.

    And those that began since: its link does not answer them, the desk does.
    """
    reader = reader_of(token)
    if reader is None:
        raise Http404
    at = database_now()
    waiting = told_together(reader, at)
    if waiting is None:
        return render(request, "crm/ack_over.html", status=410)
    context = {"waiting": waiting.told[:MOST_LISTED], "more": len(waiting.told) > MOST_LISTED, "at": at}
    context |= {"later": waiting.later[:MOST_LISTED], "more_later": len(waiting.later) > MOST_LISTED}
    return render(request, "crm/ack_many.html", context)


@desk_view("POST")
def acknowledge_lead(request: DeskRequest, reference: str) -> HttpResponse:
    """Say at the desk that one has the alert about a lead; go back to the list it was pressed in."""
    lead = lead_or_404(request, reference)
    _say_at_the_desk(request, lead, database_now())
    back = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith("/desk/")
    return redirect(back) if is_ours else redirect("crm:lead", lead.reference)


def _say_at_the_desk(request: DeskRequest, lead: Lead, at: datetime) -> None:
    try:
        is_theirs = acknowledge(lead=lead, by=request.user, at=at)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
        return
    if not is_theirs:
        messages.warning(request, f"Noted: {lead.reference}. {GOES_ON}")
        return
    rule = rule_in_words(lead, answer_end(lead, at))
    messages.success(
        request, f"You said you have {lead.reference}. Nobody else is alerted about it now. {rule}"
    )


def _page(request: HttpRequest, alert: Told, answer: Answer, at: datetime) -> HttpResponse:
    """Return the page, or what to show to whoever tapped a button on a push message: that asks for JSON."""
    if _is_tapped(request):
        return JsonResponse({"said": who_has_it(alert, answer, at), "first": answer.first})
    context = {"alert": alert, "lead": alert.lead, "answer": answer, "at": at}
    context["take_by"] = good_until(alert, answer, at)
    context["managers_too"] = AlertLevel.of(alert.lead.level).needs_manager_soon
    context["goes_on"] = GOES_ON if alert.is_open and has_forgotten(alert.lead, alert.user) else ""
    latest = latest_escalation(alert.lead.pk)
    context["again"] = latest if latest != alert.escalation and latest and latest.ended_at is None else None
    with timezone.override(alert.lead.site.time_zone):
        return render(request, "crm/ack.html", context)
