"""The forms of one page. A view reads the form, hands it to submit_enquiry and shows what came of it."""

from dataclasses import dataclass
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from crm.enums import LeadChannel
from crm.models import Site
from crm.services.canary import canary_site
from intake.forms.call_me import CallMeForm
from intake.forms.enquiry import EnquiryForm
from intake.forms.prebooked import PrebookedForm
from intake.forms.refer import ReferralForm
from intake.forms.urgent import UrgentForm
from intake.languages import in_english, page_language
from intake.selectors import default_site
from intake.services.advice import emergency_advice
from intake.services.screening import new_trap
from intake.services.submission import Receipt, Submission, submit_as_typed
from intake.sources import as_query
from intake.views.keys import new_key, with_key
from intake.views.more import end_of, start_of
from intake.views.public import came_from, public_page, render_public
from intake.views.screening import challenge_for, is_canary, screened_form
from jobs.clock import database_now
from jobs.reconnecting import on_live_connection

log = structlog.get_logger(__name__)

CONSENT = {"notice": "privacy-1", "given": "sent the form"}


@dataclass(frozen=True, slots=True)
class Page:
    name: str
    form: type[EnquiryForm]
    channel: LeadChannel = LeadChannel.WEB
    asks_more: bool = False

    @property
    def template(self) -> str:
        return f"intake/{self.name}.html"


URGENT = Page("urgent", UrgentForm, asks_more=True)
PREBOOKED = Page("prebooked", PrebookedForm)
REFER = Page("refer", ReferralForm, LeadChannel.REFERRAL)
CALL_ME = Page("call_me", CallMeForm)


@public_page("GET", "POST", is_private=True)
def urgent(request: HttpRequest) -> HttpResponse:
    return _enquiry(request, URGENT)


@public_page("GET", "POST", is_private=True)
def refer(request: HttpRequest) -> HttpResponse:
    return _enquiry(request, REFER)


@public_page("GET", "POST", is_private=True)
def call_me(request: HttpRequest) -> HttpResponse:
    return _enquiry(request, CALL_ME)


def _enquiry(request: HttpRequest, page: Page) -> HttpResponse:
    if request.method != "POST":
        empty = page.form(initial={"idempotency_key": new_key(), "shown_at": new_trap()})
        return _show(request, page, empty)
    form = page.form(with_key(request.POST))
    if not form.is_valid():
        return _show(request, page, form, status=422, **_danger(form))
    try:
        receipt = on_live_connection(lambda: _submit(request, form, page))
    except (OperationalError, InterfaceError, Site.DoesNotExist) as error:
        log.error("enquiry_not_stored", error=type(error).__name__)
        return _show(request, page, form, status=503, not_stored=True, **_danger(form))
    return redirect(start_of(receipt) if page.asks_more else end_of(receipt))


def _show(
    request: HttpRequest, page: Page, form: EnquiryForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    """Show the form, which is sent to an address that says where the visit came from."""
    form.helper.form_action = request.path + as_query(came_from(request))
    context = {"form": form, "challenge": challenge_for(request), **more}
    return render_public(request, page.template, context, status=status)


def _submit(request: HttpRequest, form: EnquiryForm, page: Page) -> Receipt:
    at, key = database_now(), form.cleaned_data["idempotency_key"]
    submission = submission_of(request, form, page=page, source=came_from(request), key=key)
    return submit_as_typed(submission=submission, at=at)


def submission_of(
    request: HttpRequest, form: EnquiryForm, *, page: Page, source: dict[str, str], key: str
) -> Submission:
    """Return what a form hands in. Fields with errors are left out: in danger people send what they have."""
    answers, said = form.to_answers(), form.cleaned_data
    by_us, site = is_canary(request, key), default_site()
    return Submission(
        answers=answers,
        contact=form.to_contact(),
        site=canary_site() if by_us else site,  # ours needs what everybody's needs
        channel=page.channel,
        form_version=form.form_version,
        idempotency_key=key,
        consent=CONSENT,
        source={**source, "page": page.name, **_written_in()},
        flags=[]
        if by_us
        else screened_form(request, name=page.name, said=said, free_text=answers.free_text, key=key),
    )


def _written_in() -> dict[str, str]:
    """Return the language of the page, for staff who may offer an interpreter."""
    language = in_english(page_language())
    return {"language": language} if language else {}


def _danger(form: EnquiryForm) -> dict[str, Any]:
    """Return what must be said before any correction is asked for."""
    return {"danger": emergency_advice(form.to_answers())}
