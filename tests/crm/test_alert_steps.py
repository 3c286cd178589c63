"""The steps of an alert as arithmetic: when each is due, what falls into a stretch, and what ships."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.alert_steps import MANAGER_WITHIN, SHIPPED, Line, Plan, Slot, Step
from crm.enums import AlertLevel, Level, Role, Who
from crm.targets import target_minutes
from notifications.enums import ChannelName

MOMENTS = st.lists(st.integers(1, 4000), max_size=4, unique=True).map(sorted)
PLANS = st.builds(
    lambda later, repeat: Plan(tuple(Step(after, (Line(Who.ON_SHIFT),)) for after in [0, *later]), repeat),
    MOMENTS,
    st.integers(60, 2000),
)
SECONDS = st.floats(0, 20_000)


def moments(plan: Plan, until: float) -> list[Slot]:
    """The plain way: every moment until then, counted out."""
    found = [Slot(number, 0, step.after) for number, step in enumerate(plan.steps)]
    last = found[-1]
    while found[-1].after <= until:
        again = found[-1].round + 1
        found.append(Slot(last.number, again, last.after + again * plan.repeat_after))
    return [slot for slot in found if slot.after <= until]


@given(PLANS, SECONDS)
def test_the_next_moment_is_the_first_one_later(plan: Plan, elapsed: float) -> None:
    following = plan.next_after(elapsed)
    passed = moments(plan, following.after)
    assert passed[-1] == following
    assert following.after > elapsed
    assert all(slot.after <= elapsed for slot in passed[:-1])


@given(PLANS, SECONDS)
def test_the_latest_moment_is_the_last_that_has_passed(plan: Plan, elapsed: float) -> None:
    assert plan.latest_at(elapsed) == moments(plan, elapsed)[-1]


@given(PLANS, SECONDS, SECONDS)
def test_what_is_due_in_a_stretch_is_every_step_with_a_moment_in_it(
    plan: Plan, one: float, other: float
) -> None:
    since, until = sorted((one, other))
    inside = {slot.number for slot in moments(plan, until) if slot.after >= since}
    assert plan.due(since, until) == sorted(inside)


@pytest.mark.parametrize("level", AlertLevel)
def test_what_ships_tells_somebody_at_once_and_managers_in_time(level: AlertLevel) -> None:
    plan = SHIPPED[level]
    assert plan.steps[0].after == 0
    assert plan.red_after == next(
        step.after for step in plan.steps if any(line.role == Role.MANAGER for line in step.lines)
    )
    if level.needs_manager_soon:
        assert [step.after for step in plan.steps] == [0, 120, 300]
        assert plan.red_after == MANAGER_WITHIN


@pytest.mark.parametrize(("level", "minutes"), [("U2", 90), ("U3", 180)])
def test_what_ships_is_no_later_than_triage_asks_and_leaves_time_to_call(level: str, minutes: int) -> None:
    """triage/SPEC section 2: whom an unacknowledged alert goes to, and by when."""
    red = timedelta(seconds=SHIPPED[AlertLevel(level)].red_after)
    assert red <= timedelta(minutes=minutes) < timedelta(minutes=target_minutes(Level(level)))


@pytest.mark.parametrize("level", AlertLevel)
def test_whoever_is_on_call_is_told_again_with_each_repeat(level: AlertLevel) -> None:
    repeated = {line.who: line.channels for line in SHIPPED[level].steps[-1].lines}
    assert {Who.ON_CALL_1, Who.ON_CALL_2} <= repeated.keys()
    rings = ChannelName.VOICE in repeated[Who.ON_CALL_1] and ChannelName.VOICE in repeated[Who.ON_CALL_2]
    assert rings == (level != AlertLevel.U3)


def test_what_can_wait_four_hours_rings_nobody_and_texts_only_managers() -> None:
    plan = SHIPPED[AlertLevel.U3]
    ways = [{channel for line in step.lines for channel in line.channels} for step in plan.steps]
    assert [step.after for step in plan.steps] == [0, 30 * 60, 180 * 60]
    assert ways == [{"PUSH", "EMAIL"}, {"PUSH", "EMAIL"}, {"PUSH", "SMS", "EMAIL"}]


def test_levels_below_urgent_count_as_u1_and_a_lead_without_one_as_not_routed() -> None:
    assert [AlertLevel.of(level) for level in ("E2", "U3", "P1", None)] == ["E2", "U3", "U1", "UNROUTED"]
    assert AlertLevel.UNROUTED.rank == AlertLevel.U1.rank
