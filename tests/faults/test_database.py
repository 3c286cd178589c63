"""PostgreSQL restarts, is away, drops its connections, refuses the second transaction."""

import signal
import subprocess

import pytest

from tests.faults.checks import check_bound, figures_of
from tests.faults.conftest import Show
from tests.faults.ledger import Enquiry, Ledger, Load, send
from tests.faults.page import check_api_refused, check_form_refused
from tests.faults.stack import LONG, SPAN, FaultStack
from tests.processes import wait_until

AWAY = 60 if LONG else 4  # seconds
OTHERS = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
BREAK_LINKING = """
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'broken on purpose' USING ERRCODE = 'disk_full'; END $$;
    CREATE TRIGGER refuse BEFORE INSERT ON crm_leadreference FOR EACH ROW EXECUTE FUNCTION refuse();
"""
MEND_LINKING = "DROP TRIGGER refuse ON crm_leadreference; DROP FUNCTION refuse()"


def test_f8_an_immediate_restart_under_load_loses_nothing(stack: FaultStack, show: Show) -> None:
    with Load(stack.port, seconds=SPAN) as load:
        load.reach(SPAN / 3)
        stack.postgres.stop(signal.SIGQUIT)
        stack.postgres.start()
        back = wait_until(lambda: _accepts(stack), what="an accepted enquiry")
    stack.heal()
    figures = figures_of(stack, load.ledger)
    show("F8 database restarted", f"takes enquiries again after {back:.1f} s; {figures}")
    assert figures.accepted == figures.sent
    check_bound(back, 10)
    assert _refusals(load.ledger) <= {500, 503}


def test_f9_without_a_database_nothing_is_promised_and_no_word_is_lost(stack: FaultStack, show: Show) -> None:
    stack.postgres.stop()
    with Load(stack.port, seconds=AWAY) as load:
        load.reach(1)
        check_form_refused(stack)
        check_api_refused(stack)
        assert stack.readiness()["database"]["ok"] is False
        load.reach(AWAY)
        promised = len(load.ledger.accepted)
        stack.postgres.start()
        back = wait_until(lambda: _accepts(stack), what="an accepted enquiry")
    stack.heal()
    figures = figures_of(stack, load.ledger)
    show("F9 database away", f"{AWAY} s, {promised} accepted meanwhile; again after {back:.1f} s; {figures}")
    assert promised == 0
    check_bound(back, 10)
    assert _refusals(load.ledger) == {503}
    assert figures.accepted == figures.sent


def test_f10_cut_connections_are_made_anew(stack: FaultStack, show: Show) -> None:
    cut = 0
    with Load(stack.port, seconds=SPAN) as load:
        for second in (SPAN / 4, SPAN / 2, 3 * SPAN / 4):
            load.reach(second)
            cut += len(stack.query(f"SELECT pg_terminate_backend(pid) FROM ({OTHERS}) AS other"))
    stack.heal()
    figures = figures_of(stack, load.ledger)
    show("F10 connections cut", f"{cut} cut; {figures}")
    assert figures.accepted == figures.sent
    assert figures.refused + figures.unanswered <= cut
    assert _refusals(load.ledger) <= {500, 503}


def test_a_failed_second_transaction_is_made_good_within_seconds(stack: FaultStack, show: Show) -> None:
    stack.execute(BREAK_LINKING)
    try:
        ledger = Ledger(send(stack.port, Enquiry(urgent=urgent, by_form=form)) for urgent, form in _KINDS)
        assert all(enquiry.statuses in ([201], [302]) for enquiry in ledger)
        with pytest.raises(subprocess.CalledProcessError):
            stack.manage("reconcile")
    finally:
        stack.execute(MEND_LINKING)
    linked = "SELECT 1 FROM intake_enquiry WHERE lead_id IS NULL"
    took = wait_until(lambda: not stack.query(linked), what="the repair")
    stack.heal()
    show("Second transaction failed", f"repaired after {took:.1f} s; {figures_of(stack, ledger)}")


_KINDS = [(True, False), (True, True), (False, False)]  # urgent, by form


def _accepts(stack: FaultStack) -> bool:
    return _probe(stack).accepted


def _probe(stack: FaultStack) -> Enquiry:
    return send(stack.port, Enquiry(urgent=False), give_up_after=0)


def _refusals(ledger: Ledger) -> set[int]:
    return {status for enquiry in ledger for status in enquiry.statuses} - {201, 302}
