"""Receipts of real texts: before our own note of them, in its place, twice, and out of order."""

from http.client import HTTPException
from urllib.parse import urlencode, urlsplit

import pytest
from django.http import QueryDict

from notifications.hooks.signatures import twilio_signature
from tests.faults.checks import figures_of
from tests.faults.conftest import PEOPLE, Show, Ways
from tests.faults.ledger import Enquiry, Ledger, post, send
from tests.faults.stack import FaultStack
from tests.faults.test_killed import RECEIPT, all_over
from tests.faults.test_ways_out import texts_about
from tests.notifications.peers.twilio import FORM, TOKEN
from tests.processes import wait_until

NOT_NOTED = "provider accepted, no commit"
# Of the texts about a lead: state, whether they arrived, and outcome of each try of theirs.
TEXTS = """
    SELECT message.state, message.delivered_at IS NOT NULL, array_agg(delivery.outcome ORDER BY started_at)
    FROM notifications_delivery delivery JOIN notifications_message message ON message.id = message_id
    WHERE message.channel = 'SMS' AND message.about = (
        SELECT lead_id FROM intake_enquiry WHERE idempotency_key = %s)
    GROUP BY message.id
"""


def test_receipts_that_come_before_our_note_twice_and_out_of_order(
    stack: FaultStack, ways: Ways, show: Show
) -> None:
    ledger = _send_by_text(stack, ways, "wait")
    wait_until(lambda: stack.is_held(NOT_NOTED), what="a text that was taken and not noted")
    said = _report(stack, ledger, "delivered", "sent", "delivered", "queued")
    stack.release(NOT_NOTED)
    took = stack.heal()
    said += _report(stack, ledger, "sent", "delivered")
    texts = texts_about(stack, ledger)
    show(
        "Receipts before our commit",
        f"{said} receipts, twice and out of order; {texts.total()} texts, "
        f"0 twice, 0 lost; noted after {took:.1f} s; {figures_of(stack, ledger)}",
    )
    assert stack.query(TEXTS, ledger[0].key) == [("SENT", True, ["DELIVERED"])] * len(PEOPLE)
    assert set(texts.values()) == {1}


def test_a_receipt_stands_for_the_note_of_a_process_that_was_killed(
    stack: FaultStack, ways: Ways, show: Show
) -> None:
    ledger = _send_by_text(stack, ways, "die")
    wait_until(lambda: not stack.is_armed(NOT_NOTED), what="the death of a worker")
    said = _report(stack, ledger, "sent", "delivered")
    took = wait_until(lambda: all_over(stack, [NOT_NOTED]), what="the end of all work")
    texts = texts_about(stack, ledger)
    show(
        "Receipt in place of our commit",
        f"{said} receipts; {texts.total()} texts, 0 twice, 0 lost; all done "
        f"after {took:.1f} s; {figures_of(stack, ledger)}",
    )
    assert stack.query(TEXTS, ledger[0].key) == [("SENT", True, ["DELIVERED"])] * len(PEOPLE)
    assert set(texts.values()) == {1}
    assert {asked.method for asked in stack.peers.twilio.asked[-len(PEOPLE) :]} == {"POST"}, (
        "nobody had to ask"
    )


def test_a_receipt_that_was_cut_off_is_noted_when_it_comes_again(
    stack: FaultStack, ways: Ways, show: Show
) -> None:
    ledger = _send_by_text(stack, ways)
    stack.heal()
    stack.tell_at(RECEIPT, "die")
    with pytest.raises((OSError, HTTPException)):
        _report(stack, ledger, "delivered")
    took = wait_until(lambda: all_over(stack, [RECEIPT]), seconds=180, what="the web server's return")
    stack.wait_for_web()
    before = stack.query(TEXTS, ledger[0].key)
    _report(stack, ledger, "delivered")
    show(f"kill -9: {RECEIPT}", f"web is back after {took:.1f} s; {figures_of(stack, ledger)}")
    assert before == [("SENT", False, ["ACCEPTED"])] * len(PEOPLE)
    assert stack.query(TEXTS, ledger[0].key) == [("SENT", True, ["DELIVERED"])] * len(PEOPLE)


def _send_by_text(stack: FaultStack, ways: Ways, what: str = "") -> Ledger:
    ways("SMS")
    stack.peers.twilio.always("ok")
    if what:
        stack.tell_at(NOT_NOTED, what)
    ledger = Ledger([send(stack.port, Enquiry(urgent=True))])
    wait_until(lambda: len(texts_about(stack, ledger)) == len(PEOPLE), what="the texts")
    return ledger


def _report(stack: FaultStack, ledger: Ledger, *states: str) -> int:
    """Post a receipt of each state for each text, as Twilio does; return how many those were."""
    made = [each for each in stack.peers.twilio.made if each["body"]]  # calls say it in another way
    mine = [text for text in made if ledger[0].reference in text["body"]]
    for state in states:
        for text in mine:
            _post(stack, text["callback"], {"MessageSid": text["sid"], "MessageStatus": state})
    return len(states) * len(mine)


def _post(stack: FaultStack, url: str, said: dict[str, str]) -> None:
    body, parts = urlencode(said), urlsplit(url)
    signature = twilio_signature(secret=TOKEN, url=url, posted=QueryDict(body))
    headers = {"Content-Type": FORM, "X-Twilio-Signature": signature}
    status, _ = post(stack.port, f"{parts.path}?{parts.query}", body, headers)
    assert status == 204
