"""Escalations are on time by the database's clock, which is moved, whatever the clocks of workers say."""

import shutil
from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.faults.alerts import Told, answer_by_link, answered, started_at, step, steps, wait_for_all
from tests.faults.checks import check_bound, figures_of
from tests.faults.clock import StackClock
from tests.faults.conftest import Show
from tests.faults.desk import Desk
from tests.faults.ledger import Enquiry, Ledger, send
from tests.faults.stack import LONG, FaultStack
from tests.faults.tasks import WALL
from tests.processes import Process, wait_until

SECOND, MANAGERS, AGAIN = 120, 300, 600  # seconds since the alert began: crm.alert_steps
LATE = 2.0  # seconds, promised
SOON = 3.0  # seconds before a step is due
RED = "Nobody has answered"
FAKETIME = shutil.which("faketime")
SKEWED = ("worker-urgent", "worker-messages", "dispatcher")
SKEWS = {"+10m": 600.0, "-10m": -600.0}
WALLS = (
    "SELECT extract(epoch FROM beaten_at - pg_catalog.now())::float FROM jobs_heartbeat WHERE name LIKE %s"
)
WALLS_WAIT = f"SELECT 1 FROM jobs_job WHERE kind = '{WALL}' AND done_at IS NULL LIMIT 1"
MANAGING = """
    SELECT count(*) FROM crm_membership
    WHERE role = 'MANAGER' AND site_id = (SELECT site_id FROM intake_enquiry WHERE idempotency_key = %s)
"""


@pytest.fixture
def skewed(stack: FaultStack) -> Iterator[list[Process]]:
    """Of each background process two instead of one: ten minutes ahead, and ten minutes behind."""
    assert FAKETIME, "Debian: apt-get install faketime"
    for name in SKEWED:
        stack.processes[name].kill()
    running = [stack.skewed(name, FAKETIME, skew) for name in SKEWED for skew in SKEWS]
    yield running
    for process in running:
        process.kill()


@pytest.mark.skipif(not FAKETIME, reason="needs faketime (Debian: apt-get install faketime)")
def test_f15_clocks_that_are_wrong_make_no_step_early_or_late(
    stack: FaultStack, clock: StackClock, skewed: list[Process], show: Show
) -> None:
    seen = _clocks(stack)
    ledger = Ledger(send(stack.port, Enquiry(urgent=True)) for _ in range(5 if LONG else 2))
    at_once = wait_for_all("the first step", lambda each: step(stack, each, 0), ledger)
    second = _next_step(stack, clock, ledger, 1, SECOND)
    managers = _next_step(stack, clock, ledger, 2, MANAGERS)
    stack.heal()
    figures = figures_of(stack, ledger)
    clocks = " and ".join(f"{seconds:+.0f} s" for seconds in seen)
    show("F15 workers' clocks wrong", f"{clocks}; {_words([*at_once, *second, *managers])}; {figures}")
    assert figures.copies == 0
    check_bound(figures.alerted_max, 5)


def test_f24_nobody_acknowledges(stack: FaultStack, clock: StackClock, show: Show) -> None:
    silent, heard = (send(stack.port, Enquiry(urgent=True)) for _ in range(2))
    at_once = wait_for_all("the first step", lambda each: step(stack, each, 0), [silent, heard])
    second = _next_step(stack, clock, [silent, heard], 1, SECOND)
    page = answer_by_link(stack, heard, "coordinator@threshold.example")
    assert "You said you have it" in page
    managers = _next_step(stack, clock, [silent], 2, MANAGERS)
    desk = Desk(stack.port, stack.people["manager"])
    assert RED in desk.get("/desk/")
    assert stack.readiness()["unanswered_alert"]["ok"] is False
    again = _next_step(stack, clock, [silent], 2, AGAIN, round_=1)
    assert [(told.number, told.round) for told in steps(stack, heard)] == [(0, 0), (1, 0)]
    how, seconds = answered(stack, heard)
    desk.post(f"/desk/leads/{silent.reference}/acknowledge/")
    assert RED not in desk.get("/desk/")
    stack.heal()
    figures = figures_of(stack, Ledger([silent, heard]))
    show("F24 nobody acknowledges", f"{_words([*at_once, *second, *managers, *again])}; {figures}")
    show(
        "F24 acknowledged at step 2", f"by {how}, {seconds:.1f} s after the alert began; nobody told after it"
    )
    assert how == "LINK"
    ((managing,),) = stack.query(MANAGING, silent.key)
    assert [told.people for told in (*managers, *again)] == [managing] * 2


def _next_step(
    stack: FaultStack, clock: StackClock, alerts: list[Enquiry], number: int, due: int, *, round_: int = 0
) -> list[Told]:
    """Jump to shortly before a step is due, and return it for each alert: never early, and soon."""
    clock.move_to(min(started_at(stack, each) for each in alerts) + timedelta(seconds=due - SOON))
    told = wait_for_all(f"step {due}", lambda each: step(stack, each, number, round_), alerts)
    for each in told:
        assert each.at >= due, f"{due - each.at:.1f} s early"
        check_bound(each.at - due, LATE)
    return told


def _clocks(stack: FaultStack) -> list[float]:
    """Return by how much the clocks of those who do the work are wrong: each of the skews has to be seen."""
    seen: set[float] = set()

    def all_seen() -> bool:
        if not stack.query(WALLS_WAIT):  # while they start, a heap of them would hold up what is measured
            stack.enqueue(WALL, "urgent", 4)
        seen.update(round(by, -1) for (by,) in stack.query(WALLS, "wall %"))
        return seen >= set(SKEWS.values())

    wait_until(all_seen, seconds=180, what="work by both clocks")
    return sorted(seen)


def _words(told: list[Told]) -> str:
    late = max(each.at - _due(each) for each in told)
    sent = max((each.sent or 0) - _due(each) for each in told)
    return f"{len(told)} steps, 0 early, {late:.2f} s late at the most, handed over after {sent:.2f} s"


def _due(told: Told) -> int:
    return (0, SECOND, MANAGERS)[told.number] + told.round * (AGAIN - MANAGERS)
