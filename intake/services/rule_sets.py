"""Versions of the triage rules: a draft is edited, checked, approved by another person, and can be undone."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localdate

from crm.enums import Role
from crm.models import Membership, Site, User
from intake.models import Rule, RuleSet, RuleSetEvent
from intake.models.ruleset import EDITS, RuleSetAct, RuleSetState
from intake.rule_refusals import (
    ChecksFailed,
    IdTaken,
    NeedsAnotherPerson,
    NeedsClinicalApprover,
    NoSuchRule,
    NotADraft,
    NotRetired,
    NotTriedYet,
    NotYourDraft,
    SayWhy,
)
from intake.rule_sets import cases_for, rule_set_data
from intake.rule_trials import what_was_seen
from intake.triage.answers import parse_answers
from intake.triage.checks import check_rule_set
from intake.triage.engine import RuleFailed, triage
from intake.triage.rules import RuleSetError, compile_rule_set

REVIEW_AFTER = timedelta(days=182)
LEAST_REASON = 10  # characters, to roll back


@dataclass(frozen=True, slots=True)
class RuleText:
    """Everything that can be changed of a rule. No level: it only adds advice or a hold."""

    reason: str
    condition: str
    level: str
    messages: list[str]
    holds: list[str]

    @classmethod
    def of(cls, rule: Rule) -> "RuleText":
        return cls(rule.reason, rule.condition, rule.level, rule.messages, rule.holds)


@transaction.atomic
def begin_draft(*, source: RuleSet, by: User, at: datetime) -> RuleSet:
    """Return a draft with the rules, words and cases of another version."""
    draft = RuleSet.objects.create(
        version=_free_version(at),
        owner=str(by),
        phrases=source.phrases,
        expectations=source.expectations,
        based_on=source,
        created_by=by,
    )
    copies = list(source.rules.all())
    for rule in copies:
        rule.pk, rule.rule_set = Rule._meta.pk.get_default(), draft
        rule._state.adding = True
    Rule.objects.bulk_create(copies)
    _note(draft, RuleSetAct.DRAFTED, by, at, {"from": source.version})
    return draft


def _free_version(at: datetime) -> str:
    day = f"{localdate(at):%Y.%m.%d}"
    taken = set(RuleSet.objects.filter(version__startswith=day).values_list("version", flat=True))
    return next(name for n in range(1, len(taken) + 2) if (name := f"{day}-{n}") not in taken)


@transaction.atomic
def change_rule(*, draft: RuleSet, rule_id: str, text: RuleText, by: User, at: datetime) -> None:
    """Change a rule of a draft. Raises NotADraft, NoSuchRule."""
    draft = _locked_draft(draft)
    rule = draft.rules.filter(rule_id=rule_id).first()
    if rule is None:
        raise NoSuchRule
    before = RuleText.of(rule)
    if before == text:
        return
    draft.rules.filter(pk=rule.pk).update(**asdict(text))
    _note(
        draft,
        RuleSetAct.RULE_CHANGED,
        by,
        at,
        {"rule": rule_id, "before": asdict(before), "after": asdict(text)},
    )


@transaction.atomic
def add_rule(*, draft: RuleSet, rule_id: str, text: RuleText, by: User, at: datetime) -> None:
    """Add a rule right above the last one, which asks what all others did. Raises NotADraft, IdTaken."""
    draft = _locked_draft(draft)
    if draft.rules.filter(rule_id=rule_id).exists():
        raise IdTaken
    last = draft.rules.aggregate(last=Max("position"))["last"] or 0
    draft.rules.filter(position=last).update(position=last + 1)
    Rule.objects.create(rule_set=draft, rule_id=rule_id, position=last, **asdict(text))
    _note(draft, RuleSetAct.RULE_ADDED, by, at, {"rule": rule_id, "after": asdict(text)})


@transaction.atomic
def remove_rule(*, draft: RuleSet, rule_id: str, by: User, at: datetime) -> None:
    """Leave a rule out of a draft. Raises NotADraft, NoSuchRule."""
    draft = _locked_draft(draft)
    rule = draft.rules.filter(rule_id=rule_id).first()
    if rule is None:
        raise NoSuchRule
    rule.delete()
    _note(draft, RuleSetAct.RULE_REMOVED, by, at, {"rule": rule_id, "before": asdict(RuleText.of(rule))})


@transaction.atomic
def change_phrases(*, draft: RuleSet, phrases: Sequence[str], by: User, at: datetime) -> None:
    """Change the words for which messages are searched. Raises NotADraft."""
    draft = _locked_draft(draft)
    before, draft.phrases = draft.phrases, list(phrases)
    draft.save(update_fields=["phrases"])
    _note(draft, RuleSetAct.PHRASES_CHANGED, by, at, {"before": before, "after": draft.phrases})


@transaction.atomic
def expect_what_is(*, draft: RuleSet, case_id: str, by: User, at: datetime) -> None:
    """Make what the draft does with a stored case what this version expects. Raises NotADraft, NoSuchRule.

    The approver sees each case that was changed so.
    """
    draft = _locked_draft(draft)
    case = next((each for each in cases_for(draft) if str(each["id"]) == case_id), None)
    if case is None:
        raise NoSuchRule
    found = _outcome(draft, case)
    after = {key: found[key] for key in case["expected"]}
    draft.expectations = draft.expectations | {case_id: after}
    draft.save(update_fields=["expectations"])
    _note(
        draft, RuleSetAct.CASE_CHANGED, by, at, {"case": case_id, "before": case["expected"], "after": after}
    )


def _outcome(draft: RuleSet, case: dict[str, Any]) -> dict[str, Any]:
    try:
        return triage(compile_rule_set(rule_set_data(draft)), parse_answers(case["input"])).to_dict()
    except (RuleSetError, RuleFailed) as error:
        raise ChecksFailed([str(error)]) from error


def problems_of(rule_set: RuleSet) -> list[str]:
    """Return every reason not to use this version: its stored cases, and signs that lower a level."""
    try:
        return check_rule_set(rule_set_data(rule_set), cases_for(rule_set))
    except RuleSetError as error:
        return [str(error)]


@transaction.atomic
def publish_rule_set(*, draft: RuleSet, by: User, site: Site, at: datetime) -> None:
    """Place new enquiries by this draft from now on. Nothing that has been placed moves.

    Raises NotADraft, NeedsClinicalApprover, NeedsAnotherPerson (no editor approves their own draft),
    NotTriedYet, ChecksFailed.
    """
    draft = _locked_draft(draft)
    _check_approver(by, site)
    if draft.events.filter(by=by, kind__in=EDITS).exists():
        raise NeedsAnotherPerson
    _check(draft)
    if not what_was_seen(draft, by).at_all:
        raise NotTriedYet
    replaced = _retire(by, at)
    draft.approver = by
    _put_in_use(draft, at)
    _note(draft, RuleSetAct.PUBLISHED, by, at, {"instead_of": replaced})


@transaction.atomic
def discard_draft(*, draft: RuleSet, by: User, site: Site, at: datetime) -> None:
    """Delete a draft: nobody can use or change it any more. It stays on record with what was done with it.

    Raises NotADraft, NotYourDraft for anybody but its author and clinical leads.
    """
    draft = _locked_draft(draft)
    if draft.created_by_id != by.pk and not _is_clinical_lead(by, site):
        raise NotYourDraft
    draft.state = RuleSetState.DISCARDED
    draft.save(update_fields=["state"])
    _note(draft, RuleSetAct.DISCARDED, by, at)


@transaction.atomic
def roll_back_to(*, earlier: RuleSet, by: User, site: Site, reason: str, at: datetime) -> None:
    """Place new enquiries by a version that was in use before.

    Raises NotRetired, NeedsClinicalApprover, SayWhy (under 10 characters), ChecksFailed.
    """
    earlier = RuleSet.objects.select_for_update().get(pk=earlier.pk)
    if earlier.state != RuleSetState.RETIRED:
        raise NotRetired
    _check_approver(by, site)
    if len(reason.strip()) < LEAST_REASON:
        raise SayWhy
    _check(earlier)
    replaced = _retire(by, at)
    earlier.approver = earlier.approver or by
    _put_in_use(earlier, at)
    _note(earlier, RuleSetAct.ROLLED_BACK, by, at, {"instead_of": replaced, "note": reason.strip()})


def _check_approver(by: User, site: Site) -> None:
    if not _is_clinical_lead(by, site):
        raise NeedsClinicalApprover


def _is_clinical_lead(user: User, site: Site) -> bool:
    return Membership.objects.filter(user=user, site=site, role=Role.CLINICAL_LEAD).exists()


def _check(rule_set: RuleSet) -> None:
    if problems := problems_of(rule_set):
        raise ChecksFailed(problems)


def _retire(by: User, at: datetime) -> str:
    """Take whatever is in use out of use, and return its version."""
    in_use = RuleSet.objects.select_for_update().filter(state=RuleSetState.PUBLISHED).first()
    if in_use is None:
        return ""
    in_use.state = RuleSetState.RETIRED
    in_use.save(update_fields=["state"])
    _note(in_use, RuleSetAct.RETIRED, by, at)
    return in_use.version


def _put_in_use(rule_set: RuleSet, at: datetime) -> None:
    rule_set.state, rule_set.published_at = RuleSetState.PUBLISHED, at
    rule_set.effective_date = localdate(at)
    rule_set.review_date = rule_set.effective_date + REVIEW_AFTER
    rule_set.save(update_fields=["state", "approver", "published_at", "effective_date", "review_date"])


def _locked_draft(draft: RuleSet) -> RuleSet:
    found = RuleSet.objects.select_for_update().get(pk=draft.pk)
    if found.state != RuleSetState.DRAFT:
        raise NotADraft
    return found


def _note(
    rule_set: RuleSet, kind: RuleSetAct, by: User, at: datetime, data: dict[str, Any] | None = None
) -> None:
    """Write down who did what; `note` of the data is what they typed."""
    data = data or {}
    note = data.pop("note", "")
    RuleSetEvent.objects.create(rule_set=rule_set, kind=kind, by=by, occurred_at=at, data=data, note=note)
