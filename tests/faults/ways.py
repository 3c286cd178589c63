"""python -m tests.faults.ways JSON: by what people of a stack are told.

{"ways": {"coordinator@threshold.example": {"SMS": "+447700900001"}}, "first": ["EMAIL"]} takes the place of
whatever was there before. `first` are the channels of the first step; the others then stand in for them.
"""

import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import django

LEVELS = ("E1", "E2", "U1")  # of the ledger's urgent enquiries


def main(said: Mapping[str, Any]) -> None:
    from crm.models import StaffChannel

    StaffChannel.objects.all().delete()
    for email, ways in said["ways"].items():
        _add(email, ways)
    for level in LEVELS:
        _set_first_step(level, said["first"])


def _add(email: str, ways: Mapping[str, str]) -> None:
    from crm.models import User
    from tests.factories import StaffChannelFactory

    user = User.objects.get(email=email)
    for channel, address in ways.items():
        StaffChannelFactory(user=user, channel=channel, address=address)


def _set_first_step(name: str, channels: list[str]) -> None:
    from crm.alert_steps import SHIPPED, Plan, Step
    from crm.enums import AlertLevel
    from crm.models import Site, User
    from crm.selectors.alert_plans import plan_of
    from crm.services.alert_policies import NewPlan, set_alert_plan
    from jobs.clock import database_now
    from notifications.enums import ChannelName

    level = AlertLevel(name)
    shipped, by = SHIPPED[level], User.objects.get(email="manager@threshold.example")
    site = Site.objects.get(memberships__user=by)
    wanted = tuple(ChannelName(name) for name in channels)
    first, *others = shipped.steps
    lines = tuple(replace(line, channels=wanted or line.channels) for line in first.lines)
    plan = Plan((Step(0, lines), *others), shipped.repeat_after)
    new = NewPlan(plan, reason="For a test of faults.", instead_of=plan_of(site.pk, level).version)
    set_alert_plan(site=site, level=level, by=by, new=new, at=database_now())


if __name__ == "__main__":
    django.setup()
    main(json.loads(sys.argv[1]))
