"""What somebody has looked at of a draft before they put it in use."""

from datetime import datetime
from typing import Any

from django.db import transaction

from crm.models import User
from intake.models import Replay, RuleSet, RuleSetEvent
from intake.models.ruleset import RuleSetAct, RuleSetState
from intake.rule_trials import after_last_edit


@transaction.atomic
def note_cases_run(*, rule_set: RuleSet, by: User, problems: int, at: datetime) -> None:
    """Write down, once for each text of a draft, that somebody has seen how its stored cases come out."""
    since = after_last_edit(rule_set, "occurred_at")
    seen = rule_set.events.filter(since, kind=RuleSetAct.CASES_RUN, by=by)
    if not seen.filter(data__problems=problems).exists():
        _note(rule_set, RuleSetAct.CASES_RUN, by, at, {"problems": problems})


@transaction.atomic
def note_replay_seen(*, replay: Replay, by: User, at: datetime) -> None:
    """Write down, once, that somebody has read what a try says, if it was tried to its end."""
    if not replay.finished_at or replay.is_stale:
        return
    seen = replay.rule_set.events.filter(kind=RuleSetAct.REPLAY_SEEN, by=by, data__replay=str(replay.pk))
    if not seen.exists():
        _note(replay.rule_set, RuleSetAct.REPLAY_SEEN, by, at, {"replay": str(replay.pk)})


def _note(rule_set: RuleSet, kind: RuleSetAct, by: User, at: datetime, data: dict[str, Any]) -> None:
    """What is in use, or was, needs no such record."""
    if rule_set.state == RuleSetState.DRAFT:
        RuleSetEvent.objects.create(rule_set=rule_set, kind=kind, by=by, occurred_at=at, data=data)
