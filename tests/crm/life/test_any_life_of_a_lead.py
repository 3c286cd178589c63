"""Random lives of leads at a desk: take, call, hold, merge, stop, wait; the truths hold after every step."""

import os

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.crm.life.desk import Desk
from tests.crm.life.machine import four_people

IS_LONG = os.environ.get("FAULTS") == "long"
EXAMPLES = 1000 if IS_LONG else 8


@pytest.mark.django_db
def test_whatever_happens_at_the_desk_its_rules_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Desk, "staff", four_people(), raising=False)
    run_state_machine_as_test(
        Desk,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=25,
            deadline=None,
            derandomize=not IS_LONG,  # the same lives in every short run: a new one is looked for in the long
            suppress_health_check=list(HealthCheck),
        ),
    )
