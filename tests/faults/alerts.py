"""The steps of alerts, and answering them: in the tables, mails and pages of a stack."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.faults.ledger import Enquiry, post
from tests.faults.stack import FaultStack
from tests.processes import wait_until

ESCALATION = """
    SELECT escalation.* FROM notifications_escalation escalation
    JOIN intake_enquiry enquiry ON enquiry.lead_id = escalation.about WHERE enquiry.idempotency_key = %s
"""
STARTED = "SELECT min(started_at) FROM ({}) AS mine"
# Each moment at which people were told: number and round, whom, and seconds from the beginning until it was
# written down, and until the last of it was handed over.
STEPS = """
    SELECT split_part(message.dedupe_key, ':', 3)::int, split_part(message.dedupe_key, ':', 4)::int,
           count(DISTINCT message.recipient),
           extract(epoch FROM min(message.created_at) - min(mine.started_at))::float,
           extract(epoch FROM max(message.sent_at) - min(mine.started_at))::float
    FROM ({}) AS mine JOIN notifications_message message ON message.escalation_id = mine.id
    WHERE message.dedupe_key LIKE 'alert:%%' GROUP BY 1, 2 ORDER BY 1, 2
"""
ENDED = "SELECT how, extract(epoch FROM acknowledged_at - started_at)::float FROM ({}) AS mine"
LINK = re.compile(r"https://help\.example(/ack/\S+)")


@dataclass(frozen=True)
class Told:
    """One step of one alert, in seconds since it began. `sent` is None until all of it was handed over."""

    number: int
    round: int
    people: int
    at: float
    sent: float | None


def steps(stack: FaultStack, enquiry: Enquiry) -> list[Told]:
    """Return the steps of its alert that have been done."""
    return [Told(*row) for row in _ask(stack, STEPS, enquiry)]


def step(stack: FaultStack, enquiry: Enquiry, number: int, round_: int = 0) -> Told | None:
    """Return one step of its alert, None until all of it was handed over."""
    done = (told for told in steps(stack, enquiry) if (told.number, told.round) == (number, round_))
    return next((told for told in done if told.sent is not None), None)


def started_at(stack: FaultStack, enquiry: Enquiry) -> Any:
    return _ask(stack, STARTED, enquiry)[0][0]


def answered(stack: FaultStack, enquiry: Enquiry) -> tuple[str, float | None]:
    """Return how somebody answered its alert, and the seconds until then; "" and None: nobody has."""
    return _ask(stack, ENDED, enquiry)[0]


def answer_by_link(stack: FaultStack, enquiry: Enquiry, to: str) -> str:
    """Open the link in the latest mail about it, as a mail filter does, then press its button."""
    mails = [mail for mail in stack.mail.received() if mail["to"] == to and enquiry.reference in mail["text"]]
    (path,) = LINK.findall(mails[-1]["text"])
    assert stack.get(path)[0] == 200
    assert answered(stack, enquiry) == ("", None), "opening it is no answer"
    status, page = post(stack.port, path, "", {"Content-Type": "application/x-www-form-urlencoded"})
    assert status == 200
    return page.decode()


def wait_for_all(what: str, ask: Callable[[Enquiry], Any], enquiries: Sequence[Enquiry]) -> list[Any]:
    """Wait until the answer is true of every enquiry; return the answers."""
    wait_until(lambda: all(ask(each) for each in enquiries), what=what)
    return [ask(each) for each in enquiries]


def _ask(stack: FaultStack, statement: str, enquiry: Enquiry) -> list[Any]:
    return stack.query(statement.format(ESCALATION), enquiry.key)
