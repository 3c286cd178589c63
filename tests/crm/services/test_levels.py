"""People raise at once; lowering needs a reason, and a second person where lives may hang on it."""

from datetime import datetime, timedelta

import pytest

from crm.enums import Band, EventKind, Level, Queue, ReasonCode, Role
from crm.models import Lead, LeadEvent, Site, User
from crm.refusals import (
    LeadInReview,
    LeadIsOver,
    NeedsClinicalLead,
    NeedsSecondPerson,
    NothingToConfirm,
    NotLessSevere,
    NotMoreSevere,
    ReasonTooShort,
)
from crm.selectors.leads import pending_lowering
from crm.services.levels import (
    Change,
    confirm_lowering,
    decline_lowering,
    lower_level,
    raise_level,
)
from jobs.clock import database_now
from notifications.models import Message
from tests.factories import LeadEventFactory, LeadFactory, MembershipFactory, PlacementFactory

LATER = timedelta(seconds=1)
LONG = "The ambulance crew has seen them and left again."


def change(level: Level, reason: str = LONG) -> Change:
    return Change(level, ReasonCode.TOLD_ON_CALL, reason)


def ask(lead: Lead, by: User, level: Level, at: datetime) -> LeadEvent:
    assert lower_level(lead=lead, by=by, change=change(level), at=at) is None
    request = pending_lowering(lead)
    assert request is not None
    return request


@pytest.mark.parametrize("role", list(Role))
def test_anybody_raises_a_level_at_once(site: Site, role: Role) -> None:
    at, person = database_now(), MembershipFactory(site=site, role=role).user
    lead = LeadFactory(site=site, level=Level.P2)
    placement = raise_level(lead=lead, by=person, change=change(Level.E1), at=at)
    lead.refresh_from_db()
    assert (lead.level, lead.queue, lead.band) == (Level.E1, Queue.URGENT, Band.TOP)
    assert lead.due_at == lead.respond_by == at + timedelta(minutes=5)
    assert (placement.decided_by, placement.level, placement.reason) == (person, Level.E1, LONG)
    event = lead.events.get(kind=EventKind.LEVEL_RAISED)
    assert event.data == {"from": "P2", "to": "E1", "reason_code": "TOLD_ON_CALL"}


@pytest.mark.parametrize("level", list(Level))
def test_an_unplaced_lead_counts_as_urgent_so_it_is_never_raised_to_less(
    site: Site, coordinator: User, level: Level
) -> None:
    at, lead = database_now(), LeadFactory(site=site, unrouted=True)
    if level in {Level.P1, Level.P2}:
        with pytest.raises(NotMoreSevere):
            raise_level(lead=lead, by=coordinator, change=change(level), at=at)
    else:
        assert raise_level(lead=lead, by=coordinator, change=change(level), at=at).queue == Queue.URGENT


def test_raising_never_moves_a_promise_later(site: Site, coordinator: User) -> None:
    at = database_now()
    lead = LeadFactory(site=site, level=Level.U2, received_at=at - timedelta(minutes=119))
    raise_level(lead=lead, by=coordinator, change=change(Level.U1), at=at)
    lead.refresh_from_db()
    assert lead.respond_by == lead.due_at == at + timedelta(minutes=1)


def test_a_persons_decision_keeps_what_was_known_when_it_was_made(site: Site, coordinator: User) -> None:
    lead = LeadFactory(site=site, level=Level.P1, holds=["H-CLIN"])
    known = PlacementFactory(lead=lead, answers={"suicide": "unknown"}, decided_at=database_now())
    placement = raise_level(lead=lead, by=coordinator, change=change(Level.U1), at=database_now())
    assert (placement.answers, placement.rules) == (known.answers, known.rules)
    assert (placement.rule_set_version, placement.holds) == (known.rule_set_version, ["H-CLIN"])


def test_raising_places_what_the_rules_have_not_placed_yet(site: Site, coordinator: User) -> None:
    at, lead = database_now(), LeadFactory(site=site, unrouted=True)
    raise_level(lead=lead, by=coordinator, change=change(Level.U2), at=at)
    lead.refresh_from_db()
    assert (lead.queue, lead.level, lead.placed_at) == (Queue.URGENT, Level.U2, at)


