"""Everything about one lead. Whoever reads it is written down."""

from datetime import datetime

from ninja import Router

from crm.api.access import StaffRequest, StaffToken
from crm.api.problems import PhoneProblem, Problem
from crm.api.record_shapes import EntryOut, LeadOut, PersonOut, PlacementOut, ToldOut
from crm.api.states import state_of
from crm.models import Lead, User
from crm.permissions import lead_or_404
from crm.selectors.lead_record import LeadRecord, lead_record
from crm.services.access import record_read

router = Router(tags=["Desk"], auth=StaffToken())

PLAIN = (
    "caller_role",
    "source",
    "main_substance",
    "wants_interpreter",
    "review_reason",
    "destination",
    "placed_at",
)
ANSWERS = {200: LeadOut, 401: Problem, 403: Problem, 404: Problem, 500: Problem, 503: PhoneProblem}


@router.get("/leads/{reference}", response=ANSWERS, summary="Read a lead", operation_id="read_lead")
def read_lead(request: StaffRequest, reference: str) -> LeadOut:
    """Return everything about a lead of your sites, by any reference that it was ever given.

    The read goes on record: who, what, when.
    """
    lead, user, at = lead_or_404(request, reference), request.user, request.at
    record_read(lead=lead, by=user, what="api", at=at)
    return _record(lead, lead_record(lead, at), user, at)


def _record(lead: Lead, record: LeadRecord, user: User, at: datetime) -> LeadOut:
    return LeadOut(
        **state_of(lead, user, at),
        **{name: getattr(lead, name) for name in PLAIN},
        site=lead.site.name,
        channel=lead.channel.lower(),
        promise=record.promise.words,
        placements=[PlacementOut.of(decision.placement) for decision in record.decisions],
        people=[PersonOut.of(rules) for rules in record.rules],
        consent=record.consent,
        told=[ToldOut.of(told) for told in record.told],
        timeline=[EntryOut.of(entry) for entry in record.timeline],
        asked_lowering=str(record.asked.pk) if record.asked else None,
    )
