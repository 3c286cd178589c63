"""One way out fails or is unclear: people are told by the next, and have one copy more at the most."""

from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

import pytest

from notifications.services.rendering import MAYBE_TWICE
from tests.faults.checks import figures_of
from tests.faults.conftest import PEOPLE, Show, Ways
from tests.faults.ledger import Enquiry, Ledger, Load, send
from tests.faults.stack import LONG, SPAN, FaultStack
from tests.faults.test_mail import break_mail, mend_mail
from tests.notifications.peers.server import Asked, Reply
from tests.notifications.peers.twilio import refusal
from tests.processes import wait_until

SECOND_WAY = 15.0  # seconds, promised
BROKEN = Reply(500, refusal(20500, 500).said)

# Of each chain of ways by which a person was told: the id of the first message, channels in order, states,
# marks of a possible second copy, and seconds until the last of them was handed over.
CHAINS = """
    WITH RECURSIVE chain AS (
        SELECT id, id AS root, 1 AS place FROM notifications_message
        WHERE dedupe_key LIKE 'alert:%%:0:0:%%' AND about IN (
            SELECT lead_id FROM intake_enquiry WHERE idempotency_key = ANY(%s))
      UNION ALL
        SELECT message.id, chain.root, place + 1
        FROM notifications_message message JOIN chain ON message.instead_of_id = chain.id
    )
    SELECT root::text, array_agg(message.channel ORDER BY place), array_agg(message.state ORDER BY place),
           array_agg(message.possible_duplicate ORDER BY place),
           extract(epoch FROM max(message.sent_at) - min(message.created_at))::float
    FROM chain JOIN notifications_message message ON message.id = chain.id GROUP BY root
"""


# Seconds from when a text was written until its first try was over, of the slowest.
FIRST_TRY = """
    SELECT max(extract(epoch FROM delivery.finished_at - message.created_at)::float)
    FROM notifications_message message JOIN LATERAL (
        SELECT finished_at FROM notifications_delivery
        WHERE message_id = message.id ORDER BY started_at LIMIT 1) AS delivery ON true
    WHERE message.channel = 'SMS' AND message.about IN (
        SELECT lead_id FROM intake_enquiry WHERE idempotency_key = ANY(%s))
"""
TIME_TO_ASK = 2.5  # with a pause of two seconds and a try of three it is done before the next way has to


@pytest.mark.parametrize(
    "behaviour", ["down", "silent", "hang", "451", "554", "lost"] if LONG else ["silent"]
)
def test_f12_the_second_channel_takes_over_in_time(
    stack: FaultStack, ways: Ways, show: Show, behaviour: str
) -> None:
    ways("EMAIL")
    stack.peers.twilio.always("ok")
    break_mail(stack, behaviour)
    ledger = _load(stack)
    chains = _settled(stack, ledger)
    taken = stack.mail.copies()
    mend_mail(stack)
    stack.heal()
    figures = figures_of(stack, ledger)
    slowest = max(seconds for *_, seconds in chains)
    unsure = sum(root in taken for root, *_ in chains)
    what = f"{len(chains)} told by text, the last after {slowest:.1f} s; {unsure} may have come by mail"
    show(f"F12 second way, mail {behaviour}", f"{what}; {figures}")
    assert (figures.refused, figures.unanswered) == (0, 0)
    assert {tuple(channels) for _, channels, *_ in chains} == {("EMAIL", "SMS")}
    assert all(marks[-1] == (root in taken) for root, _, _, marks, _ in chains), "marked, if it may be a copy"
    assert set(texts_about(stack, ledger).values()) == {1}
    assert slowest < SECOND_WAY


@pytest.mark.parametrize("answer", ["lost", "hang", BROKEN], ids=["lost", "hang", "500"])
def test_f13_a_text_that_may_have_been_taken_comes_once(
    stack: FaultStack, ways: Ways, show: Show, answer: Any
) -> None:
    ways("SMS")
    stack.peers.twilio.always(_at_first(answer))
    ledger = Ledger(send(stack.port, Enquiry(urgent=True)) for _ in range(10 if LONG else 1))
    _settled(stack, ledger)
    stack.heal()
    texts, mails = texts_about(stack, ledger), _mails_about(stack, ledger)
    both = [mails[one] for one in texts if one in mails]
    too_slow = "" if LONG or answer == "hang" else _too_slow_to_ask(stack, ledger)
    show(
        f"F13 text, {getattr(answer, 'status', answer)}",
        f"{texts.total()} texts, {len(mails) - len(both)} mails instead, {len(both)} besides, all marked; "
        f"{figures_of(stack, ledger)}{too_slow}",
    )
    assert {*texts.values()} <= {1}, "a text twice"
    assert {len(each) for each in mails.values()} <= {1}, "a mail twice"
    assert len({*texts, *mails}) == len(ledger) * len(PEOPLE), "somebody was not told"
    assert all(MAYBE_TWICE in mail for (mail,) in both), "a second word that does not say so"
    if not LONG:  # twenty texts that fail at first are a provider out of order: mail takes its place
        assert texts, "no text went out"
        if not too_slow:
            assert bool(mails) == (answer == "hang"), "by mail, if there was no time to ask"


def _too_slow_to_ask(stack: FaultStack, ledger: Ledger) -> str:
    """Say so, if a busy machine left no time to ask what became of a text: then mail may go out, or not."""
    ((first_try,),) = stack.query(FIRST_TRY, [enquiry.key for enquiry in ledger])
    if not first_try or first_try < TIME_TO_ASK:
        return ""
    return f"; first try took {first_try:.1f} s: too slow to judge who is told by mail"


def _load(stack: FaultStack) -> Ledger:
    """Short: urgent enquiries alone, for what the others are told waits until the mail server is back."""
    if not LONG:
        return Ledger(send(stack.port, Enquiry(urgent=True)) for _ in range(6))
    with Load(stack.port, seconds=SPAN) as load:
        pass
    return load.ledger


def _at_first(answer: Any) -> Callable[[Asked], Any]:
    """Answer so to the first time that a text is to be sent; then, and when asked about it, as documented."""
    seen: set[bytes] = set()

    def answers(asked: Asked) -> Any:
        is_first = asked.method == "POST" and asked.body not in seen
        seen.add(asked.body)
        return answer if is_first else "ok"

    return answers


def _settled(stack: FaultStack, ledger: Ledger) -> list[Any]:
    """Return every chain when all have come to an end, as long as what is broken still is."""
    keys = [enquiry.key for enquiry in ledger.urgent]

    def all_told() -> bool:
        chains = stack.query(CHAINS, keys)
        return len(chains) == len(keys) * len(PEOPLE) and all(
            states[-1] == "SENT" for _, _, states, *_ in chains
        )

    wait_until(all_told, what="word to everybody by some way")
    return stack.query(CHAINS, keys)


def texts_about(stack: FaultStack, ledger: Ledger) -> Counter[tuple[str, str]]:
    """Return how often each person was sent a text about each of these leads."""
    names = {number: email for email, number in PEOPLE.items()}
    made = [(names[text["to"]], text["body"]) for text in stack.peers.twilio.made if text["body"]]
    ours = [each.reference for each in ledger if each.reference]  # forms do not say it
    return Counter((name, each) for name, body in made for each in ours if each in body)


def _mails_about(stack: FaultStack, ledger: Ledger) -> dict[tuple[str, str], list[str]]:
    """Return the mails that each person got about each of these leads."""
    found = defaultdict(list)
    for mail in stack.mail.received():
        for each in ledger:
            if each.reference in mail["text"]:
                found[mail["to"], each.reference].append(mail["text"])
    return dict(found)
