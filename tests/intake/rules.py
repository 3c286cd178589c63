"""A draft of the shipped rules to change and publish."""

from dataclasses import replace

from crm.models import User
from intake.models import Rule, RuleSet
from intake.models.ruleset import RuleSetState
from intake.services.replays import ask_for_replay, replay_batch
from intake.services.rule_sets import RuleText, begin_draft, change_rule
from intake.services.rule_trials import note_cases_run, note_replay_seen
from jobs.clock import database_now

HARMLESS = {"reason": "Regular ketamine, as written here"}


def in_use() -> RuleSet:
    return RuleSet.objects.get(state=RuleSetState.PUBLISHED)


def a_draft(by: User) -> RuleSet:
    return begin_draft(source=in_use(), by=by, at=database_now())


def text_of(rule_set: RuleSet, rule_id: str) -> RuleText:
    return RuleText.of(Rule.objects.get(rule_set=rule_set, rule_id=rule_id))


def change(draft: RuleSet, rule_id: str, by: User, **changed: object) -> None:
    text = replace(text_of(draft, rule_id), **changed)
    change_rule(draft=draft, rule_id=rule_id, text=text, by=by, at=database_now())


def look_at(draft: RuleSet, by: User) -> None:
    """Do what an approver does before they put a draft in use: see its cases, and read a try to its end."""
    at = database_now()
    note_cases_run(rule_set=draft, by=by, problems=0, at=at)
    replay = ask_for_replay(rule_set=draft, by=by, at=at)
    while not replay.finished_at:
        replay_batch(replay_id=replay.pk, at=at)
        replay.refresh_from_db()
    note_replay_seen(replay=replay, by=by, at=database_now())


def a_changed_draft(by: User) -> RuleSet:
    """Return a draft that passes every check."""
    draft = a_draft(by)
    change(draft, "ketamine-regular", by, **HARMLESS)
    return draft
