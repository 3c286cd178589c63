"""One thing done to many leads: each by its own rules, and undone in one go."""

from datetime import timedelta
from typing import Any

import pytest

from crm.enums import BulkAction, CallBackKind, Disposition, EventKind, Level, PauseKind, PauseReason, Stage
from crm.models import Absence, Batch, CallBack, ContactPlan, Lead, LeadTag, Site, Tag, User
from crm.refusals import TooLateToUndo, UndoneAlready
from crm.selectors.batches import BatchResult, batch_result
from crm.selectors.call_backs import waits_for_its_time
from crm.services.bulk import ACTIONS, UNDO_WITHIN, Wanted, do_to_many, undo_batch
from crm.services.merging import merge_leads
from crm.services.pauses import Pause, end_pause, pause_lead
from crm.services.tagging import add_tag
from jobs.clock import database_now
from jobs.models import Job
from tests.factories import LeadFactory, UserFactory

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def do(leads: list[Lead], by: User, action: BulkAction, **what: Any) -> Batch:
    return do_to_many(leads=leads, wanted=Wanted(action, **what), by=by, at=database_now())


def result(batch: Batch) -> BatchResult:
    return batch_result(batch, database_now(), undo_within=UNDO_WITHIN)


def undo(batch: Batch, by: User) -> Batch:
    return undo_batch(batch=batch, by=by, at=database_now())


def kinds(lead: Lead) -> list[str]:
    return [event.kind for event in lead.events.order_by("id")]


@pytest.fixture
def tag(site: Site) -> Tag:
    return add_tag(site=site, name="Call after payday", at=database_now())


def test_each_action_can_be_undone() -> None:
    assert set(ACTIONS) == set(BulkAction)


def test_assigning_gives_each_lead_its_own_event(site: Site, coordinator: User, clinician: User) -> None:
    leads = [LeadFactory(site=site) for _ in range(3)]
    found = result(do(leads, coordinator, BulkAction.ASSIGN, to=clinician))
    assert (found.line, found.may_undo) == ("3 done.", True)
    for lead in Lead.objects.all():
        assert lead.owner == clinician
        assert kinds(lead)[-2:] == [EventKind.ASSIGNED, EventKind.CLAIMED]


def test_rules_hold_for_each_lead_and_what_was_not_done_says_why(
    site: Site, coordinator: User, manager: User, clinician: User
) -> None:
    fine, over = LeadFactory(site=site), LeadFactory(site=site, closed=True)
    held = LeadFactory(site=site, taken=True, owner=manager)
    found = result(do([fine, over, held], coordinator, BulkAction.ASSIGN, to=clinician))
    assert [item.lead for item in found.done] == [fine]
    assert {item.lead: item.refusal for item in found.refused} == {
        over: "This lead is over. Open it again first.",
        held: "Morgan Manager has this lead now.",
    }
    assert found.line.startswith("1 done, 2 not: ")


def test_a_manager_takes_it_from_a_colleague(site: Site, manager: User, clinician: User) -> None:
    held = LeadFactory(site=site, taken=True, owner=clinician)
    batch = do([held], manager, BulkAction.ASSIGN, to=manager)
    held.refresh_from_db()
    assert held.owner == manager
    undo(batch, manager)
    held.refresh_from_db()
    assert held.owner == clinician


@pytest.mark.parametrize("who", ["stranger", "gone", "away"])
def test_nobody_is_given_a_lead_who_cannot_work_on_it(
    site: Site, coordinator: User, clinician: User, who: str
) -> None:
    if who == "gone":
        clinician.is_active = False
        clinician.save()
    if who == "away":
        Absence.objects.create(user=clinician, away_at=database_now(), reason="BREAK", marked_by=clinician)
    to = UserFactory() if who == "stranger" else clinician
    assert result(do([LeadFactory(site=site)], coordinator, BulkAction.ASSIGN, to=to)).done == []


def test_a_clinician_assigns_nothing(site: Site, clinician: User) -> None:
    found = result(do([LeadFactory(site=site)], clinician, BulkAction.ASSIGN, to=clinician))
    assert "Coordinators and managers" in found.line


def test_assigning_is_undone_unless_somebody_took_it_since(
    site: Site, coordinator: User, clinician: User, manager: User
) -> None:
    left, taken = LeadFactory(site=site), LeadFactory(site=site)
    batch = do([left, taken], coordinator, BulkAction.ASSIGN, to=clinician)
    Lead.objects.filter(pk=taken.pk).update(owner=manager)
    found = result(undo(batch, coordinator))
    left.refresh_from_db()
    taken.refresh_from_db()
    assert (left.owner, taken.owner) == (None, manager)
    assert [item.undo_refusal for item in found.not_undone] == ["Somebody has changed this lead since."]


