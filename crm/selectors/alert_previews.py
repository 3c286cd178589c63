"""What the steps of an alert mean, in words, and whom they would find at this moment."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from crm.alert_plan_words import BY, end_in_words, listed, step_in_words
from crm.alert_steps import EVERY_WAY, Plan, Step
from crm.enums import AlertLevel, Level
from crm.models import AlertPolicy, Site
from crm.selectors.alert_plans import plan_in
from crm.selectors.alerting import Colleague, colleagues, named_by
from crm.selectors.ways import ways_to
from notifications.channels.registry import channels_in_use
from notifications.enums import ChannelName


@dataclass(frozen=True, slots=True)
class StepPreview:
    """A step as a sentence, and the names of those whom it would find now."""

    words: str
    found: str


@dataclass(frozen=True, slots=True)
class PlanPreview:
    """The steps of one level. `closed` are the channels in them by which nobody can be told yet."""

    level: AlertLevel
    title: str
    version: int
    steps: list[StepPreview]
    end: str
    closed: str


@dataclass(frozen=True, slots=True)
class VersionPreview:
    """One version of a level's steps, who made it and why."""

    policy: AlertPolicy
    words: str


def previews(site: Site, plans: Mapping[AlertLevel, Plan], at: datetime) -> list[PlanPreview]:
    """Return the steps of every level, the people read once."""
    staff = colleagues(site.pk, at)
    return [_preview(level, plan, staff) for level, plan in plans.items()]


def preview(site: Site, level: AlertLevel, plan: Plan, at: datetime) -> PlanPreview:
    """Return the steps of one level."""
    return _preview(level, plan, colleagues(site.pk, at))


def version_previews(policies: Iterable[AlertPolicy]) -> list[VersionPreview]:
    """Return versions in words."""
    return [VersionPreview(each, _in_words(plan_in(each))) for each in policies]


def _preview(level: AlertLevel, plan: Plan, staff: Sequence[Colleague]) -> PlanPreview:
    in_use = _usable(staff)
    closed = [BY[channel] for channel in _channels(plan) if channel not in in_use]
    return PlanPreview(
        level=level,
        title=title_of(level),
        version=plan.version,
        steps=[StepPreview(step_in_words(step, in_use), _found(step, staff)) for step in plan.steps],
        end=end_in_words(plan),
        closed=listed(closed, "or") if closed else "",
    )


def title_of(level: AlertLevel) -> str:
    """Return a level in words."""
    if level == AlertLevel.UNROUTED:
        return "Not routed within a minute, treated as U1"
    return f"{level.value}: {Level(level.value).label}"


def _channels(plan: Plan) -> list[ChannelName]:
    wanted = {channel for step in plan.steps for line in step.lines for channel in line.channels}
    return [channel for channel in EVERY_WAY if channel in wanted]


def _found(step: Step, staff: Sequence[Colleague]) -> str:
    present = [each for each in staff if not each.is_away]
    found = {str(each.user): None for line in step.lines for each in named_by(line, present, None)}
    return ", ".join(found)


def _usable(staff: Sequence[Colleague]) -> set[ChannelName]:
    """Return the channels that are set up, and for which somebody's address is known; e-mail always."""
    known = {channel for ways in ways_to(each.user for each in staff).values() for channel in ways}
    return {channel for channel in channels_in_use() if channel in known} | {ChannelName.EMAIL}


def _in_words(plan: Plan) -> str:
    in_use = list(ChannelName)  # what was asked for, whatever could be done then
    return " ".join([*(step_in_words(step, in_use) for step in plan.steps), end_in_words(plan)])
