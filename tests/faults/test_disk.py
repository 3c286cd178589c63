"""The disk under PostgreSQL is full: nothing is promised that cannot be kept, and nothing breaks for good."""

import contextlib

import psycopg

from tests.faults.checks import check_bound, figures_of
from tests.faults.conftest import Show
from tests.faults.disk import SmallDisk
from tests.faults.ledger import Enquiry, Load, send
from tests.faults.page import check_api_refused, check_form_refused
from tests.faults.stack import SPAN, FaultStack
from tests.processes import wait_until

# Every row against every index that should name it, and every page against its checksum on the way.
CHECK_INDEXES = """
    SELECT bt_index_check(index => indexrelid, heapallindexed => true)
    FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid JOIN pg_am ON pg_am.oid = relam
    WHERE amname = 'btree' AND indisvalid AND relpersistence = 'p'
"""
DAMAGED = """
    SELECT relname, msg FROM pg_class, LATERAL verify_heapam(pg_class.oid)
    WHERE relkind = 'r' AND relpersistence = 'p' AND relam = (SELECT oid FROM pg_am WHERE amname = 'heap')
"""


def test_f11_a_full_disk_is_said_and_loses_nothing(stack: FaultStack, show: Show) -> None:
    with SmallDisk(stack.postgres) as disk:
        stack.wait_for_web()
        with Load(stack.port, seconds=SPAN) as load:
            load.reach(SPAN / 5)
            disk.fill()
            full = wait_until(lambda: _refuses(stack), what="a refusal")
            _use_up_the_log(stack)
            check_form_refused(stack)
            check_api_refused(stack)
            assert "PANIC" in stack.postgres.log.read_text(errors="replace")
            disk.make_room()
            stack.revive()
            back = wait_until(lambda: _accepts(stack), what="an accepted enquiry")
        stack.heal()
        figures = figures_of(stack, load.ledger)
        assert _damage(stack) == []
    show(
        "F11 disk full",
        f"refused after {full:.1f} s, then no room to log; taken {back:.1f} s after room; {figures}",
    )
    assert {status for each in load.ledger for status in each.statuses} <= {201, 302, 500, 503}
    assert figures.accepted == figures.sent
    check_bound(back, 10)


def _refuses(stack: FaultStack) -> bool:
    """Ask by the form: dead rows may leave room for one or two more, so it is asked until there is none."""
    try:
        check_form_refused(stack)
    except (AssertionError, OSError):  # taken, or not answered in time
        return False
    return True


def _accepts(stack: FaultStack) -> bool:
    return send(stack.port, Enquiry(urgent=False), give_up_after=0).accepted


def _use_up_the_log(stack: FaultStack) -> None:
    """Go on until PostgreSQL has no room to write down what it is about to do: it stops at once."""
    use = "SELECT pg_logical_emit_message(true, 'fault', 'full'), pg_switch_wal()"
    with (
        contextlib.suppress(psycopg.OperationalError),
        psycopg.connect(stack.postgres.server.url, autocommit=True) as connection,
    ):
        for _ in range(100):
            connection.execute(use)
        raise AssertionError("PostgreSQL never ran out of room for its log.")


def _damage(stack: FaultStack) -> list[object]:
    """Return what is wrong in any table; raises what is wrong in an index."""
    stack.execute("CREATE EXTENSION IF NOT EXISTS amcheck")
    stack.execute(CHECK_INDEXES)
    return list(stack.query(DAMAGED))
