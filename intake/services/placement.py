"""Placing a lead: the same triage as in the request, written down by the desk."""

from datetime import datetime
from typing import cast
from uuid import UUID

from crm.models import Lead
from crm.services.placements import Decision, record_placement
from intake.models import Enquiry
from intake.selectors import current_rule_set
from intake.triage.answers import parse_answers
from intake.triage.engine import Triage, triage


def place_lead(*, enquiry_id: UUID, at: datetime) -> None:
    """Triage the enquiry again and place its lead; safe to run twice.

    Raises RuleFailed when a rule is broken: the lead then stays "not yet routed", which counts as urgent.
    """
    enquiry = Enquiry.objects.select_related("lead").get(pk=enquiry_id, lead__isnull=False)
    lead = cast("Lead", enquiry.lead)
    result = triage(current_rule_set(), parse_answers(enquiry.answers))
    is_repeat = enquiry.reference != lead.reference
    record_placement(lead=lead, decision=_decision(enquiry, result, is_repeat), at=at)


def _decision(enquiry: Enquiry, result: Triage, is_repeat: bool) -> Decision:
    return Decision(
        key=f"enquiry:{enquiry.pk}",
        level=result.level,
        rules=[{"id": rule.id, "reason": rule.reason, "level": rule.level or ""} for rule in result.rules],
        holds=[str(hold) for hold in result.holds],
        answers=enquiry.answers,
        rule_set_version=result.rule_set_version,
        received_at=enquiry.received_at,
        is_repeat=is_repeat,
    )
