"""What must be true after every fault, asked of the tables and the mail server; and the figures."""

import json
from collections import Counter
from dataclasses import dataclass

from tests.faults.ledger import Ledger
from tests.faults.stack import LONG, FaultStack

# One row for each key that a client saw accepted: its enquiries, and the leads that its reference leads to.
KEPT = """
    SELECT said.key, count(DISTINCT enquiry.id), count(DISTINCT known.lead_id)
    FROM unnest(%s::text[], %s::text[]) AS said(key, reference)
    LEFT JOIN intake_enquiry enquiry ON enquiry.idempotency_key = said.key
    LEFT JOIN crm_leadreference known ON known.lead_id = enquiry.lead_id
          AND known.reference = coalesce(nullif(said.reference, ''), enquiry.reference)
    GROUP BY said.key
"""
LEADS = "SELECT count(DISTINCT lead_id) FROM intake_enquiry WHERE idempotency_key = ANY(%s)"
# How each was placed: seconds until then, and how often that was noted.
PLACED = """
    SELECT extract(epoch FROM lead.placed_at - enquiry.received_at)::float,
           (SELECT count(*) FROM crm_leadevent event WHERE event.lead_id = lead.id AND event.kind = 'PLACED')
    FROM intake_enquiry enquiry JOIN crm_lead lead ON lead.id = enquiry.lead_id
    WHERE enquiry.idempotency_key = ANY(%s)
"""
# Each alert: seconds until its first try, and its tries.
ALERTS = """
    SELECT enquiry.idempotency_key, message.id::text, count(delivery.id),
           extract(epoch FROM min(delivery.started_at) - enquiry.received_at)::float
    FROM intake_enquiry enquiry
    JOIN notifications_message message
      ON message.about = enquiry.lead_id AND message.kind = 'URGENT_LEAD_ALERT'
    LEFT JOIN notifications_delivery delivery ON delivery.message_id = message.id
    WHERE enquiry.idempotency_key = ANY(%s)
    GROUP BY enquiry.idempotency_key, enquiry.received_at, message.id
"""
RECIPIENTS = 2  # tests.faults.prepare.ALERTED


@dataclass(frozen=True)
class Figures:
    """What a fault did. Times are in seconds; `copies` counts mails that arrived a second time."""

    accepted: int
    sent: int
    refused: int
    unanswered: int
    p99: float
    placed_p50: float
    placed_max: float
    alerted_max: float
    copies: int

    def __str__(self) -> str:
        return (
            f"{self.accepted}/{self.sent} accepted ({self.refused} refused, {self.unanswered} unanswered), "
            f"p99 {self.p99:.0f} ms; placed {self.placed_p50:.2f} s, slowest {self.placed_max:.1f} s; "
            f"alerted {self.alerted_max:.1f} s; {self.copies} copies; 0 lost"
        )


def figures_of(stack: FaultStack, ledger: Ledger) -> Figures:
    """Return the figures of a load, after checking that nothing was lost and nothing was done twice."""
    keys = [enquiry.key for enquiry in ledger.accepted]
    check_nothing_lost(stack, ledger)
    placed = _check_placed_once(stack, keys)
    alerted, copies = _check_alerts(stack, ledger)
    return Figures(
        accepted=len(keys),
        sent=len(ledger),
        refused=ledger.refused,
        unanswered=ledger.unanswered,
        p99=ledger.percentile(0.99),
        placed_p50=placed[len(placed) // 2],
        placed_max=placed[-1],
        alerted_max=alerted,
        copies=copies,
    )


def check_nothing_lost(stack: FaultStack, ledger: Ledger) -> None:
    """Ledger minus leads is nothing, one lead a key, every enquiry accounted for."""
    keys = [enquiry.key for enquiry in ledger.accepted]
    rows = stack.query(KEPT, keys, [enquiry.reference for enquiry in ledger.accepted])
    assert [key for key, enquiries, leads in rows if (enquiries, leads) != (1, 1)] == [], "lost or doubled"
    assert stack.query(LEADS, keys)[0][0] == len(keys), "two callers on one lead"
    assert json.loads(stack.manage("reconcile"))["unaccounted"] == 0


def _check_placed_once(stack: FaultStack, keys: list[str]) -> list[float]:
    """Return the seconds to placing, in order."""
    rows = stack.query(PLACED, keys)
    assert {times for _, times in rows} == {1}, "a lead was placed twice, or not at all"
    return sorted(seconds for seconds, _ in rows)


def _check_alerts(stack: FaultStack, ledger: Ledger) -> tuple[float, int]:
    """Return the seconds until the last first try of an alert, and how many mails came a second time."""
    keys = [enquiry.key for enquiry in ledger.urgent]
    rows = stack.query(ALERTS, keys)
    per_key = Counter(key for key, *_ in rows)
    assert per_key == dict.fromkeys(keys, RECIPIENTS), "an urgent lead without an alert to each, or with two"
    assert [message for _, message, tries, _ in rows if not tries] == [], "an alert that was never tried"
    copies = stack.mail.copies()
    return max(seconds for *_, seconds in rows), sum(max(0, copies[message] - 1) for _, message, *_ in rows)


def check_bound(seconds: float, bound: float) -> None:
    """Hold a figure to its bound, in the long version only: a test run shares its machine."""
    assert not LONG or seconds < bound, f"{seconds:.1f} s, {bound} promised"


def alerts_tried(stack: FaultStack, ledger: Ledger) -> bool:
    """Return whether every alert of every urgent lead was tried at least once."""
    rows = stack.query(ALERTS, [enquiry.key for enquiry in ledger.urgent])
    return len(rows) == RECIPIENTS * len(ledger.urgent) and all(tries for _, _, tries, _ in rows)
