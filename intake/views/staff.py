"""The front door's one page for staff: an enquiry by phone goes the same way as a public one."""

from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import redirect, render

from crm.enums import LeadChannel
from crm.models import Site
from crm.permissions import DeskRequest, desk_view
from intake.forms.phone import PhoneEnquiryForm
from intake.services.submission import Submission, submit_as_typed
from intake.views.keys import with_key
from jobs.clock import database_now

TEMPLATE = "intake/phone_enquiry.html"


@desk_view("GET", "POST")
def phone_enquiry(request: DeskRequest) -> HttpResponse:
    if request.method != "POST":
        form = PhoneEnquiryForm(initial={"idempotency_key": str(uuid4())})
        return render(request, TEMPLATE, {"form": form})
    form = PhoneEnquiryForm(with_key(request.POST))
    if not form.is_valid():
        return render(request, TEMPLATE, {"form": form}, status=422)
    receipt = submit_as_typed(submission=_submission(request, form), at=database_now())
    return redirect("crm:lead", reference=receipt.answer.reference)


def _submission(request: DeskRequest, form: PhoneEnquiryForm) -> Submission:
    return Submission(
        answers=form.to_answers(),
        contact=form.to_contact(),
        site=_site(request),
        channel=LeadChannel.PHONE,
        form_version=form.form_version,
        idempotency_key=form.cleaned_data["idempotency_key"],
        consent={"given": "said on the phone"},
        source=form.to_source(),
        taken_by=request.user,
    )


def _site(request: DeskRequest) -> Site:
    """Return the call-taker's site: the one that takes the public enquiries, if they work there."""
    return Site.objects.filter(pk__in=request.roles).order_by("-is_default", "name")[0]