def test_tags_are_put_on_and_taken_off_again(site: Site, coordinator: User, tag: Tag) -> None:
    had, new = LeadFactory(site=site), LeadFactory(site=site)
    do([had], coordinator, BulkAction.TAG, tag=tag)
    undo(do([had, new], coordinator, BulkAction.TAG, tag=tag), coordinator)
    assert [each.lead for each in LeadTag.objects.all()] == [had]
    assert kinds(new)[-2:] == [EventKind.TAGGED, EventKind.UNTAGGED]
    assert kinds(had).count(EventKind.TAGGED) == 1


def test_taking_a_tag_off_is_undone(site: Site, coordinator: User, tag: Tag) -> None:
    lead = LeadFactory(site=site)
    do([lead], coordinator, BulkAction.TAG, tag=tag)
    batch = do([lead], coordinator, BulkAction.UNTAG, tag=tag)
    assert not LeadTag.objects.exists()
    undo(batch, coordinator)
    assert LeadTag.objects.get().lead == lead


def test_another_sites_tag_is_refused(site: Site, coordinator: User, tag: Tag) -> None:
    found = result(do([LeadFactory()], coordinator, BulkAction.TAG, tag=tag))
    assert "not one of this lead" in found.line


def test_snoozing_spares_the_emergency_and_is_undone(site: Site, coordinator: User) -> None:
    calm, urgent = LeadFactory(site=site, level=Level.P2), LeadFactory(site=site, level=Level.E2)
    what = {"minutes": 60, "reason": next(iter(PauseReason))}
    batch = do([calm, urgent], coordinator, BulkAction.SNOOZE, **what)
    calm.refresh_from_db()
    assert calm.is_paused(database_now())
    assert [item.lead for item in result(batch).refused] == [urgent]
    undo(batch, coordinator)
    calm.refresh_from_db()
    assert not calm.is_paused(database_now())


def test_closing_and_undoing_leaves_each_where_it_was(site: Site, coordinator: User) -> None:
    leads = [LeadFactory(site=site, level=Level.P2), LeadFactory(site=site, stage=Stage.ASSESSING)]
    due = {lead.pk: lead.due_at for lead in leads}
    batch = do(leads, coordinator, BulkAction.CLOSE, disposition=Disposition.NOT_NOW, note="Wrote to all.")
    assert {lead.stage for lead in Lead.objects.all()} == {Stage.CLOSED}
    undo(batch, coordinator)
    assert {lead.stage for lead in Lead.objects.all()} == {Stage.NEW, Stage.ASSESSING}
    assert {lead.pk: lead.due_at for lead in Lead.objects.all()} == due
    for lead in leads:
        assert kinds(lead)[-2:] == [EventKind.CLOSED, EventKind.REOPENED]


def test_an_emergency_a_review_and_an_untried_one_are_not_closed_in_bulk(
    site: Site, coordinator: User
) -> None:
    leads = [
        LeadFactory(site=site, level=Level.E1),
        LeadFactory(site=site, review=True),
        LeadFactory(site=site),
    ]
    found = result(do(leads, coordinator, BulkAction.CLOSE, disposition=Disposition.UNREACHABLE))
    assert (found.done, len(found.refused)) == ([], 3)
    assert not Lead.objects.filter(stage=Stage.CLOSED).exists()


@pytest.mark.parametrize(
    ("action", "what"),
    [
        (BulkAction.CLOSE, {"disposition": Disposition.NOT_NOW}),
        (BulkAction.SNOOZE, {"minutes": 30, "reason": next(iter(PauseReason))}),
    ],
)
def test_whoever_a_colleague_speaks_with_is_left_alone(
    site: Site, coordinator: User, manager: User, action: BulkAction, what: dict[str, Any]
) -> None:
    held = LeadFactory(site=site, level=Level.P2, taken=True, owner=manager)
    mine = LeadFactory(site=site, level=Level.P2, taken=True, owner=coordinator)
    found = result(do([held, mine], coordinator, action, **what))
    assert [item.lead for item in found.done] == [mine]
    assert [item.refusal for item in found.refused] == ["Morgan Manager has this lead now."]


@pytest.mark.parametrize("kind", [CallBackKind.AGREED, CallBackKind.PLANNED])
def test_an_agreed_call_keeps_a_lead_open_and_a_planned_one_comes_back(
    site: Site, coordinator: User, kind: CallBackKind
) -> None:
    lead, at = LeadFactory(site=site, level=Level.P2), database_now()
    call = CallBack.objects.create(
        lead=lead, person=lead.caller, kind=kind, due_at=at + MINUTE, by=coordinator, made_at=at
    )
    ContactPlan.objects.create(lead=lead, tries=3, begun_at=at)
    batch = do([lead], coordinator, BulkAction.CLOSE, disposition=Disposition.NOT_NOW)
    assert bool(result(batch).refused) is (kind == CallBackKind.AGREED)
    undo(batch, coordinator)
    call.refresh_from_db()
    assert (call.settled_at, ContactPlan.objects.get(lead=lead).tries) == (None, 3)


