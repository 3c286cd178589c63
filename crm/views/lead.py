"""A lead's page."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from crm.contact_rules import rules_of
from crm.enums import Queue, Role, Stage
from crm.forms.call_backs import CALL_BACK_FORMS
from crm.forms.contact_rules import ContactRulesForm
from crm.forms.handing import AskForm, TakeOverForm
from crm.forms.lead_actions import FORMS
from crm.forms.lead_form import LeadForm
from crm.forms.pauses import PauseForm
from crm.forms.requests import ResumeForm, SettleForm
from crm.forms.sharing import SharingForm
from crm.lead_now import lead_now
from crm.models import Lead
from crm.permissions import CLINICIANS, MANAGERS, DeskRequest, desk_view, lead_or_404
from crm.selectors.call_backs import contact_state
from crm.selectors.call_guide import guide_of
from crm.selectors.duplicates import duplicates_of
from crm.selectors.filter_choices import tags_of
from crm.selectors.lead_record import LeadRecord, lead_record
from crm.selectors.leads import move_to_take_back
from crm.selectors.letters import letter_of_time
from crm.selectors.on_lead import on_lead
from crm.services.access import record_read
from jobs.clock import database_now


@desk_view("GET")
def lead(request: DeskRequest, reference: str) -> HttpResponse:
    """Show everything about one lead. Every reference that it was ever given leads here."""
    found = lead_or_404(request, reference)
    if found.reference != reference:
        return redirect("crm:lead", found.reference)
    return lead_page(request, found, at=database_now())


def lead_page(
    request: DeskRequest, lead: Lead, *, at: datetime, form: LeadForm | None = None, status: int = 200
) -> HttpResponse:
    """Return the page, with `form` as it was sent, and note that it was read."""
    record_read(lead=lead, by=request.user, what="page", at=at)
    record = lead_record(lead, at)
    context = {"lead": lead, "record": record, "form": form, "duplicates": duplicates_of(lead)}
    now = lead_now(request, lead, at)
    request.lead_state = now.state
    context |= {"now": now, "on_lead": on_lead(lead, request.user, at)}
    context["tags"] = tags_of(lead)
    contact = contact_state(lead)
    context |= {"contact": contact, "guide": guide_of(record), "move": _came_from(lead)}
    context["time_letter"] = letter_of_time(lead, contact.call_back, at)
    context |= _forms(lead, form) | _settle_forms(record, form) | _rights(request, lead)
    with timezone.override(lead.site.time_zone):
        return render(request, "crm/lead.html", context, status=status)


def _came_from(lead: Lead) -> Stage | None:
    """Return the stage to which the latest move can be taken back."""
    move = move_to_take_back(lead)
    return Stage(move.data["from"]) if move else None


def _forms(lead: Lead, sent: LeadForm | None) -> dict[str, Any]:
    """Return the page's forms, the one that was sent in its place."""
    kinds = (*FORMS, PauseForm, ResumeForm, AskForm, TakeOverForm, *CALL_BACK_FORMS, SharingForm)
    forms: list[LeadForm] = [each(lead=lead) for each in kinds]
    people = [rules.person for rules in rules_of(lead) if rules.person.may_be_contacted]
    rules: list[LeadForm] = [ContactRulesForm(lead=lead, person=person) for person in people]
    if sent:
        forms = [sent if form.slug == sent.slug else form for form in forms]
        rules = [sent if form.slug == sent.slug else form for form in rules]
    return {"forms": {form.slug: form for form in forms}, "rules_forms": rules}


def _settle_forms(record: LeadRecord, sent: LeadForm | None) -> dict[str, Any]:
    """Return a form for each open request, the one that was sent in its place.

    That one also if a colleague has settled the request meanwhile: what was typed is never lost.
    """
    kinds = [each.kind for each in record.requests]
    forms: list[LeadForm] = [SettleForm(lead=record.lead, request_kind=kind) for kind in kinds]
    if isinstance(sent, SettleForm):
        forms = [form for form in forms if form.slug != sent.slug] + [sent]
    return {"settle_forms": forms}


def _rights(request: DeskRequest, lead: Lead) -> dict[str, bool]:
    role = request.roles[lead.site_id]
    return {
        "is_mine": lead.owner_id == request.user.pk,
        "is_manager": role in MANAGERS,
        "is_clinician": role in CLINICIANS,
        "is_clinical_lead": role == Role.CLINICAL_LEAD,
        "in_review": lead.queue == Queue.REVIEW and lead.is_open,
    }
