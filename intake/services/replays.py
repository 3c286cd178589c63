"""Trying a rule set on the last 30 days: which leads would stand elsewhere, before anybody publishes it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet

from crm.canary import CANARY_SITE
from crm.enums import Level, Stage, most_severe
from crm.models import Lead, Placement, User
from intake.models import Replay, RuleSet, RuleSetEvent
from intake.models.ruleset import RuleSetAct, RuleSetState
from intake.rule_refusals import ChecksFailed
from intake.rule_sets import data_of, digest_of, rule_set_data
from intake.triage.answers import AnswersError, parse_answers
from intake.triage.engine import CompiledRuleSet, RuleFailed, triage
from intake.triage.rules import RuleSetError, compile_rule_set
from jobs.services.enqueue import enqueue_job

PERIOD = timedelta(days=30)
BATCH = 200  # leads a job: well under its lease
MOST_LISTED = 500  # moves that are listed; all are counted


@transaction.atomic
def ask_for_replay(*, rule_set: RuleSet, by: User, at: datetime) -> Replay:
    """Have a rule set tried on what callers answered in the last 30 days, in the background.

    Raises ChecksFailed for rules that cannot be read.
    """
    try:
        data = rule_set_data(rule_set)
        compile_rule_set(data)
    except RuleSetError as error:
        raise ChecksFailed([str(error)]) from error
    replay = Replay.objects.create(
        rule_set=rule_set,
        against=RuleSet.objects.filter(state=RuleSetState.PUBLISHED).first(),
        digest=digest_of(data),
        asked_by=by,
        asked_at=at,
        since=at - PERIOD,
        total=_leads(at - PERIOD, at).count(),
    )
    RuleSetEvent.objects.create(rule_set=rule_set, kind=RuleSetAct.REPLAYED, by=by, occurred_at=at)
    _enqueue_batch(replay, at)
    return replay


@transaction.atomic
def replay_batch(*, replay_id: UUID, at: datetime) -> None:
    """Try the next leads and arrange the batch after them. Stops when the draft was changed meanwhile."""
    replay = (
        Replay.objects.select_for_update(of=("self",)).select_related("rule_set", "against").get(pk=replay_id)
    )
    if replay.finished_at:
        return
    data = rule_set_data(replay.rule_set)
    if digest_of(data) != replay.digest:
        replay.is_stale, replay.finished_at = True, at
        replay.save()
        return
    pair = _Pair(compile_rule_set(data_of(replay.against)), compile_rule_set(data))
    leads = list(_next_leads(replay))
    for lead in leads:
        _count(replay, lead, pair)
    _settle(replay, leads, at)


def _leads(since: datetime, until: datetime) -> QuerySet[Lead]:
    """Return the leads of the period that rules have placed, oldest first."""
    placed = Lead.objects.filter(received_at__gte=since, received_at__lt=until, placed_at__isnull=False)
    placed = placed.exclude(site=CANARY_SITE)
    return placed.exclude(stage=Stage.CLOSED, disposition="NOT_AN_ENQUIRY").order_by("received_at", "pk")


def _next_leads(replay: Replay) -> QuerySet[Lead]:
    leads = _leads(replay.since, replay.asked_at)
    if replay.reached:
        moment, lead = datetime.fromisoformat(replay.reached["at"]), replay.reached["lead"]
        leads = leads.filter(Q(received_at__gt=moment) | Q(received_at=moment, pk__gt=lead))
    by_rules = Placement.objects.filter(decided_by=None).order_by("decided_at")
    return leads.prefetch_related(Prefetch("placements", queryset=by_rules, to_attr="by_rules"))[:BATCH]


@dataclass(frozen=True, slots=True)
class _Pair:
    now: CompiledRuleSet
    then: CompiledRuleSet


def _count(replay: Replay, lead: Lead, pair: _Pair) -> None:
    """Compare what both rule sets make of all that was answered on this lead."""
    said: list[Placement] = getattr(lead, "by_rules", [])
    now, then = _level(pair.now, said), _level(pair.then, said)
    if now is None or then is None:
        replay.failed += bool(said)
    elif now != then:
        replay.up += then.rank < now.rank
        replay.down += then.rank > now.rank
        if len(replay.moves) < MOST_LISTED:
            replay.moves.append({"lead": lead.reference, "from": now, "to": then})


def _level(rules: CompiledRuleSet, said: list[Placement]) -> Level | None:
    try:
        levels = [triage(rules, parse_answers(each.answers)).level for each in said]
    except (RuleFailed, AnswersError):
        return None
    return most_severe(*levels) if levels else None


def _settle(replay: Replay, leads: list[Lead], at: datetime) -> None:
    replay.done += len(leads)
    if len(leads) < BATCH:
        replay.finished_at, replay.total = at, replay.done
    else:
        replay.reached = {"at": leads[-1].received_at.isoformat(), "lead": str(leads[-1].pk)}
        _enqueue_batch(replay, at)
    replay.save()


def _enqueue_batch(replay: Replay, at: datetime) -> None:
    enqueue_job(
        kind="intake.tasks.replay_rules",
        subject=replay.pk,
        due_at=at,
        dedupe_key=f"replay:{replay.pk}:{replay.done}",
    )
