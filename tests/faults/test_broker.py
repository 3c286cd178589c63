"""The broker stops, freezes, forgets and flaps. It carries nudges only, so that costs time and no work."""

import random
import signal

from tests.faults.checks import alerts_tried, check_answers, check_bound, figures_of
from tests.faults.conftest import Show
from tests.faults.ledger import Load
from tests.faults.stack import LONG, SPAN, FaultStack
from tests.faults.tasks import MARK
from tests.processes import wait_until

RESTARTS = 10 if LONG else 3


def test_f1_a_stopped_broker_delays_alerts_by_seconds_only(stack: FaultStack, show: Show) -> None:
    with Load(stack.port, seconds=SPAN) as load:
        load.reach(1)
        stack.stop_broker()
    wait_until(lambda: alerts_tried(stack, load.ledger), what="an alert for each")
    assert stack.readiness()["broker"]["ok"] is False
    stack.valkey.start()
    stack.heal()
    figures = figures_of(stack, load.ledger)
    show("F1 broker stopped", figures)
    assert (figures.refused, figures.unanswered) == (0, 0)
    check_answers(figures)
    check_bound(figures.alerted_max, 30)


def test_f2_a_frozen_broker_holds_up_nobody(stack: FaultStack, show: Show) -> None:
    with Load(stack.port, seconds=SPAN) as load:
        load.reach(1)
        stack.freeze_broker()
    wait_until(lambda: alerts_tried(stack, load.ledger), what="an alert for each")
    assert stack.readiness()["broker"]["ok"] is False
    stack.thaw_broker()
    stack.heal()
    figures = figures_of(stack, load.ledger)
    show("F2 broker frozen", figures)
    assert (figures.refused, figures.unanswered) == (0, 0)
    check_answers(figures)
    check_bound(figures.alerted_max, 30)


def test_f3_what_a_flushed_broker_forgets_is_published_again(stack: FaultStack, show: Show) -> None:
    for name in ("worker-urgent", "worker-messages", "worker"):
        stack.processes[name].send_all(signal.SIGSTOP)
    marked = stack.enqueue(MARK, "routine", 400)
    with Load(stack.port, seconds=10) as load:
        pass
    wait_until(lambda: stack.published() >= 500, what="the publication of 500 jobs")
    published = stack.published()
    stack.broker.flushall()
    for name in ("worker-urgent", "worker-messages", "worker"):
        stack.processes[name].send_all(signal.SIGCONT)
    took = max(stack.heal(), wait_until(lambda: set(stack.marks(marked)) == {1}, what="the marks"))
    show(
        "F3 broker flushed",
        f"{published} published; all done after {took:.1f} s; {figures_of(stack, load.ledger)}",
    )
    check_bound(took, 60)


def test_f4_workers_come_back_after_each_restart_of_the_broker(stack: FaultStack, show: Show) -> None:
    took = []
    with Load(stack.port, seconds=SPAN) as load:
        for _ in range(RESTARTS):
            load.pause(random.uniform(0.2, 1.5))
            stack.stop_broker()
            load.pause(random.uniform(0.1, 1))
            stack.valkey.start()
            (job,) = stack.enqueue(MARK, "routine", 1)
            took.append(wait_until(lambda job=job: stack.marks([job]) == [1], what="a job done by a worker"))
    stack.heal()
    figures = figures_of(stack, load.ledger)
    show("F4 broker restarted", f"{RESTARTS} times; at work again after {max(took):.1f} s; {figures}")
    assert (figures.refused, figures.unanswered) == (0, 0)
