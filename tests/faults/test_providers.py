"""Every provider but the mail server fails in one way at once: the person is told by mail, once."""

from collections import Counter
from typing import Any

import pytest

from notifications.channels.webhook import Endpoint
from tests.faults.checks import check_bound, figures_of
from tests.faults.conftest import PEOPLE, Show, Ways
from tests.faults.ledger import Enquiry, Ledger, send
from tests.faults.stack import LONG, FaultStack
from tests.faults.test_ways_out import SECOND_WAY
from tests.notifications.peers.receiver import SECRET
from tests.notifications.peers.server import Reply
from tests.notifications.peers.twilio import refusal
from tests.processes import wait_until

WHO = "coordinator@threshold.example"
TLS = "no TLS"
BEHAVIOURS: dict[str, Any] = {
    "500": Reply(500, refusal(20500, 500).said),
    "429": Reply(429, refusal(20429, 429).said, {"Retry-After": "20"}),
    "503": Reply(503),
    "hang": "hang",
    "lost": "lost",
    "garbage": "garbage",
    "drip": "drip",
    TLS: "ok",
}
SHORT = ["500", TLS]


@pytest.mark.parametrize("behaviour", BEHAVIOURS if LONG else SHORT)
def test_whatever_providers_do_the_next_way_is_taken(
    stack: FaultStack, ways: Ways, show: Show, behaviour: str
) -> None:
    _tell_by_everything(stack, ways)
    before = len(stack.peers.twilio.made)
    stack.peers.always(BEHAVIOURS[behaviour])
    stack.peers.break_tls(behaviour == TLS)
    ledger = Ledger([send(stack.port, Enquiry(urgent=True))])
    took = wait_until(lambda: _mails(stack, ledger), what="word by mail")
    stack.peers.break_tls(False)
    stack.peers.always("ok")
    stack.execute("DELETE FROM notifications_circuit")
    stack.heal()
    taken = _taken(stack, ledger, before)
    what = f"told by mail after {took:.1f} s; taken {_words(taken)}"
    show(f"Providers: {behaviour}", f"{what}; {figures_of(stack, ledger)}")
    assert len(_mails(stack, ledger)) == 1
    assert max(taken.values(), default=0) <= 1, "twice by one way"
    check_bound(took, SECOND_WAY)


def _tell_by_everything(stack: FaultStack, ways: Ways) -> None:
    """Have one person be told by every channel but e-mail at first."""
    own = {
        "SMS": PEOPLE[WHO],
        "VOICE": PEOPLE[WHO],
        "PUSH": stack.peers.push.subscription(),
        "WEBHOOK": Endpoint(f"{stack.peers.receiver.url}/hook", (SECRET,)).write(),
    }
    ways()
    stack.tell_by({WHO: own}, first=list(own))


def _mails(stack: FaultStack, ledger: Ledger) -> list[str]:
    (one,) = ledger
    mine = (mail for mail in stack.mail.received() if mail["to"] == WHO)
    return [mail["text"] for mail in mine if one.reference in mail["text"]]


def _taken(stack: FaultStack, ledger: Ledger, before: int) -> Counter[str]:
    """Return how often each provider did what it was asked for the lead; a webhook is known by its id."""
    (one,) = ledger
    peers = stack.peers
    new = peers.twilio.made[: len(peers.twilio.made) - before]  # the latest first
    made = ["text" if text["body"] else "call" for text in new if text["to"] == PEOPLE[WHO]]
    pushed = ["push" for shown in peers.push.shown if one.reference in str(shown)]
    mine = (asked for asked in peers.receiver.asked if one.reference.encode() in asked.body)
    posted = ["webhook" for _ in {asked.headers["webhook-id"] for asked in mine}]
    return Counter([*made, *pushed, *posted])


def _words(taken: Counter[str]) -> str:
    return ", ".join(f"{times} by {way}" for way, times in sorted(taken.items())) or "by none"