def test_raising_to_an_alerting_level_tells_staff(site: Site, coordinator: User, manager: User) -> None:
    lead = LeadFactory(site=site, level=Level.P2)
    raise_level(lead=lead, by=coordinator, change=change(Level.P1), at=database_now())
    assert not Message.objects.exists()
    raise_level(lead=lead, by=coordinator, change=change(Level.U3), at=database_now())
    assert set(Message.objects.values_list("about", flat=True)) == {lead.pk}


@pytest.mark.parametrize("level", [Level.U1, Level.P1])
def test_raising_refuses_what_is_not_more_urgent(site: Site, coordinator: User, level: Level) -> None:
    with pytest.raises(NotMoreSevere):
        raise_level(
            lead=LeadFactory(site=site, level=Level.U1),
            by=coordinator,
            change=change(level),
            at=database_now(),
        )


def test_lowering_from_urgent_takes_effect_with_a_reason(site: Site, coordinator: User) -> None:
    lead = LeadFactory(site=site, level=Level.U1)
    promise = lead.respond_by
    placement = lower_level(lead=lead, by=coordinator, change=change(Level.P2), at=database_now())
    lead.refresh_from_db()
    assert placement is not None
    assert (lead.level, lead.queue) == (Level.P2, Queue.PREBOOKED)
    assert lead.respond_by == lead.due_at == promise, "the caller keeps the promise that they were given"
    assert lead.events.get(kind=EventKind.LEVEL_LOWERED).note == LONG


@pytest.mark.parametrize("reason", ["", "   " + "a" * 19 + "   "])
def test_lowering_needs_twenty_characters(site: Site, coordinator: User, reason: str) -> None:
    lead = LeadFactory(site=site, level=Level.U1)
    with pytest.raises(ReasonTooShort):
        lower_level(lead=lead, by=coordinator, change=change(Level.U2, reason), at=database_now())


@pytest.mark.parametrize("level", [Level.U1, Level.E1])
def test_lowering_refuses_what_is_not_less_urgent(site: Site, coordinator: User, level: Level) -> None:
    lead = LeadFactory(site=site, level=Level.U1)
    with pytest.raises(NotLessSevere):
        lower_level(lead=lead, by=coordinator, change=change(level), at=database_now())


def test_a_lead_that_was_never_placed_cannot_be_lowered(site: Site, coordinator: User) -> None:
    lead = LeadFactory(site=site, unrouted=True)
    with pytest.raises(NotLessSevere):
        lower_level(lead=lead, by=coordinator, change=change(Level.P2), at=database_now())


@pytest.mark.parametrize("level", [Level.E1, Level.E2])
def test_lowering_an_emergency_only_asks(site: Site, coordinator: User, level: Level) -> None:
    lead = LeadFactory(site=site, level=level)
    request = ask(lead, coordinator, Level.U1, database_now())
    lead.refresh_from_db()
    assert lead.level == level
    assert request.data == {"from": level, "to": "U1", "reason_code": "TOLD_ON_CALL"}
    assert request.note == LONG


def test_a_clinical_lead_confirms_the_lowering_of_an_emergency(
    site: Site, coordinator: User, clinician: User
) -> None:
    at, lead = database_now(), LeadFactory(site=site, level=Level.E1)
    request = ask(lead, coordinator, Level.U1, at)
    placement = confirm_lowering(lead=lead, by=clinician, asked=request.pk, at=at + LATER)
    lead.refresh_from_db()
    assert (lead.level, lead.band) == (Level.U1, Band.WAITING)
    assert (placement.decided_by, placement.confirmed_by) == (coordinator, clinician)
    assert lead.events.get(kind=EventKind.LEVEL_LOWERED).data["asked_by"] == str(coordinator.pk)
    assert pending_lowering(lead) is None


def test_nobody_confirms_their_own_request(site: Site, clinician: User) -> None:
    at, lead = database_now(), LeadFactory(site=site, level=Level.E2)
    request = ask(lead, clinician, Level.U1, at)
    with pytest.raises(NeedsSecondPerson):
        confirm_lowering(lead=lead, by=clinician, asked=request.pk, at=at + LATER)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.CLINICIAN, Role.MANAGER])
