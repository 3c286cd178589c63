"""Everything that a lead's page shows, gathered once."""

from dataclasses import dataclass
from datetime import datetime

from crm.answer_labels import hold_label, label
from crm.answer_words import AnswersInWords, answers_in_words
from crm.came_from import came_from_in_words
from crm.consent import may_tell, what_may_be_told
from crm.contact_rules import ContactRules, rules_of
from crm.contactable import Contactable, contactable
from crm.enums import EventKind, Level, RequestKind
from crm.leases import is_held
from crm.models import CallerRequest, Lead, LeadEvent, Placement
from crm.ordering import IN_A_HURRY, Standing, place_in_words
from crm.promises import Promise, aside_in_words, promise_of
from crm.reasons import Reason, most_urgent_first
from crm.selectors.leads import pending_lowering, placements_of
from crm.selectors.policies import policy_of
from crm.selectors.queues import is_unplaced_too_long
from crm.selectors.requests import PromiseRecord, open_requests, promise_record
from crm.selectors.sharing import sharing_of
from crm.selectors.timeline import Entry, said_by, timeline_of


@dataclass(frozen=True, slots=True)
class Decision:
    """One placement with its reasons and the answers that it was made on."""

    placement: Placement
    reasons: list[Reason]
    answers: AnswersInWords


@dataclass(frozen=True, slots=True)
class Told:
    """What the caller was told with one enquiry, in the words that they read."""

    event: LeadEvent
    texts: list[str]


@dataclass(frozen=True, slots=True)
class Side:
    """One person of the lead: how to reach them, what they may be told, and what they said."""

    rules: ContactRules
    may_tell: str
    said: list[Entry]


@dataclass(frozen=True, slots=True)
class LeadRecord:
    """One lead in words. `level` is U1 while nothing has placed it in time, `asked` a lowering to confirm."""

    lead: Lead
    level: Level | None
    is_unplaced: bool
    is_taken: bool
    promise: Promise
    contactable: Contactable
    place: str
    timing: str
    aside: str
    promised: PromiseRecord | None
    requests: list[CallerRequest]
    substance: str
    decisions: list[Decision]
    told: list[Told]
    came_from: list[tuple[str, str]]
    rules: list[ContactRules]
    consent: list[str]
    sides: list[Side]
    holds: list[tuple[str, str]]
    timeline: list[Entry]
    asked: LeadEvent | None

    @property
    def latest(self) -> Decision | None:
        return self.decisions[0] if self.decisions else None


def lead_record(lead: Lead, at: datetime) -> LeadRecord:
    """Return the record of a lead that came with its caller, patient, owner and site."""
    unplaced = is_unplaced_too_long(lead, at)
    policy, requests = policy_of(lead.site_id), list(open_requests(lead))
    told, timeline = told_on(lead), timeline_of(lead)
    may_share = sharing_of(lead)
    return LeadRecord(
        lead=lead,
        level=Level.U1 if unplaced else (Level(lead.level) if lead.level else None),
        is_unplaced=unplaced,
        is_taken=is_held(lead, at),
        promise=promise_of(lead, at, policy.warn_at),
        contactable=contactable(lead.caller, at, lead.site.time_zone),
        place=place_in_words(lead.shift, _standing(lead, requests), policy.weights),
        timing=label(lead.timing) if lead.timing in IN_A_HURRY else "",
        aside=aside_in_words(lead, at),
        promised=promise_record(lead, [each.event for each in told], at),
        requests=requests,
        substance=label(lead.main_substance) if lead.main_substance else "",
        decisions=[_decision(placement) for placement in placements_of(lead)],
        told=told,
        came_from=came_from_in_words(told[-1].event.data) if told else [],
        rules=rules_of(lead),
        consent=what_may_be_told(lead, may_share=may_share),
        sides=_sides(lead, timeline, may_share),
        holds=[(hold, hold_label(hold)) for hold in lead.holds],
        timeline=timeline,
        asked=pending_lowering(lead),
    )


def _standing(lead: Lead, requests: list[CallerRequest]) -> Standing:
    asked = {request.kind for request in requests}
    return Standing(
        enquiries=lead.enquiry_count,
        tries=lead.attempt_count,
        wants_sooner=RequestKind.SOONER in asked,
        is_worse=RequestKind.WORSE in asked,
        timing=lead.timing,
    )


def _sides(lead: Lead, timeline: list[Entry], may_share: bool | None) -> list[Side]:
    return [
        Side(
            rules=rules,
            may_tell=may_tell(lead, rules.person, may_share=may_share),
            said=said_by(timeline, rules.person.pk),
        )
        for rules in rules_of(lead)
    ]


def _decision(placement: Placement) -> Decision:
    reasons = most_urgent_first(placement.rules)
    return Decision(placement, reasons, answers_in_words(placement.answers))


def told_on(lead: Lead) -> list[Told]:
    """Return what the caller was told, the latest first."""
    kinds = (EventKind.ENQUIRY_RECEIVED, EventKind.REPEAT_ENQUIRY, EventKind.ANSWERED_MORE)
    events = lead.events.filter(kind__in=kinds).order_by("-occurred_at", "-id")
    return [Told(event, [message["text"] for message in event.data.get("told") or []]) for event in events]
