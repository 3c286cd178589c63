"""kill -9 of a process at each state of an enquiry, its lead, its alert and the message: nothing is lost."""

from http.client import HTTPException

import pytest

from tests.faults.alerts import answer_by_link, answered
from tests.faults.checks import figures_of
from tests.faults.conftest import PEOPLE, Show, Ways
from tests.faults.ledger import Enquiry, Ledger, send
from tests.faults.moments import MOMENTS
from tests.faults.stack import LONG, FaultStack
from tests.faults.test_ways_out import texts_about
from tests.processes import wait_until

TWICE = "provider accepted, no commit"  # the one moment after which it is sent again: nobody can know
MANAGER = "manager@threshold.example"
REFUSALS = ["provider refused, no commit", "next way written"]
# Short: the leases of the dead run out at once.
RUN_OUT = """
    UPDATE jobs_job SET lease_until = now(), publish_at = now()
    WHERE id = ANY(%s) AND done_at IS NULL AND lease_token IS NOT NULL
"""
# Tries of messages about these leads that went out though an earlier one may have: each of them is marked.
MARKED = """
    SELECT count(*) FILTER (WHERE place > 1 AND NOT marked), count(*) FILTER (WHERE marked) FROM (
        SELECT delivery.possible_duplicate AS marked,
               row_number() OVER (PARTITION BY message.id ORDER BY delivery.started_at) AS place
        FROM notifications_delivery delivery JOIN notifications_message message ON message.id = message_id
        WHERE message.about IN (SELECT lead_id FROM intake_enquiry WHERE idempotency_key = ANY(%s))) AS tries
"""


ANSWER, RECEIPT = "answer noted, no commit", "receipt noted, no commit"  # for that one, see test_receipts
DEATHS = [moment for moment in MOMENTS if moment not in {*REFUSALS, ANSWER, RECEIPT}]


@pytest.mark.parametrize("moments", [[each] for each in DEATHS] if LONG else [DEATHS], ids=", ".join)
def test_a_process_that_is_killed_loses_nothing(stack: FaultStack, show: Show, moments: list[str]) -> None:
    for moment in moments:
        stack.tell_at(moment, "die")
    ledger = Ledger(send(stack.port, Enquiry(urgent=True)) for _ in moments)
    took = wait_until(lambda: all_over(stack, moments), seconds=300, what="death, and all work after it")
    figures = figures_of(stack, ledger)
    ((unmarked, marked),) = stack.query(MARKED, [enquiry.key for enquiry in ledger])
    answer_by_link(stack, ledger[0], MANAGER)
    seconds = answered(stack, ledger[0])[1]
    what = moments[0] if LONG else f"each of {len(moments)} moments"
    show(
        f"kill -9: {what}",
        f"all done after {took:.1f} s; {marked} tries marked; acknowledged after {seconds:.1f} s; {figures}",
    )
    assert unmarked == 0
    assert figures.copies == (TWICE in moments)


def test_an_answer_that_was_cut_off_is_none_and_is_given_again(stack: FaultStack, show: Show) -> None:
    ledger = Ledger([send(stack.port, Enquiry(urgent=True))])
    stack.heal()
    stack.tell_at(ANSWER, "die")
    with pytest.raises((OSError, HTTPException)):
        answer_by_link(stack, ledger[0], MANAGER)
    took = wait_until(lambda: all_over(stack, [ANSWER]), seconds=180, what="the web server's return")
    stack.wait_for_web()
    answer_by_link(stack, ledger[0], MANAGER)  # it asserts that nobody has answered yet
    how, seconds = answered(stack, ledger[0])
    show(f"kill -9: {ANSWER}", f"web is back after {took:.1f} s; acknowledged after {seconds:.1f} s")
    assert how == "LINK"


@pytest.mark.parametrize("moments", [[each] for each in REFUSALS] if LONG else [REFUSALS], ids=", ".join)
def test_a_process_that_is_killed_between_two_ways_has_the_next_one_go_out_once(
    stack: FaultStack, ways: Ways, show: Show, moments: list[str]
) -> None:
    ways("EMAIL")
    stack.mail.behave("554")
    stack.peers.twilio.always("ok")
    for moment in moments:
        stack.tell_at(moment, "die")
    ledger = Ledger(send(stack.port, Enquiry(urgent=True)) for _ in moments)
    took = wait_until(lambda: all_over(stack, moments), seconds=300, what="death, and all work after it")
    texts = texts_about(stack, ledger)
    what = moments[0] if LONG else " and ".join(moments)
    show(
        f"kill -9: {what}", f"all done after {took:.1f} s; {texts.total()} texts; {figures_of(stack, ledger)}"
    )
    assert set(texts.values()) == {1}
    assert len(texts) == len(ledger) * len(PEOPLE)


def all_over(stack: FaultStack, moments: list[str]) -> bool:
    """Be the supervisor meanwhile: start again what has died."""
    stack.restart_dead()
    if not LONG:
        stack.execute(RUN_OUT, stack.take_orphans())
    return not any(stack.is_armed(moment) for moment in moments) and not stack.open_work()