def test_only_a_clinical_lead_confirms(site: Site, coordinator: User, role: Role) -> None:
    at, lead = database_now(), LeadFactory(site=site, level=Level.E2)
    request = ask(lead, coordinator, Level.U1, at)
    with pytest.raises(NeedsClinicalLead):
        confirm_lowering(
            lead=lead, by=MembershipFactory(site=site, role=role).user, asked=request.pk, at=at + LATER
        )


def test_a_clinical_lead_of_another_site_does_not_confirm(site: Site, coordinator: User) -> None:
    at, lead = database_now(), LeadFactory(site=site, level=Level.E2)
    request = ask(lead, coordinator, Level.U1, at)
    elsewhere = MembershipFactory(role=Role.CLINICAL_LEAD).user
    MembershipFactory(site=site, user=elsewhere, role=Role.COORDINATOR)
    with pytest.raises(NeedsClinicalLead):
        confirm_lowering(lead=lead, by=elsewhere, asked=request.pk, at=at + LATER)


@pytest.mark.parametrize("kind", [EventKind.PLACED, EventKind.REPEAT_ENQUIRY, EventKind.LEVEL_RAISED])
def test_a_request_is_void_once_something_newer_says_how_urgent_it_is(
    site: Site, coordinator: User, clinician: User, kind: EventKind
) -> None:
    at, lead = database_now(), LeadFactory(site=site, level=Level.E2)
    request = ask(lead, coordinator, Level.U1, at)
    LeadEventFactory(lead=lead, kind=kind, occurred_at=at + LATER)
    with pytest.raises(NothingToConfirm):
        confirm_lowering(lead=lead, by=clinician, asked=request.pk, at=at + 2 * LATER)
    lead.refresh_from_db()
    assert lead.level == Level.E2


def test_an_older_request_cannot_be_confirmed(site: Site, coordinator: User, clinician: User) -> None:
    at, lead = database_now(), LeadFactory(site=site, level=Level.E1)
    older = ask(lead, coordinator, Level.P2, at)
    ask(lead, coordinator, Level.U1, at + LATER)
    with pytest.raises(NothingToConfirm):
        confirm_lowering(lead=lead, by=clinician, asked=older.pk, at=at + LATER)


def test_levels_of_a_lead_in_review_or_over_stay(site: Site, coordinator: User) -> None:
    at = database_now()
    with pytest.raises(LeadInReview):
        raise_level(lead=LeadFactory(site=site, review=True), by=coordinator, change=change(Level.E1), at=at)
    with pytest.raises(LeadIsOver):
        lower_level(lead=LeadFactory(site=site, closed=True), by=coordinator, change=change(Level.P2), at=at)


@pytest.mark.parametrize("who", ["coordinator", "clinician"])
def test_a_clinical_lead_keeps_the_level_and_who_asked_may_take_it_back(
    site: Site, coordinator: User, request: pytest.FixtureRequest, who: str
) -> None:
    at, lead = database_now(), LeadFactory(site=site, level=Level.E1)
    asked = ask(lead, coordinator, Level.U1, at)
    decline_lowering(lead=lead, by=request.getfixturevalue(who), asked=asked.pk, at=at + LATER)
    lead.refresh_from_db()
    assert (lead.level, pending_lowering(lead)) == (Level.E1, None)


def test_what_was_declined_cannot_be_confirmed(site: Site, coordinator: User, clinician: User) -> None:
    at, lead = database_now(), LeadFactory(site=site, level=Level.E1)
    asked = ask(lead, coordinator, Level.U1, at)
    decline_lowering(lead=lead, by=clinician, asked=asked.pk, at=at + LATER)
    for answer in (confirm_lowering, decline_lowering):
        with pytest.raises(NothingToConfirm):
            answer(lead=lead, by=clinician, asked=asked.pk, at=at + LATER)
    assert ask(lead, coordinator, Level.U2, at + 2 * LATER).data["to"] == Level.U2


def test_nobody_else_declines(site: Site, coordinator: User, manager: User) -> None:
    at, lead = database_now(), LeadFactory(site=site, level=Level.E1)
    asked = ask(lead, coordinator, Level.U1, at)
    with pytest.raises(NeedsClinicalLead):
        decline_lowering(lead=lead, by=manager, asked=asked.pk, at=at + LATER)
