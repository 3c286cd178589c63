"""Trying rules on the last 30 days: the leads that would stand elsewhere, in batches, and nothing moves."""

from datetime import timedelta

import pytest

from crm.enums import Level, Queue
from crm.models import Lead, Site, User
from intake.models import Replay, RuleSet
from intake.rule_refusals import ChecksFailed
from intake.services import replays
from intake.services.content import load_shipped_content
from intake.services.replays import ask_for_replay, replay_batch
from jobs.clock import database_now
from jobs.kinds import kind_named
from jobs.models import Job
from jobs.services.running import run_job
from tests.browser.scenes import CALM, KETAMINE
from tests.factories import LeadFactory, PlacementFactory
from tests.intake.rules import a_draft, change

CALM_ENOUGH = {"pregnancy": "no", **CALM}
BATCHES = 10


@pytest.fixture(autouse=True)
def shipped(site: Site) -> None:
    load_shipped_content()


def a_lead(site: Site, *said: dict[str, object], days_ago: float = 1) -> Lead:
    at = database_now() - timedelta(days=days_ago)
    lead = LeadFactory(site=site, received_at=at, unrouted=True)
    lead.level, lead.queue, lead.placed_at = Level.U2, Queue.URGENT, at
    lead.save()
    for answers in said:
        PlacementFactory(lead=lead, answers=CALM_ENOUGH | answers, decided_at=at)
    return lead


def run(replay: Replay) -> Replay:
    """Run the batches as the jobs come due."""
    for _ in range(BATCHES):
        replay_batch(replay_id=replay.pk, at=database_now())
        replay.refresh_from_db()
        if replay.finished_at:
            break
    return replay


def ask(draft: RuleSet, by: User) -> Replay:
    return ask_for_replay(rule_set=draft, by=by, at=database_now())


def test_a_rule_that_asks_for_more_moves_its_leads_up(site: Site, manager: User) -> None:
    moved = [a_lead(site, {"substances": [KETAMINE]}) for _ in range(2)]
    a_lead(site, {"behaviours": ["gaming"]})
    draft = a_draft(manager)
    change(draft, "ketamine-regular", manager, level="U2")
    replay = run(ask(draft, manager))
    assert (replay.total, replay.done, replay.up, replay.down, replay.failed) == (3, 3, 2, 0, 0)
    assert {move["lead"] for move in replay.moves} == {lead.reference for lead in moved}
    assert {(move["from"], move["to"]) for move in replay.moves} == {("P1", "U2")}


def test_a_rule_that_asks_for_less_moves_its_leads_down(site: Site, manager: User) -> None:
    a_lead(site, {"situation": ["no_safe_place"]})
    draft = a_draft(manager)
    change(draft, "no-safe-place", manager, level="P1")
    replay = run(ask(draft, manager))
    assert (replay.up, replay.down) == (0, 1)
    assert [(move["from"], move["to"]) for move in replay.moves] == [("U2", "P1")]


def test_nothing_moves_but_the_figures(site: Site, manager: User) -> None:
    lead = a_lead(site, {"substances": [KETAMINE]})
    before = Lead.objects.filter(pk=lead.pk).values().get()
    draft = a_draft(manager)
    change(draft, "ketamine-regular", manager, level="E2")
    run(ask(draft, manager))
    assert Lead.objects.filter(pk=lead.pk).values().get() == before
    assert lead.placements.count() == 1


def test_a_lead_counts_once_with_all_that_was_answered(site: Site, manager: User) -> None:
    a_lead(site, {"behaviours": ["gaming"]}, {"substances": [KETAMINE]}, {"situation": ["no_safe_place"]})
    draft = a_draft(manager)
    change(draft, "ketamine-regular", manager, level="U3")
    replay = run(ask(draft, manager))
    assert (replay.total, replay.up, replay.down) == (1, 0, 0), "it stands at U2 for another answer"


def test_older_leads_and_leads_that_no_rule_placed_are_left_out(site: Site, manager: User) -> None:
    a_lead(site, {"substances": [KETAMINE]}, days_ago=31)
    a_lead(site)
    draft = a_draft(manager)
    change(draft, "ketamine-regular", manager, level="U2")
    replay = run(ask(draft, manager))
    assert (replay.done, replay.up, replay.failed) == (1, 0, 0)


def test_the_work_is_done_in_batches_of_jobs(
    site: Site, manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replays, "BATCH", 2)
    for _ in range(5):
        a_lead(site, {"substances": [KETAMINE]})
    draft = a_draft(manager)
    change(draft, "ketamine-regular", manager, level="U2")
    replay = ask(draft, manager)
    seen = []
    while not replay.finished_at:
        replay_batch(replay_id=replay.pk, at=database_now())
        replay.refresh_from_db()
        seen.append(replay.done)
    assert seen == [2, 4, 5]
    assert (replay.up, len({move["lead"] for move in replay.moves})) == (5, 5)
    jobs = Job.objects.filter(kind="intake.tasks.replay_rules", queue="reports", subject=replay.pk)
    assert jobs.count() == 3
    replay_batch(replay_id=replay.pk, at=database_now())
    replay.refresh_from_db()
    assert replay.done == 5, "a job that runs twice counts once"


def test_a_draft_that_changes_meanwhile_ends_its_replay(site: Site, manager: User) -> None:
    a_lead(site, {"substances": [KETAMINE]})
    draft = a_draft(manager)
    replay = ask(draft, manager)
    change(draft, "ketamine-regular", manager, level="U2")
    replay = run(replay)
    assert (replay.is_stale, replay.done, replay.moves) == (True, 0, [])


def test_rules_that_cannot_be_read_are_not_tried(site: Site, manager: User) -> None:
    draft = a_draft(manager)
    change(draft, "ketamine-regular", manager, condition="substances.exists(")
    with pytest.raises(ChecksFailed):
        ask(draft, manager)


def test_answers_that_cannot_be_decided_are_counted(site: Site, manager: User) -> None:
    a_lead(site, {"substances": [KETAMINE]})
    draft = a_draft(manager)
    change(draft, "ketamine-regular", manager, condition="substances.exists(s, s.nothing)")
    assert run(ask(draft, manager)).failed == 1


def test_the_job_of_a_replay_runs_its_batch(site: Site, manager: User) -> None:
    a_lead(site, {"substances": [KETAMINE]})
    draft = a_draft(manager)
    change(draft, "ketamine-regular", manager, level="U2")
    replay = ask(draft, manager)
    job = Job.objects.get(subject=replay.pk)
    run_job(job=job.pk, kind=kind_named(job.kind))
    replay.refresh_from_db()
    job.refresh_from_db()
    assert (replay.up, replay.finished_at is not None, job.done_at is not None) == (1, True, True)
