"""Working on a lead: each operation reads what was sent, calls one service, and answers where it stands."""

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Router, Status

from crm.api.access import StaffRequest, StaffToken
from crm.api.bodies import AttemptIn, CloseIn, PlacementIn
from crm.api.problems import InvalidProblem, PhoneProblem, Problem, invalid
from crm.api.states import LeadState, state_of
from crm.enums import Level
from crm.models import Lead, User
from crm.permissions import lead_or_404
from crm.refusals import ReasonTooShort
from crm.selectors.leads import pending_lowering
from crm.services.contact import Try, log_attempt
from crm.services.levels import Change, confirm_lowering, lower_level, raise_level
from crm.services.queues import claim_lead
from crm.services.stages import Closing, close_lead

router = Router(tags=["Desk"], auth=StaffToken())

PROBLEMS: dict[int, Any] = {
    400: Problem,
    401: Problem,
    403: Problem,
    404: Problem,
    409: Problem,
    413: PhoneProblem,
    422: InvalidProblem,
    500: Problem,
    503: PhoneProblem,
}


class PlacedOut(LeadState):
    """Where the lead stands. `asked` is there while a clinical lead has yet to confirm a lowering."""

    asked: UUID | None


@router.post(
    "/leads/{reference}/claim",
    response={200: LeadState, **PROBLEMS},
    summary="Take a lead",
    operation_id="claim_lead",
)
def claim(request: StaffRequest, reference: str) -> LeadState:
    """Take a lead, or renew your lease on it. 409 when a colleague has it, or it is over."""
    lead = claim_lead(lead=lead_or_404(request, reference), by=request.user, at=request.at)
    return _state(lead, request)


@router.post(
    "/leads/{reference}/contact-attempts",
    response={201: LeadState, **PROBLEMS},
    summary="Log a contact attempt",
    operation_id="log_contact_attempt",
)
def contact_attempt(request: StaffRequest, reference: str, body: AttemptIn) -> Status[LeadState]:
    """Write down one try, for good. 409 `contact-not-safe` for a way that they did not call safe."""
    lead = lead_or_404(request, reference)
    said = body.model_dump(exclude={"person", "method", "outcome"})
    person = lead.caller if body.person == "caller" else lead.patient
    attempt = Try(person=person, method=body.method, outcome=body.outcome, **said)
    try:
        log_attempt(lead=lead, by=request.user, attempt=attempt, at=request.at)
    except ReasonTooShort as refusal:
        raise invalid({"override_reason": [str(refusal)]}) from None
    return Status(201, _state(lead_or_404(request, reference), request))


@router.post(
    "/leads/{reference}/placements",
    response={201: PlacedOut, 202: PlacedOut, **PROBLEMS},
    summary="Raise or lower the level",
    operation_id="change_level",
)
def placement(request: StaffRequest, reference: str, body: PlacementIn) -> Status[PlacedOut]:
    """Raise a level at once, lower it for a reason, or confirm that an emergency is lowered.

    202: the request to lower an emergency waits for a clinical lead.
    """
    asked = _placed(lead_or_404(request, reference), request.user, body, request.at)
    state = state_of(lead_or_404(request, reference), request.user, request.at)
    return Status(202 if asked else 201, PlacedOut(**state, asked=asked))


@router.post(
    "/leads/{reference}/close",
    response={200: LeadState, **PROBLEMS},
    summary="Close a lead",
    operation_id="close_lead",
)
def close(request: StaffRequest, reference: str, body: CloseIn) -> LeadState:
    """Close a lead for good reason, from any stage."""
    closing = Closing(body.disposition, body.destination, body.note)
    lead = close_lead(lead=lead_or_404(request, reference), by=request.user, closing=closing, at=request.at)
    return _state(lead, request)


def _placed(lead: Lead, user: User, body: PlacementIn, at: datetime) -> UUID | None:
    """Change the level as asked; return the id of the request if it has to be confirmed first."""
    if body.confirm:
        confirm_lowering(lead=lead, by=user, asked=body.confirm, at=at)
        return None
    change = _change(body)
    if lead.level is None or change.level.rank <= Level(lead.level).rank:
        raise_level(lead=lead, by=user, change=change, at=at)
        return None
    lowered = lower_level(lead=lead, by=user, change=change, at=at)
    return None if lowered else _asked(lead)


def _change(body: PlacementIn) -> Change:
    missing = [name for name in ("level", "reason_code") if getattr(body, name) is None]
    if body.level is None or body.reason_code is None:
        raise invalid({name: ["This is needed."] for name in missing})
    return Change(body.level, body.reason_code, body.reason)


def _asked(lead: Lead) -> UUID | None:
    request = pending_lowering(lead)
    return request.pk if request else None


def _state(lead: Lead, request: StaffRequest) -> LeadState:
    return LeadState(**state_of(lead, request.user, request.at))