def closed_and_undone(lead: Lead, by: User) -> Lead:
    batch = do([lead], by, BulkAction.CLOSE, disposition=Disposition.NOT_NOW)
    assert not result(batch).refused
    assert not result(undo(batch, by)).not_undone
    lead.refresh_from_db()
    return lead


def test_undone_a_planned_call_waits_for_its_time_and_somebody_is_reminded_again(
    site: Site, coordinator: User
) -> None:
    lead, at = LeadFactory(site=site, level=Level.P2, contacted=True), database_now()
    call = CallBack.objects.create(
        lead=lead,
        person=lead.caller,
        kind=CallBackKind.PLANNED,
        due_at=at + 30 * MINUTE,
        by=coordinator,
        made_at=at - MINUTE,
    )
    Job.objects.all().delete()
    closed_and_undone(lead, coordinator)
    job = Job.objects.get(kind="crm.tasks.remind_call_back", subject=call.pk)
    assert job.due_at == call.due_at - 5 * MINUTE
    assert Lead.objects.filter(waits_for_its_time(database_now())).get() == lead
    assert kinds(lead)[-1] == EventKind.CALL_BACK_SET


def test_undone_somebody_still_has_to_decide(site: Site, coordinator: User) -> None:
    lead, at = LeadFactory(site=site, level=Level.P2), database_now()
    ContactPlan.objects.create(lead=lead, tries=6, begun_at=at - MINUTE, decide_since=at)
    closed_and_undone(lead, coordinator)
    plan = ContactPlan.objects.get(lead=lead)
    assert (plan.tries, plan.begun_at, plan.decide_since) == (6, at - MINUTE, at)


@pytest.mark.parametrize("kind", PauseKind)
def test_undone_a_lead_is_set_aside_as_it_was(site: Site, coordinator: User, kind: PauseKind) -> None:
    lead, at = LeadFactory(site=site, level=Level.P2), database_now()
    until = at + 60 * MINUTE
    pause_lead(lead=lead, by=coordinator, pause=Pause(kind, PauseReason.ASKED_LATER, until), at=at)
    lead.refresh_from_db()
    was = (lead.paused_until, lead.due_at, lead.clock_stopped_for)
    closed_and_undone(lead, coordinator)
    assert (lead.paused_until, lead.due_at, lead.clock_stopped_for) == was
    end_pause(lead=lead, by=coordinator, at=database_now())


def test_undone_ones_own_lead_is_ones_own_again(site: Site, coordinator: User) -> None:
    lead = LeadFactory(site=site, level=Level.P2, taken=True, owner=coordinator)
    assert closed_and_undone(lead, coordinator).owner == coordinator


def test_a_lead_that_was_merged_meanwhile_does_not_drag_its_survivor_along(
    site: Site, coordinator: User
) -> None:
    gone, survivor = LeadFactory(site=site), LeadFactory(site=site)
    merge_leads(duplicate=gone, survivor=survivor, by=coordinator, at=database_now())
    found = result(do([gone], coordinator, BulkAction.CLOSE, disposition=Disposition.NOT_NOW))
    survivor.refresh_from_db()
    assert (found.done, survivor.is_open) == ([], True)


def test_what_was_opened_or_closed_again_since_stays(site: Site, coordinator: User) -> None:
    lead = LeadFactory(site=site)
    batch = do([lead], coordinator, BulkAction.CLOSE, disposition=Disposition.NOT_NOW)
    Lead.objects.filter(pk=lead.pk).update(closed_at=database_now() + MINUTE)
    assert [item.lead for item in result(undo(batch, coordinator)).not_undone] == [lead]


def test_a_batch_is_undone_once_by_its_maker_and_in_time(
    site: Site, coordinator: User, manager: User, tag: Tag
) -> None:
    batch = do([LeadFactory(site=site)], coordinator, BulkAction.TAG, tag=tag)
    with pytest.raises(UndoneAlready):
        undo(batch, manager)
    with pytest.raises(TooLateToUndo):
        undo_batch(batch=batch, by=coordinator, at=batch.made_at + UNDO_WITHIN + MINUTE)
    undo(batch, coordinator)
    with pytest.raises(UndoneAlready):
        undo(batch, coordinator)
    assert not result(batch).may_undo


def test_a_long_list_of_refusals_is_cut(site: Site, coordinator: User) -> None:
    leads = [LeadFactory(site=site, closed=True) for _ in range(7)]
    line = result(do(leads, coordinator, BulkAction.ASSIGN, to=coordinator)).line
    assert line.startswith("0 done, 7 not: ")
    assert line.endswith("And 2 more.")
