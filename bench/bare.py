"""The reference: a bare Django view that validates a form, encrypts, and makes the inserts of one enquiry.

No triage, no joining, no idempotency, no second transaction: the least that a view with these rows can cost.
"""

from datetime import datetime
from uuid import uuid4

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.csrf import csrf_exempt

from crm.enums import CallerRole, EventKind, LeadChannel, Level, Queue
from crm.models import Lead, LeadEvent, LeadReference, Person, Site
from crm.references import new_reference
from crm.targets import respond_by
from intake.models import Enquiry
from jobs.clock import database_now
from jobs.models import Job
from vault.tokens import name_tokens, phone_tokens


class BareForm(forms.Form):
    enquirer = forms.ChoiceField(choices=CallerRole.choices)
    name = forms.CharField(max_length=200)
    phone = forms.CharField(max_length=200)
    free_text = forms.CharField(max_length=20_000)


@csrf_exempt
def bare_enquiry(request: HttpRequest) -> HttpResponse:
    form = BareForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=422)
    with transaction.atomic():
        _insert(form.cleaned_data, database_now())
    return HttpResponseRedirect("/")


def _insert(said: dict[str, str], at: datetime) -> None:
    site = Site.objects.get(is_default=True)
    person = Person.objects.create(
        name=said["name"],
        phone=said["phone"],
        search_tokens=phone_tokens(said["phone"]) + name_tokens(said["name"]),
        created_at=at,
    )
    lead = _insert_lead(site, person, at)
    enquiry = Enquiry.objects.create(
        reference=lead.reference,
        idempotency_key=str(uuid4()),
        fingerprint=0,
        site=site,
        channel=LeadChannel.WEB,
        form_version="bare",
        answers=said,
        contact=said,
        received_at=at,
        lead=lead,
        linked_at=at,
        answer={"reference": lead.reference},
    )
    far_off = at.replace(year=at.year + 1)  # no worker picks it up
    Job.objects.create(
        kind="bench",
        queue="urgent",
        subject=enquiry.pk,
        dedupe_key=f"bare:{enquiry.pk}",
        due_at=far_off,
        publish_at=far_off,
        created_at=at,
    )


def _insert_lead(site: Site, person: Person, at: datetime) -> Lead:
    lead = Lead.objects.create(
        reference=new_reference(),
        site=site,
        caller=person,
        patient=person,
        caller_role=CallerRole.SELF,
        queue=Queue.PREBOOKED,  # one that waits to be placed would be alerted about after a minute
        level=Level.P2,
        channel=LeadChannel.WEB,
        received_at=at,
        respond_by=respond_by(Level.P2, at),
        due_at=respond_by(Level.P2, at),
    )
    LeadReference.objects.create(reference=lead.reference, lead=lead)
    LeadEvent.objects.create(
        lead=lead, kind=EventKind.ENQUIRY_RECEIVED, occurred_at=at, data={"channel": "WEB"}
    )
    return lead
