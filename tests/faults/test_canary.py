"""The auditor, the canary and the heartbeat outside: what says of the whole product that it does not work."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.checks import check_bound
from tests.faults.conftest import Show
from tests.faults.stack import LONG, FaultStack
from tests.faults.watcher import Heartbeat
from tests.processes import wait_until

PERIOD = 20.0 if LONG else 4.0  # seconds between two audits: the product's own, or ours
AUDITORS = ("dispatcher", "beat", "worker", "worker-urgent", "worker-messages")  # one of them is enough
WATCHED = ("web", "dispatcher", "worker-urgent", "worker-messages")
SEND, AUDIT = "intake.tasks.send_canary", "intake.tasks.run_audit"
AT_WORK = """
    INSERT INTO intake_audit (id, at, passed, failures, ping_error)
    VALUES (gen_random_uuid(), now() - interval '30 seconds', true, '[]', '')
"""
LATEST = """
    SELECT id, ended_at IS NOT NULL, missed, reason,
           extract(epoch FROM alerted_at - begun_at)::float, extract(epoch FROM ended_at - begun_at)::float
    FROM intake_canaryrun ORDER BY begun_at DESC LIMIT 1
"""
DONE = "SELECT 1 FROM jobs_job WHERE id = %s AND done_at IS NOT NULL"
LATE = "SELECT 1 FROM crm_alarm WHERE kind = 'CANARY_LATE' AND ended_at IS NULL"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("heartbeat")


@pytest.fixture(scope="module")
def heartbeat(folder: Path) -> Iterator[Heartbeat]:
    with Heartbeat(folder) as server:
        yield server


@pytest.fixture(scope="module")
def stack_with_canaries(whole_stack: FaultStack, heartbeat: Heartbeat, folder: Path) -> Iterator[FaultStack]:
    """Started once for all tests of this file: each process takes seconds of a core."""
    own = {
        "CANARY_MINUTES": "5",
        "CANARY_URL": f"http://127.0.0.1:{whole_stack.port}",
        "HEARTBEAT_URL": f"{heartbeat.url}/ping",
        "OUTGOING_LOOPBACK": "on",
        "SSL_CERT_FILE": str(folder / "cert.pem"),
    }
    before = {name: dict(whole_stack.processes[name].env) for name in WATCHED}
    _restart(whole_stack, {name: env | own for name, env in before.items()})
    yield whole_stack
    _restart(whole_stack, before)


def _restart(stack: FaultStack, environments: dict[str, dict[str, str]]) -> None:
    for name, env in environments.items():
        stack.processes[name].env = env
        stack.restart(name)
    stack.mend()


@pytest.fixture
def watched(stack: FaultStack, stack_with_canaries: FaultStack) -> Iterator[FaultStack]:
    """The product with canaries on, and a heartbeat outside."""
    yield stack
    stack.execute("UPDATE crm_alarm SET ended_at = now() WHERE ended_at IS NULL")


def fly(stack: FaultStack) -> None:
    """Have the next canary sent now, by whoever does that."""
    stack.execute("UPDATE intake_canaryrun SET begun_at = begun_at - interval '10 minutes'")
    stack.execute(AT_WORK)
    before = stack.query("SELECT count(*) FROM intake_canaryrun")
    stack.enqueue(SEND, "alerts", 1)
    wait_until(lambda: stack.query("SELECT count(*) FROM intake_canaryrun") > before, what="a canary")


def outcome(stack: FaultStack) -> tuple[Any, ...]:
    """Wait for the end of the latest one; return missed, reason, seconds to the alert, and to its end."""
    wait_until(lambda: _is_over(stack), seconds=180, what="the end of the canary")
    return stack.query(LATEST)[0][2:]


def _is_over(stack: FaultStack) -> bool:
    found = stack.query(LATEST)
    return bool(found) and found[0][1]


def asks_to_ring(stack: FaultStack) -> bool:
    return b'id="please-call"' in stack.get("/urgent/")[1]


def test_the_canary_goes_the_whole_way_and_outside_they_hear_of_it(
    watched: FaultStack, heartbeat: Heartbeat, show: Show
) -> None:
    fly(watched)
    missed, reason, alerted, _ = outcome(watched)
    assert (missed, reason) == ("", "")
    heard = len(heartbeat.asked)
    watched.enqueue(AUDIT, "alerts", 1)
    wait_until(lambda: len(heartbeat.asked) > heard, what="the ping outside")
    show("canary, nothing broken", f"alerted after {alerted:.2f} s; heartbeat told")
    assert not asks_to_ring(watched)


def test_without_a_web_server_it_is_missed_and_with_one_it_is_well_again(
    watched: FaultStack, heartbeat: Heartbeat, show: Show
) -> None:
    watched.processes["web"].kill()
    fly(watched)
    missed, *_, took = outcome(watched)
    wait_until(lambda: watched.query(LATEST)[0][3], what="the word of whoever sent it")
    assert (missed, watched.query(LATEST)[0][3]) == ("FORM", "ConnectionRefusedError")
    wait_until(lambda: watched.query(LATE), what="the alarm")
    audit(watched)  # one that began before the alarm may still ping
    heard = len(heartbeat.asked)
    audit(watched)
    assert len(heartbeat.asked) == heard
    watched.processes["web"].start()
    watched.wait_for_web()
    assert asks_to_ring(watched)
    if not LONG:
        fly(watched)  # not in half a minute
    back = wait_until(lambda: not watched.query(LATE), seconds=180, what="the end of the alarm")
    wait_until(lambda: not asks_to_ring(watched), what="forms that ask for nothing")
    after = "its start" if LONG else "the next one was sent"
    show("canary, web server killed", f"missed after {took:.1f} s; well again {back:.1f} s after {after}")


def test_without_a_worker_for_placing_it_still_comes_through(watched: FaultStack, show: Show) -> None:
    """One fault: the dispatcher does the work itself, within the bound that is promised."""
    watched.processes["worker-urgent"].kill()
    fly(watched)
    missed, _, alerted, _ = outcome(watched)
    show("canary, no urgent worker", f"alerted after {alerted:.1f} s")
    assert missed == ""
    check_bound(alerted, 30)


def audit(stack: FaultStack) -> None:
    """Have the auditor ask now, and wait until that is done."""
    (asked,) = stack.enqueue(AUDIT, "alerts", 1)
    wait_until(lambda: stack.query(DONE, asked), what="the audit")


def wait_while_due(stack: FaultStack, until: Callable[[], object], *, seconds: float, what: str) -> None:
    """Wait; an audit is due in each period, and in the short version several, not to hang on each of them."""

    def asked_again() -> object:
        if not LONG:
            stack.enqueue(AUDIT, "alerts", 1)
            time.sleep(PERIOD / 5)
        return until()

    wait_until(asked_again, seconds=seconds, what=what)


def test_f25_when_the_auditor_is_killed_they_hear_its_silence_outside(
    watched: FaultStack, heartbeat: Heartbeat, show: Show
) -> None:
    fly(watched)
    assert outcome(watched)[:2] == ("", "")
    heard, patience = len(heartbeat.asked), 3 * PERIOD + 60
    wait_while_due(watched, lambda: len(heartbeat.asked) > heard, seconds=patience, what="the ping outside")
    heartbeat.watch(PERIOD)
    enough = time.monotonic() + 2.2 * PERIOD
    wait_while_due(watched, lambda: time.monotonic() > enough, seconds=patience, what="the time to pass")
    assert heartbeat.alarms == [], "an alarm although pings came"
    for name in AUDITORS:
        watched.processes[name].kill()
    killed = time.monotonic()
    wait_while_due(watched, lambda: heartbeat.alarms, seconds=patience, what="the alarm outside")
    (alarm,) = heartbeat.alarms
    silent, late = alarm - heartbeat.latest, alarm - killed
    figures = f"{late:.1f} s after the kill, {silent:.1f} s after the last ping"
    show("F25 auditor killed", f"alarm outside {figures}; one was due each {PERIOD:.0f} s")
    check_bound(max(late, silent), 2 * PERIOD + 0.5)  # for the watcher's own thread
