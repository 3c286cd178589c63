"""A lead moves along the allowed moves only, and only people move it."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.enums import ALLOWED_MOVES, Disposition, EventKind, Level, Stage
from crm.models import Lead, Site, User
from crm.refusals import (
    DestinationMissing,
    HoldsBlockOffer,
    LeadIsOpen,
    LeadIsOver,
    MoveNotAllowed,
    NobodyTried,
    NoContactYet,
    Refusal,
)
from crm.selectors.policies import policy_of
from crm.selectors.standing import moved_by
from crm.services.stages import Closing, close_lead, move_stage, reopen_lead
from crm.targets import FOLLOW_UP_AFTER
from jobs.clock import database_now
from tests.factories import LeadFactory

STEPS = [
    (Stage.CONTACTED, Stage.ASSESSING),
    (Stage.ASSESSING, Stage.OFFERED),
    (Stage.OFFERED, Stage.BOOKED),
    (Stage.BOOKED, Stage.ADMITTED),
]
CHOSE = Closing(Disposition.CHOSE_ANOTHER)


@pytest.mark.parametrize(("before", "after"), STEPS)
def test_move_stage_moves_one_step_and_notes_it(
    site: Site, coordinator: User, before: Stage, after: Stage
) -> None:
    lead = LeadFactory(site=site, contacted=True, stage=before)
    lead = move_stage(lead=lead, by=coordinator, to=after, at=database_now())
    lead.refresh_from_db()
    assert lead.stage == after
    event = lead.events.get(kind=EventKind.STAGE_MOVED)
    assert (event.data["from"], event.data["to"], event.by) == (before, after, coordinator)


@pytest.mark.parametrize("before", list(Stage))
@pytest.mark.parametrize("after", list(Stage))
def test_move_stage_refuses_every_other_move(
    site: Site, coordinator: User, before: Stage, after: Stage
) -> None:
    if (before, after) in STEPS or (before, after) == (Stage.NEW, Stage.CONTACTED):
        return
    state = {"closed": True} if before == Stage.CLOSED else {"stage": before}
    lead = LeadFactory(site=site, **state)
    with pytest.raises(MoveNotAllowed):
        move_stage(lead=lead, by=coordinator, to=after, at=database_now())


def test_a_lead_is_not_contacted_before_somebody_has_spoken(site: Site, coordinator: User) -> None:
    lead = LeadFactory(site=site)
    with pytest.raises(NoContactYet):
        move_stage(lead=lead, by=coordinator, to=Stage.CONTACTED, at=database_now())


@pytest.mark.parametrize("hold", ["H-CLIN", "H-CHILD", "H-CONSENT", "H-TRAVEL"])
def test_a_hold_blocks_the_offer_of_a_bed_and_says_what_to_do(
    site: Site, coordinator: User, hold: str
) -> None:
    lead = LeadFactory(site=site, contacted=True, stage=Stage.ASSESSING, holds=[hold])
    with pytest.raises(HoldsBlockOffer, match=r"A bed cannot be offered yet\. First: "):
        move_stage(lead=lead, by=coordinator, to=Stage.OFFERED, at=database_now())
    lead.refresh_from_db()
    assert lead.stage == Stage.ASSESSING


@pytest.mark.parametrize("where", ["unrouted", "review"])
def test_a_lead_whose_holds_are_not_known_is_offered_no_bed(
    site: Site, coordinator: User, where: str
) -> None:
    lead = LeadFactory(site=site, contacted=True, stage=Stage.ASSESSING, **{where: True})
    with pytest.raises(HoldsBlockOffer):
        move_stage(lead=lead, by=coordinator, to=Stage.OFFERED, at=database_now())


def test_a_hold_blocks_nothing_else(site: Site, coordinator: User) -> None:
    lead = LeadFactory(site=site, contacted=True, holds=["H-CLIN"])
    assert move_stage(lead=lead, by=coordinator, to=Stage.ASSESSING, at=database_now()).stage


def test_admission_ends_the_work_on_a_lead(site: Site, coordinator: User) -> None:
    lead = LeadFactory(site=site, contacted=True, taken=True, owner=coordinator, stage=Stage.BOOKED)
    lead = move_stage(lead=lead, by=coordinator, to=Stage.ADMITTED, at=database_now())
    lead.refresh_from_db()
    assert (lead.owner, lead.is_open) == (None, False)


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage != Stage.CLOSED])
def test_close_lead_works_from_every_stage(site: Site, coordinator: User, stage: Stage) -> None:
    at = database_now()
    lead = LeadFactory(site=site, taken=True, owner=coordinator, stage=stage)
    close_lead(lead=lead, by=coordinator, closing=Closing(Disposition.CHOSE_ANOTHER, note="Went home"), at=at)
    lead.refresh_from_db()
    assert (lead.stage, lead.closed_at, lead.disposition) == (Stage.CLOSED, at, "CHOSE_ANOTHER")
    assert lead.owner is None
    event = lead.events.get(kind=EventKind.CLOSED)
    assert (event.data, event.note) == ({"from": stage, "disposition": "CHOSE_ANOTHER"}, "Went home")


def test_a_closed_lead_is_not_closed_twice(site: Site, coordinator: User) -> None:
    with pytest.raises(LeadIsOver):
        close_lead(lead=LeadFactory(site=site, closed=True), by=coordinator, closing=CHOSE, at=database_now())


@pytest.mark.parametrize("disposition", [Disposition.REFERRED_ON, Disposition.NOT_SUITABLE])
def test_nobody_is_referred_on_to_nowhere(site: Site, coordinator: User, disposition: Disposition) -> None:
    at, lead = database_now(), LeadFactory(site=site)
    with pytest.raises(DestinationMissing):
        close_lead(lead=lead, by=coordinator, closing=Closing(disposition, "  "), at=at)
    close_lead(lead=lead, by=coordinator, closing=Closing(disposition, " Turning Point, Leeds "), at=at)
    lead.refresh_from_db()
    assert lead.destination == "Turning Point, Leeds"


def test_a_stay_is_completed_only_by_who_was_admitted(site: Site, coordinator: User) -> None:
    at, stay = database_now(), Closing(Disposition.COMPLETED_STAY)
    with pytest.raises(MoveNotAllowed):
        close_lead(lead=LeadFactory(site=site, stage=Stage.BOOKED), by=coordinator, closing=stay, at=at)
    admitted = LeadFactory(site=site, stage=Stage.ADMITTED)
    assert close_lead(lead=admitted, by=coordinator, closing=stay, at=at).disposition == stay.disposition


def test_reopening_is_a_new_event_and_keeps_the_old_one(site: Site, coordinator: User) -> None:
    at = database_now()
    lead = LeadFactory(site=site, contacted=True, stage=Stage.ASSESSING)
    close_lead(lead=lead, by=coordinator, closing=CHOSE, at=at)
    reopen_lead(lead=lead, by=coordinator, reason="They rang again", at=at + timedelta(hours=1))
    lead.refresh_from_db()
    assert (lead.stage, lead.closed_at, lead.disposition) == (Stage.ASSESSING, None, "")
    assert lead.due_at == at + timedelta(hours=1) + FOLLOW_UP_AFTER
    event = lead.events.get(kind=EventKind.REOPENED)
    assert (event.data["to"], event.note) == (Stage.ASSESSING, "They rang again")
    assert lead.events.filter(kind=EventKind.CLOSED).count() == 1


def test_a_reopened_lead_that_nobody_reached_is_due_within_its_level(site: Site, coordinator: User) -> None:
    at, lead = database_now(), LeadFactory(site=site, level=Level.U1)
    close_lead(lead=lead, by=coordinator, closing=CHOSE, at=at)
    assert reopen_lead(lead=lead, by=coordinator, reason="Closed by mistake", at=at).due_at == at + timedelta(
        minutes=30
    )


def test_a_reopened_lead_stands_by_the_safety_calls_that_were_tried(site: Site, coordinator: User) -> None:
    at, lead = database_now(), LeadFactory(site=site, level=Level.U1)
    close_lead(lead=lead, by=coordinator, closing=CHOSE, at=at)
    Lead.objects.filter(pk=lead.pk).update(attempt_count=1)
    reopen_lead(lead=lead, by=coordinator, reason="They rang again", at=at)
    lead.refresh_from_db()
    assert lead.shift > 0
    assert not moved_by(Lead.objects.filter(pk=lead.pk), policy_of(site.pk).weights).exists()


@pytest.mark.parametrize("where", ["unrouted", "review"])
def test_a_reopened_lead_that_was_never_placed_is_due_as_urgent(
    site: Site, coordinator: User, where: str
) -> None:
    at, lead = database_now(), LeadFactory(site=site, **{where: True})
    close_lead(lead=lead, by=coordinator, closing=CHOSE, at=at)
    reopened = reopen_lead(lead=lead, by=coordinator, reason="It was a real one", at=at)
    assert reopened.due_at == at + timedelta(minutes=30)


def test_an_open_lead_cannot_be_reopened(site: Site, coordinator: User) -> None:
    with pytest.raises(LeadIsOpen):
        reopen_lead(lead=LeadFactory(site=site), by=coordinator, reason="", at=database_now())


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wishes=st.lists(st.sampled_from(list(Stage)), max_size=8), contacted=st.booleans())
def test_the_history_of_any_lead_is_a_walk_along_the_allowed_moves(
    site: Site, coordinator: User, wishes: list[Stage], contacted: bool
) -> None:
    at = database_now()
    lead = LeadFactory(site=site, first_contact_at=at if contacted else None)
    for wish in wishes:
        at += timedelta(seconds=1)
        try:
            if wish == Stage.CLOSED:
                close_lead(lead=lead, by=coordinator, closing=CHOSE, at=at)
            else:
                move_stage(lead=lead, by=coordinator, to=wish, at=at)
        except Refusal:
            continue
    stage = Stage.NEW
    for event in lead.events.filter(kind__in=["STAGE_MOVED", "CLOSED"]).order_by("occurred_at"):
        assert event.data["from"] == stage
        to = Stage(event.data.get("to", Stage.CLOSED))
        assert to in ALLOWED_MOVES[stage]
        stage = to
    lead.refresh_from_db()
    assert lead.stage == stage


def test_nobody_is_called_unreachable_before_anybody_has_tried(site: Site, coordinator: User) -> None:
    lead = LeadFactory(site=site, level=Level.U1)
    closing = Closing(disposition=Disposition.UNREACHABLE)
    with pytest.raises(NobodyTried):
        close_lead(lead=lead, by=coordinator, closing=closing, at=database_now())
    lead.attempt_count = 1
    lead.save()
    close_lead(lead=lead, by=coordinator, closing=closing, at=database_now())


@pytest.mark.parametrize("stage", [Stage.ASSESSING, Stage.ADMITTED])
def test_a_second_press_says_that_it_is_done(site: Site, coordinator: User, stage: Stage) -> None:
    lead = LeadFactory(site=site, contacted=True, stage=stage)
    with pytest.raises(MoveNotAllowed, match=f"is at {stage.label} already"):
        move_stage(lead=lead, by=coordinator, to=stage, at=database_now())
