"""The cache that counts enquiries is away: limits fail open, and say so."""

from tests.faults.checks import check_answers, figures_of
from tests.faults.conftest import Show
from tests.faults.ledger import Enquiry, Ledger, Load, send
from tests.faults.stack import LONG, SPAN, FaultStack
from tests.processes import wait_until

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
    wait_until(lambda: _is_counted(stack), what="an enquiry that is counted again")
    stack.heal()
    show("F26 rate-limit cache down", f"{flagged}/{all_of_them} flagged as not counted; {figures}")
    assert figures.accepted == figures.sent == flagged == all_of_them
    assert (figures.refused, figures.unanswered) == (0, 0)
    check_answers(figures)


def _is_counted(stack: FaultStack) -> bool:
    """Ask again if not: the cache has a twentieth of a second, which a busy machine may not give it."""
    return _flagged(stack, Ledger([send(stack.port, Enquiry(urgent=True))])) == [(0, 1)]


def _flagged(stack: FaultStack, ledger: Ledger) -> list[tuple[int, int]]:
    return stack.query(FLAGGED, [enquiry.key for enquiry in ledger])
