"""A manager decides who is alerted after how long, version by version."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from crm.alert_plan_words import problems_of
from crm.alert_steps import Plan
from crm.enums import AlertLevel
from crm.models import AlertPolicy, AlertStep, Site, User
from crm.refusals import PlanNotSafe, PolicyHasChanged, ReasonTooShort
from crm.selectors.alert_plans import plan_of

LEAST_REASON = 10  # characters


@dataclass(frozen=True, slots=True)
class NewPlan:
    """What is to hold from now on, and why. `instead_of` is the version that the manager looked at."""

    plan: Plan
    reason: str
    instead_of: int


@transaction.atomic
def set_alert_plan(*, site: Site, level: AlertLevel, by: User, new: NewPlan, at: datetime) -> AlertPolicy:
    """Write down the next version; alerts that go on already take their next step from it.

    Raises PlanNotSafe for steps that leave out who must be told, ReasonTooShort, and PolicyHasChanged when a
    colleague was quicker.
    """
    if problems := problems_of(new.plan, level):
        raise PlanNotSafe(" ".join(problems))
    if len(new.reason.strip()) < LEAST_REASON:
        raise ReasonTooShort(LEAST_REASON)
    Site.objects.select_for_update(no_key=True).get(pk=site.pk)
    version = plan_of(site.pk, level).version
    if version != new.instead_of:
        raise PolicyHasChanged
    policy = AlertPolicy.objects.create(
        site=site,
        level=level,
        version=version + 1,
        repeat_after=new.plan.repeat_after,
        reason=new.reason.strip(),
        made_by=by,
        made_at=at,
    )
    AlertStep.objects.bulk_create(_lines(policy, new.plan))
    return policy


def _lines(policy: AlertPolicy, plan: Plan) -> Iterator[AlertStep]:
    lines = ((step.after, line) for step in plan.steps for line in step.lines)
    for position, (after, line) in enumerate(lines):
        yield AlertStep(
            policy=policy,
            position=position,
            after=after,
            who=line.who,
            role=line.role or "",
            channels=list(line.channels),
        )
