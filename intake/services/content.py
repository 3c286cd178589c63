"""Bringing the shipped content into the database, where staff keep it up to date from then on."""

import json
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max, QuerySet

from intake.content.guides import shipped_guides
from intake.content.help_lines import shipped_help_lines
from intake.models import CallerMessage, Guide, HelpLine, Rule, RuleSet
from intake.models.ruleset import RuleSetState
from intake.triage.checks import problems_with_shipped_cases
from intake.triage.messages import shipped_texts
from intake.triage.rules import RuleSetData, RuleSetError, shipped_rule_set


@dataclass(frozen=True, slots=True)
class LoadedContent:
    """How many rows were added; what staff had already is never touched."""

    help_lines: int
    guides: int
    texts: int
    rules: int


@transaction.atomic
def load_shipped_content() -> LoadedContent:
    """Add what is missing of the shipped help lines, guides, texts and rules. Safe to run at every start."""
    return LoadedContent(
        help_lines=_load_help_lines(), guides=_load_guides(), texts=_load_texts(), rules=_load_rules()
    )


def _load_help_lines() -> int:
    known = set(HelpLine.objects.values_list("key", flat=True))
    missing = [HelpLine(**line.model_dump()) for line in shipped_help_lines() if line.key not in known]
    return len(HelpLine.objects.bulk_create(missing))


def _load_guides() -> int:
    """Add each shipped guide once: a newer text of it comes as a further version, which awaits review."""
    shipped = [Guide(**guide) for guide in shipped_guides()]
    known = Guide.objects.filter(created_by=None)
    old = {(each.slug, _same(each)) for each in known}
    missing = [guide for guide in shipped if (guide.slug, _same(guide)) not in old]
    for guide in missing:
        guide.version = 1 + (_latest_of(guide.slug) or 0)
    return len(Guide.objects.bulk_create(missing))


def _latest_of(slug: str) -> int | None:
    return Guide.objects.filter(slug=slug).aggregate(latest=Max("version"))["latest"]


def _same(guide: Guide) -> str:
    """Return what two versions with the same words share."""
    return json.dumps([guide.title, guide.summary, guide.sections, guide.danger_signs], sort_keys=True)


def _load_texts() -> int:
    """Add each shipped text once: a newer wording comes as a further version, which awaits review."""
    known = set(CallerMessage.objects.filter(created_by=None).values_list("key", "voice", "text"))
    latest = {(key, voice): version for key, voice, version in _latest_texts()}
    missing = [
        CallerMessage(
            key=text.key, voice=text.voice, version=latest.get((text.key, text.voice), 0) + 1, text=text.text
        )
        for text in shipped_texts().values()
        if (text.key, text.voice, text.text) not in known
    ]
    return len(CallerMessage.objects.bulk_create(missing))


def _latest_texts() -> QuerySet[CallerMessage, tuple[str, str, int]]:
    return CallerMessage.objects.order_by().values_list("key", "voice", Max("version"))


def _load_rules() -> int:
    """Add the shipped rules once a version, and put them in force in place of older shipped ones.

    Rules that a clinician approved stay in force: then the shipped ones come as a draft. Raises RuleSetError
    for rules that fail their cases or in which a sign lowers a level.
    """
    data = shipped_rule_set()
    if RuleSet.objects.filter(version=data.version).exists():
        return 0
    if problems := problems_with_shipped_cases(data):
        raise RuleSetError(" ".join(problems))
    in_force = RuleSet.objects.filter(state=RuleSetState.PUBLISHED)
    in_force.filter(approver=None).update(state=RuleSetState.RETIRED)
    rule_set = RuleSet.objects.create(
        version=data.version,
        owner=data.owner,
        effective_date=data.effective_date,
        review_date=data.review_date,
        phrases=list(data.phrases),
    )
    rules = Rule.objects.bulk_create(_rules(rule_set, data))
    if not in_force.exists():
        RuleSet.objects.filter(pk=rule_set.pk).update(state=RuleSetState.PUBLISHED)
    return len(rules)


def _rules(rule_set: RuleSet, data: RuleSetData) -> list[Rule]:
    return [
        Rule(
            rule_set=rule_set,
            rule_id=rule.id,
            position=position,
            reason=rule.reason,
            condition=rule.condition,
            level=rule.level or "",
            messages=list(rule.messages),
            holds=list(rule.holds),
        )
        for position, rule in enumerate(data.rules, 1)
    ]
