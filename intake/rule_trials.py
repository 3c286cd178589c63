"""Whether somebody has looked at a draft as it is now: at its stored cases, and at a try on the past."""

from dataclasses import dataclass

from django.db.models import Q

from crm.models import User
from intake.models import RuleSet
from intake.models.ruleset import EDITS, RuleSetAct, RuleSetState
from intake.rule_sets import digest_of, rule_set_data
from intake.triage.rules import RuleSetError


@dataclass(frozen=True, slots=True)
class Looked:
    """What one person has seen of the last text of a draft."""

    cases: bool
    replay: bool

    @property
    def at_all(self) -> bool:
        return self.cases and self.replay


def what_was_seen(draft: RuleSet, user: User) -> Looked:
    """Return what the user has seen since the last change.

    A try counts if it was made of this very text, against the rules that are in use now.
    """
    mine = draft.events.filter(after_last_edit(draft, "occurred_at"), by=user)
    read = mine.filter(kind=RuleSetAct.REPLAY_SEEN).values_list("data__replay", flat=True)
    in_use = RuleSet.objects.filter(state=RuleSetState.PUBLISHED).first()
    tries = draft.replays.filter(after_last_edit(draft, "asked_at"), pk__in=list(read), against=in_use)
    digests = set(tries.values_list("digest", flat=True))
    return Looked(
        cases=mine.filter(kind=RuleSetAct.CASES_RUN).exists(),
        replay=bool(digests) and _digest(draft) in digests,
    )


def after_last_edit(rule_set: RuleSet, moment: str) -> Q:
    """Return the condition that a row came after the last change; of one moment the later id is later."""
    last = rule_set.events.filter(kind__in=EDITS).order_by("-occurred_at", "-pk").first()
    if last is None:
        return Q()
    return Q(**{f"{moment}__gt": last.occurred_at}) | Q(**{moment: last.occurred_at, "pk__gt": last.pk})


def _digest(rule_set: RuleSet) -> str:
    try:
        return digest_of(rule_set_data(rule_set))
    except RuleSetError:
        return ""
