"""The auditor, the canary and the heartbeat outside: what says of the whole product that it does not work."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.conftest import Show
from tests.faults.stack import LONG, FaultStack
from tests.faults.watcher import Heartbeat
from tests.processes import wait_until

PERIOD = 20.0 if LONG else 3.0  # seconds between two audits: the product's own, or ours
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


@pytest.fixture
def heartbeat(tmp_path: Path) -> Iterator[Heartbeat]:
    with Heartbeat(tmp_path) as server:
        yield server


@pytest.fixture
def watched(stack: FaultStack, heartbeat: Heartbeat, tmp_path: Path) -> Iterator[FaultStack]:
    """The product with canaries on, and a heartbeat outside."""
    own = {
        "CANARY_MINUTES": "5",
        "CANARY_URL": f"http://127.0.0.1:{stack.port}",
        "HEARTBEAT_URL": f"{heartbeat.url}/ping",
        "OUTGOING_LOOPBACK": "on",
        "SSL_CERT_FILE": str(tmp_path / "cert.pem"),
    }
    before = {name: dict(stack.processes[name].env) for name in WATCHED}
    for name in WATCHED:
        stack.processes[name].env |= own
        stack.restart(name)
    stack.wait_for_web()
    yield stack
    for name in WATCHED:
        stack.processes[name].env = before[name]
        stack.restart(name)
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
    wait_until(lambda: _is_over(stack), seconds=90, what="the end of the canary")
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
    missed, reason, _, took = outcome(watched)
    assert (missed, reason) == ("FORM", "ConnectionRefusedError")
    assert watched.query(LATE)
    heard = len(heartbeat.asked)
    (audited,) = watched.enqueue(AUDIT, "alerts", 1)
    wait_until(lambda: watched.query(DONE, audited), what="the audit")
    assert len(heartbeat.asked) == heard
    watched.processes["web"].start()
    watched.wait_for_web()
    assert asks_to_ring(watched)
    back = wait_until(lambda: not watched.query(LATE), seconds=90, what="the end of the alarm")
    wait_until(lambda: not asks_to_ring(watched), seconds=10, what="forms that ask for nothing")
    show("canary, web server killed", f"missed after {took:.1f} s; well again {back:.1f} s after its start")


def test_without_a_worker_for_placing_it_still_comes_through(watched: FaultStack, show: Show) -> None:
    """One fault: the dispatcher does the work itself, within the bound that is promised."""
    watched.processes["worker-urgent"].kill()
    fly(watched)
    missed, _, alerted, _ = outcome(watched)
    show("canary, no urgent worker", f"alerted after {alerted:.1f} s")
    assert missed == ""
    assert alerted <= 30


def wait_for_ping(stack: FaultStack, heartbeat: Heartbeat) -> None:
    """Wait for the next one; the short version asks for its audit, when it is due."""
    heard = len(heartbeat.asked)
    if not LONG:
        time.sleep(PERIOD)
        stack.enqueue(AUDIT, "alerts", 1)
    wait_until(lambda: len(heartbeat.asked) > heard, seconds=PERIOD + 30, what="the ping outside")


def wait_for_alarm(stack: FaultStack, heartbeat: Heartbeat) -> None:
    """Wait for the alarm outside; audits stay due all the while."""
    until = time.monotonic() + 3 * PERIOD
    while not heartbeat.alarms:
        assert time.monotonic() < until, "outside, they did not hear the silence"
        stack.enqueue(AUDIT, "alerts", 1)
        time.sleep(PERIOD / 10)


def test_f25_when_the_auditor_is_killed_they_hear_its_silence_outside(
    watched: FaultStack, heartbeat: Heartbeat, show: Show
) -> None:
    fly(watched)
    assert outcome(watched)[:2] == ("", "")
    wait_for_ping(watched, heartbeat)
    heartbeat.watch(PERIOD)
    for _ in range(2):
        wait_for_ping(watched, heartbeat)
    assert heartbeat.alarms == [], "an alarm although every ping came"
    for name in AUDITORS:
        watched.processes[name].kill()
    killed = time.monotonic()
    wait_for_alarm(watched, heartbeat)
    (alarm,) = heartbeat.alarms
    silent, late = alarm - heartbeat.latest, alarm - killed
    figures = f"{late:.1f} s after the kill, {silent:.1f} s after the last of a ping each {PERIOD:.0f} s"
    show("F25 auditor killed", f"alarm outside {figures}")
    assert max(late, silent) <= 2 * PERIOD + 0.5  # for the watcher's own thread
