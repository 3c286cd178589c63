"""The database is lost and comes back as it was at a point in time: no lead until then is missing."""

import signal

from tests.faults.backup import Backup
from tests.faults.checks import alerts_tried, check_nothing_lost
from tests.faults.conftest import Show
from tests.faults.ledger import Enquiry, Ledger, Load, send
from tests.faults.stack import SPAN, FaultStack
from tests.processes import wait_until

KNOWN = "SELECT count(*) FROM intake_enquiry WHERE idempotency_key = ANY(%s)"
UNSENT = "SELECT id::text, possible_duplicate FROM notifications_message WHERE state IN ('QUEUED', 'FAILED')"


def test_f27_a_restore_to_a_point_in_time_loses_nothing_before_it(stack: FaultStack, show: Show) -> None:
    backup = Backup(stack)
    with Load(stack.port, seconds=SPAN / 2) as load:
        backup.begin()
    stack.heal()
    stack.mail.behave("451")  # messages that the backup knows as not sent yet
    waiting = Ledger(send(stack.port, Enquiry(urgent=True)) for _ in range(3))
    wait_until(lambda: alerts_tried(stack, waiting), what="a try of each alert")
    ((point,),) = stack.query("SELECT pg_catalog.clock_timestamp()")
    stack.mail.behave("accept")
    after = [send(stack.port, Enquiry(urgent=False)) for _ in range(5)]
    stack.heal()
    sent_before = stack.mail.copies()
    backup.wait_until_streamed()
    for process in stack.processes.values():
        process.kill()
    stack.postgres.stop(signal.SIGQUIT)
    backup.restore(until=point)
    marked = int(stack.manage("after_restore").split()[0])
    unsent = stack.query(UNSENT)
    stack.start_processes()
    stack.heal()
    ledger = Ledger([*load.ledger, *waiting])
    check_nothing_lost(stack, ledger)
    copies = stack.mail.copies()
    again = {message: copies[message] - sent_before[message] for message in copies}
    twice = [message for message, times in again.items() if times and sent_before[message]]
    show(
        "F27 restored",
        f"{len(ledger)} accepted before the point are there, 0 lost; {len(after)} after it are "
        f"not; {len(twice)} messages sent again, each once and marked",
    )
    assert stack.query(KNOWN, [each.key for each in after]) == [(0,)]
    assert marked == len(unsent)
    assert all(is_marked for _, is_marked in unsent)
    assert max(again.values()) == 1
    assert set(twice) <= {message for message, _ in unsent}
    assert len(twice) >= len(waiting)
