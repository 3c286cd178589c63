"""What the pages about rules show: versions, replays by who may see which leads, and flags."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, QuerySet

from crm.enums import Level
from crm.models import Lead, User
from crm.selectors.leads import leads_visible_to
from intake.models import Replay, Rule, RuleFlag, RuleSet, RuleSetEvent
from intake.models.ruleset import EDITS, RuleSetState
from intake.rule_sets import Difference, data_of, differences, digest_of, rule_set_data
from intake.triage.rules import RuleSetError

MOST_FLAGS = 100


def rule_sets() -> QuerySet[RuleSet]:
    """Return every version, newest first, with how many rules it has; deleted drafts are among them."""
    found = RuleSet.objects.select_related("approver", "created_by", "based_on")
    return found.annotate(number=Count("rules")).order_by("-created_at", "-pk")


def events_of(rule_set: RuleSet) -> QuerySet[RuleSetEvent]:
    return rule_set.events.select_related("by").order_by("-occurred_at", "-pk")


def may_approve(rule_set: RuleSet, user: User) -> bool:
    """Return whether the user has edited nothing of it."""
    return not rule_set.events.filter(by=user, kind__in=EDITS).exists()


def changes_in(rule_set: RuleSet) -> list[Difference]:
    """Return what a draft changes of what is in use, and another version of the one that it began with."""
    in_use = RuleSet.objects.filter(state=RuleSetState.PUBLISHED).first()
    before = in_use if rule_set.state == RuleSetState.DRAFT else rule_set.based_on
    if before is None and rule_set.state != RuleSetState.DRAFT:
        return []
    try:
        return differences(data_of(before), rule_set_data(rule_set))
    except RuleSetError:
        return []


@dataclass(frozen=True, slots=True)
class Move:
    """One lead that would stand elsewhere."""

    lead: Lead
    before: Level
    after: Level


@dataclass(frozen=True, slots=True)
class ReplayShown:
    """A replay as one person may see it: leads of other sites are counted only."""

    replay: Replay
    up: list[Move]
    down: list[Move]
    elsewhere: int
    not_listed: int
    is_outdated: bool

    @property
    def percent(self) -> int:
        return 100 * self.replay.done // self.replay.total if self.replay.total else 100


def replay_shown(replay: Replay, user: User) -> ReplayShown:
    """Return the result of a replay, most urgent first."""
    moves = _moves(replay, user)
    return ReplayShown(
        replay=replay,
        up=[move for move in moves if move.after.rank < move.before.rank],
        down=[move for move in moves if move.after.rank > move.before.rank],
        elsewhere=len(replay.moves) - len(moves),
        not_listed=replay.up + replay.down - len(replay.moves),
        is_outdated=_is_outdated(replay),
    )


def _moves(replay: Replay, user: User) -> list[Move]:
    references = [move["lead"] for move in replay.moves]
    leads = leads_visible_to(user).filter(reference__in=references).select_related("caller")
    seen = {lead.reference: lead for lead in leads}
    moves = [
        Move(seen[move["lead"]], Level(move["from"]), Level(move["to"]))
        for move in replay.moves
        if move["lead"] in seen
    ]
    return sorted(moves, key=lambda move: (move.after.rank, move.lead.reference))


def _is_outdated(replay: Replay) -> bool:
    try:
        return digest_of(rule_set_data(replay.rule_set)) != replay.digest
    except RuleSetError:
        return True


def flags_at(sites: Collection[UUID], *, is_open: bool) -> list[RuleFlag]:
    """Return flags on leads of these sites: the open ones oldest first, of the settled ones the latest."""
    found = RuleFlag.objects.filter(settled_at__isnull=is_open, lead__site__in=sites)
    related = found.select_related("lead", "by", "settled_by")
    return list(related.order_by("flagged_at" if is_open else "-settled_at")[:MOST_FLAGS])


def reasons_of(flags: Collection[RuleFlag]) -> dict[UUID, str]:
    """Return what each flagged rule is for, in plain English, as the lead's own version says it."""
    rules = Rule.objects.filter(rule_id__in={flag.rule_id for flag in flags})
    rows = rules.values_list("rule_set__version", "rule_id", "reason")
    by_version = {(version, rule): reason for version, rule, reason in rows}
    any_version = {rule: reason for _, rule, reason in rows}
    return {
        flag.pk: by_version.get((flag.rule_set_version, flag.rule_id), any_version.get(flag.rule_id, ""))
        for flag in flags
    }


def open_flags(sites: Collection[UUID]) -> int:
    """Return how many flags on leads of these sites nobody has answered."""
    return RuleFlag.objects.filter(settled_at=None, lead__site__in=sites).count()
