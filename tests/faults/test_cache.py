"""The cache that counts enquiries is away: limits fail open, and say so."""

from tests.faults.checks import figures_of
from tests.faults.conftest import Show
from tests.faults.ledger import Enquiry, Ledger, Load, send
from tests.faults.stack import LONG, SPAN, FaultStack

FLAGGED = """
    SELECT count(*) FILTER (WHERE 'NOT_COUNTED' = ANY(flags)), count(*) FROM intake_enquiry
    WHERE idempotency_key = ANY(%s)
"""


def test_f26_without_the_cache_every_enquiry_is_accepted_and_flagged(stack: FaultStack, show: Show) -> None:
    """It hangs, which is worse than being away; the broker, in the same server, hangs with it."""
    stack.freeze_broker()
    with Load(stack.port, seconds=SPAN if LONG else 3) as load:
        pass
    stack.thaw_broker()
    stack.heal()
    figures = figures_of(stack, load.ledger)
    ((flagged, all_of_them),) = _flagged(stack, load.ledger)
    after = Ledger([send(stack.port, Enquiry(urgent=True))])
    stack.heal()
    show("F26 rate-limit cache down", f"{flagged}/{all_of_them} flagged as not counted; {figures}")
    assert figures.accepted == figures.sent == flagged == all_of_them
    assert (figures.refused, figures.unanswered) == (0, 0)
    assert _flagged(stack, after) == [(0, 1)], "counted again"


def _flagged(stack: FaultStack, ledger: Ledger) -> list[tuple[int, int]]:
    return stack.query(FLAGGED, [enquiry.key for enquiry in ledger])
