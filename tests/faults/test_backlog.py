"""Ten thousand calm enquiries have waited for their queue, and somebody is in danger behind them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from signal import SIGCONT, SIGSTOP

import pytest

from crm.services.unattended import UNPLACED
from tests.faults.checks import alerts_tried, check_bound, figures_of
from tests.faults.conftest import Show
from tests.faults.ledger import Enquiry, Ledger, send
from tests.faults.stack import LONG, FaultStack
from tests.processes import wait_until

CALM = 10_000 if LONG else 300
# What passed the urgent one: calm leads placed from its arrival until it was placed, and messages to callers
# from when its alert was written until that was on its way. A slow machine changes neither.
PASSED = """
    WITH it AS (
        SELECT lead.received_at, lead.placed_at, message.created_at AS written_at,
               min(delivery.started_at) AS alerted_at
        FROM crm_lead lead JOIN notifications_message message ON message.about = lead.id
        JOIN notifications_delivery delivery ON delivery.message_id = message.id
        WHERE lead.reference = %s AND message.dedupe_key LIKE 'alert:%%'
        GROUP BY lead.id, message.id ORDER BY alerted_at LIMIT 1)
    SELECT (SELECT count(*) FROM crm_lead lead, it
            WHERE lead.placed_at BETWEEN it.received_at AND it.placed_at),
           (SELECT count(*) FROM notifications_delivery, it
            WHERE started_at BETWEEN it.written_at AND it.alerted_at),
           (SELECT count(*) FROM crm_lead, it WHERE crm_lead.placed_at > it.placed_at)
"""
# Of how many the staff were told that they wait for their queue.
TOLD = "SELECT count(*) FROM crm_leadevent WHERE kind = 'NOT_PLACED_IN_TIME' AND occurred_at > %s"
PLACED = "SELECT count(*) FROM crm_lead WHERE placed_at > %s"


@pytest.fixture
def backlog(stack: FaultStack) -> Ledger:
    """Calm enquiries that nothing has placed yet: all that places them stands still."""
    stack.processes["dispatcher"].kill()
    stack.processes["worker-urgent"].send_all(SIGSTOP)
    with ThreadPoolExecutor(8) as clients:
        return Ledger(clients.map(lambda _: send(stack.port, Enquiry(urgent=False)), range(CALM)))


def test_f22_an_urgent_enquiry_passes_every_calm_one(stack: FaultStack, backlog: Ledger, show: Show) -> None:
    ((began,),) = stack.query("SELECT now()")
    _go_on(stack)
    wait_until(lambda: _placed(stack, began), what="the first of them")
    last = Ledger([send(stack.port, Enquiry(urgent=True))])
    wait_until(lambda: alerts_tried(stack, last), seconds=300, what="the alert of the urgent one")
    took = stack.heal(seconds=900)
    ((placed, sent, after),) = stack.query(PASSED, last[0].reference)
    ((told,),) = stack.query(TOLD, began)
    figures_of(stack, Ledger([*backlog, *last]))
    alerted = figures_of(stack, last).alerted_max
    show(
        "F22 backlog",
        f"{CALM} calm ones, {after} placed after the urgent one; alerted after {alerted:.1f} s, in which "
        f"{placed} others were placed and {sent} messages sent; staff told of {told}; "
        f"all done {took:.1f} s later; 0 lost",
    )
    assert after > CALM / 2
    assert told <= 2 * UNPLACED.many  # ten minutes, and a part of the next
    assert placed < 60
    assert sent < 41  # two children with a share of ten each, and as much reserved
    check_bound(alerted, 5)


def _go_on(stack: FaultStack) -> None:
    stack.processes["worker-urgent"].send_all(SIGCONT)
    stack.processes["dispatcher"].start()


def _placed(stack: FaultStack, since: datetime) -> int:
    return int(stack.query(PLACED, since)[0][0])
