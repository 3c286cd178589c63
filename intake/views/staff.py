"""The front door's pages for staff: an enquiry by phone goes the same way as a public one."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from crm.enums import LeadChannel
from crm.models import PhoneCall, Site
from crm.permissions import COORDINATORS, DeskRequest, coordinated_sites, desk_view
from crm.views.calls import theirs_or_404
from intake.contact import ContactError
from intake.forms.phone import PhoneEnquiryForm
from intake.services.call_enquiries import enquiry_of_call, enquiry_of_missed_call
from intake.services.submission import Submission
from intake.views.keys import with_key
from jobs.clock import database_now

TEMPLATE = "intake/phone_enquiry.html"


@desk_view("GET", "POST")
def phone_enquiry(request: DeskRequest) -> HttpResponse:
    """Take down what somebody says on the phone. `?call=` names a call, so no number is in an address."""
    if request.method != "POST":
        form = PhoneEnquiryForm(initial={"idempotency_key": str(uuid4())} | _of_call(request))
        return render(request, TEMPLATE, {"form": form})
    form = PhoneEnquiryForm(with_key(request.POST))
    if not form.is_valid():
        return render(request, TEMPLATE, {"form": form}, status=422)
    call = _call(request, form.cleaned_data["call"])
    answer = enquiry_of_call(
        call=call, submission=_submission(request, form, call), by=request.user, at=database_now()
    )
    taken = str(form.cleaned_data["idempotency_key"])
    messages.success(request, f"Taken down: {answer.reference}.", extra_tags=taken)
    return redirect("crm:lead", reference=answer.reference)


@desk_view("POST", roles=COORDINATORS)
def call_enquiry(request: DeskRequest, call: UUID) -> HttpResponse:
    """Make a missed call a lead, in one press."""
    found = theirs_or_404(request, PhoneCall.objects.select_related("site", "line"), call)
    try:
        answer = enquiry_of_missed_call(call=found, by=request.user, at=database_now())
    except ContactError:
        messages.error(request, "The number was withheld, so nobody could be reached. Settle the call.")
        return redirect("crm:calls")
    messages.success(request, "Taken down as a phone enquiry. Call them now.")
    return redirect("crm:lead", reference=answer.reference)


def _submission(request: DeskRequest, form: PhoneEnquiryForm, call: PhoneCall | None) -> Submission:
    return Submission(
        answers=form.to_answers(),
        contact=form.to_contact(),
        site=call.site if call else _site(request),
        channel=LeadChannel.PHONE,
        form_version=form.form_version,
        idempotency_key=form.cleaned_data["idempotency_key"],
        consent={"given": "said on the phone"},
        source=form.to_source(),
        taken_by=request.user,
    )


def _of_call(request: DeskRequest) -> dict[str, Any]:
    """Return what the form starts with when it is opened from a call."""
    try:
        call = _call(request, UUID(request.GET.get("call", "")))
    except ValueError:
        return {}
    if call is None:
        return {}
    return {"call": call.pk, "phone": call.number, "line": call.line.name if call.line else ""}


def _call(request: DeskRequest, pk: UUID | None) -> PhoneCall | None:
    """Return a call of the user's sites; 404 for any other."""
    calls = PhoneCall.objects.select_related("site", "line").filter(site__in=coordinated_sites(request))
    return get_object_or_404(calls, pk=pk) if pk else None


def _site(request: DeskRequest) -> Site:
    """Return the call-taker's site: the one that takes the public enquiries, if they work there."""
    return Site.objects.filter(pk__in=request.roles).order_by("-is_default", "name")[0]
