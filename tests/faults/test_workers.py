"""Workers, beat and whole groups are killed or frozen; a job kills whoever runs it."""

import signal
import time

import psutil

from tests.faults.checks import check_bound, figures_of
from tests.faults.conftest import Show
from tests.faults.desk import Desk
from tests.faults.ledger import Enquiry, Ledger, Load, send
from tests.faults.stack import LONG, SPAN, FaultStack
from tests.faults.tasks import POISON, POISON_ATTEMPTS, SLOW
from tests.faults.test_killed import MARKED
from tests.processes import wait_until

WORKERS = ("worker-urgent", "worker-messages", "worker")
PLACING_LEASE, SENDING_LEASE = 10, 25  # seconds: intake.tasks.place_lead, notifications.tasks.deliver_message
SENDERS = 2  # children of the workers of messages, each with one alert in its hands
KILLS = 12 if LONG else 3
LOST = "job_lease_lost"
HELD = "SELECT subject FROM jobs_job WHERE kind = %s AND lease_token IS NOT NULL"
SWEEPS = """
    SELECT count(*), count(DISTINCT due_at) FROM jobs_job
    WHERE kind = 'intake.tasks.link_stranded_enquiries' AND created_at > %s AND done_at IS NOT NULL
"""


def test_f5_an_alert_whose_sender_is_killed_goes_out_again(stack: FaultStack, show: Show) -> None:
    taken = len(stack.mail.received())
    stack.mail.behave("hang")
    ledger = Ledger([send(stack.port, Enquiry(urgent=True))])
    wait_until(lambda: len(stack.mail.received()) > taken, what="an alert on its way")
    stack.mail.behave("accept")
    _sender(stack).kill()
    took = stack.heal()
    figures = figures_of(stack, ledger)
    show("F5 sender killed", f"alerts sent after {took:.1f} s; {figures}")
    assert figures.copies <= 2  # one for each recipient: the server took it, and nobody knew
    check_bound(took, SENDING_LEASE + 15)


def test_f6_killing_all_workers_again_and_again_loses_nothing(stack: FaultStack, show: Show) -> None:
    with Load(stack.port, seconds=SPAN) as load:
        for _ in range(KILLS):
            load.pause(SPAN / KILLS - 1)
            for name in WORKERS:
                stack.restart(name)
    healed = stack.heal(seconds=180)
    figures = figures_of(stack, load.ledger)
    ((unmarked, marked),) = stack.query(MARKED, [enquiry.key for enquiry in load.ledger])
    show(
        "F6 all workers killed",
        f"{KILLS} times; all done after {healed:.1f} s; {marked} tries marked; {figures}",
    )
    assert (figures.refused, figures.unanswered, unmarked) == (0, 0, 0)
    assert figures.copies <= KILLS * SENDERS  # what a dying process had just handed over


def test_f20_sweeps_run_without_beat_and_once_with_two(stack: FaultStack, show: Show) -> None:
    stack.processes["beat"].kill()
    ((began,),) = stack.query("SELECT now()")
    alone = 90 if LONG else 11
    wait_until(lambda: _seconds_since(stack, began) > alone, seconds=alone + 30, what="the time to pass")
    without = stack.query(SWEEPS, began)[0]
    assert without[0] >= alone // 5 - 1
    stack.processes["beat"].start()
    others = [stack.second("beat"), stack.second("dispatcher")]
    with Load(stack.port, seconds=5) as load:
        pass
    stack.heal()
    for other in others:
        other.kill()
    sweeps, times = stack.query(SWEEPS, began)[0]
    show(
        "F20 no beat, then two", f"{without[0]} sweeps in {alone} s without; {figures_of(stack, load.ledger)}"
    )
    assert sweeps == times


def test_f21_a_poison_job_dies_and_delays_nobody(stack: FaultStack, show: Show) -> None:
    (poison,) = stack.enqueue(POISON, "urgent", 1)
    with Load(stack.port, seconds=5) as load:
        pass
    dead = "SELECT attempts, error_class FROM jobs_job WHERE id = %s AND dead_at IS NOT NULL"
    took = wait_until(lambda: stack.query(dead, poison), seconds=60, what="the end of the poison job")
    stack.heal()
    figures = figures_of(stack, load.ledger)
    show("F21 poison job", f"dead after {took:.1f} s more; {figures}")
    assert stack.query(dead, poison) == [(POISON_ATTEMPTS, "ProcessLost")]
    manager = Desk(stack.port, stack.people["manager"])
    assert POISON in manager.get("/desk/jobs/")
    assert "/desk/jobs/" in next(m["text"] for m in reversed(stack.mail.received()) if POISON in m["text"])
    manager.post(f"/desk/jobs/{poison}/discard/")
    assert POISON not in manager.get("/desk/jobs/")


def test_f23_a_zombie_changes_nothing(stack: FaultStack, show: Show) -> None:
    jobs = stack.enqueue(SLOW, "routine", 10)
    wait_until(lambda: stack.query(HELD, SLOW), what="the first job's start")
    zombie = _suspended_at_work(stack)
    held = {subject for (subject,) in stack.query(HELD, SLOW)}
    before = stack.processes["worker"].output().count(LOST)
    others = [stack.second("worker"), stack.second("dispatcher")]
    took = wait_until(lambda: all(stack.marks(jobs)), what="another worker's taking over")
    wait_until(lambda: not stack.query(HELD, SLOW), what="the end of all jobs")
    zombie.resume()
    wait_until(lambda: stack.processes["worker"].output().count(LOST) > before, what="the zombie's word")
    for other in others:
        other.kill()
    show(
        "F23 zombie", f"taken over after {took:.1f} s; {len(jobs)} jobs, {sum(stack.marks(jobs))} completions"
    )
    assert len(held) == 1
    assert stack.marks(jobs) == [1] * len(jobs)


def test_f23_a_frozen_worker_is_stood_in_for(stack: FaultStack, show: Show) -> None:
    with Load(stack.port, seconds=SPAN) as load:
        load.reach(1)
        stack.processes["worker-urgent"].send_all(signal.SIGSTOP)
    wait_until(stack.all_placed, seconds=180, what="the placing")
    stack.processes["worker-urgent"].send_all(signal.SIGCONT)
    stack.heal()
    figures = figures_of(stack, load.ledger)
    show("F23 urgent worker frozen", figures)
    check_bound(figures.alerted_max, 30)


def _suspended_at_work(stack: FaultStack) -> psutil.Process:
    """Suspend the child that does the slow jobs while it has one, not between two of them."""
    (child,) = stack.pool_children("worker")

    def has_one() -> bool:
        child.suspend()
        time.sleep(0.2)  # for a commit that is on its way
        if stack.query(HELD, SLOW):
            return True
        child.resume()
        return False

    wait_until(has_one, what="a job in its hands")
    return child


def _sender(stack: FaultStack) -> psutil.Process:
    """Return a pool child that talks to the mail server."""
    for child in stack.pool_children("worker-messages"):
        ports = {each.raddr.port for each in child.net_connections() if each.raddr}
        if stack.mail.port in ports:
            return child
    raise AssertionError("Nobody talks to the mail server.")


def _seconds_since(stack: FaultStack, moment: object) -> float:
    return float(stack.query("SELECT extract(epoch FROM now() - %s)", moment)[0][0])
