"""By which steps each site alerts."""

from collections.abc import Iterable
from itertools import groupby
from uuid import UUID

from django.db.models import QuerySet

from crm.alert_steps import SHIPPED, Line, Plan, Step
from crm.enums import AlertLevel, Role, Who
from crm.models import AlertPolicy, AlertStep, Site
from notifications.enums import ChannelName


def plan_of(site: UUID, level: AlertLevel) -> Plan:
    """Return the steps in force at a site for a level."""
    policies = AlertPolicy.objects.filter(site=site, level=level).order_by("-version")
    policy = policies.prefetch_related("lines").first()
    return plan_in(policy) if policy else SHIPPED[level]


def plans_of(site: Site) -> dict[AlertLevel, Plan]:
    """Return the steps in force at a site for every level, in two queries."""
    policies = AlertPolicy.objects.filter(site=site).order_by("level", "-version").distinct("level")
    made = {AlertLevel(each.level): plan_in(each) for each in policies.prefetch_related("lines")}
    return {level: made.get(level, SHIPPED[level]) for level in AlertLevel}


def alert_versions(site: Site, level: AlertLevel) -> QuerySet[AlertPolicy]:
    """Return every version for a level, the latest first."""
    policies = AlertPolicy.objects.filter(site=site, level=level).order_by("-version")
    return policies.select_related("made_by").prefetch_related("lines")


def plan_in(policy: AlertPolicy) -> Plan:
    """Return the steps that a version says."""
    lines = sorted(policy.lines.all(), key=lambda line: (line.after, line.position))
    steps = [Step(after, _lines(some)) for after, some in groupby(lines, key=lambda line: line.after)]
    return Plan(tuple(steps), policy.repeat_after, policy.version)


def _lines(lines: Iterable[AlertStep]) -> tuple[Line, ...]:
    return tuple(
        Line(
            Who(line.who),
            tuple(ChannelName(channel) for channel in line.channels),
            Role(line.role) if line.role else None,
        )
        for line in lines
    )
