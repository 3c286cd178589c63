"""Twenty coordinators press "take next" at the same moment, and ten leads wait."""

from tests.faults.desk import Desk
from tests.faults.ledger import Enquiry, Ledger, send
from tests.faults.stack import FaultStack
from tests.faults.test_web import at_once

LEADS = 10
MOVE = """
    UPDATE crm_lead SET site_id = %s
    WHERE id IN (SELECT lead_id FROM intake_enquiry WHERE idempotency_key = ANY(%s))
"""
OWNERS = "SELECT count(*), count(DISTINCT owner_id) FROM crm_lead WHERE site_id = %s AND owner_id IS NOT NULL"


def test_everybody_gets_another_lead_or_is_told_that_there_is_none(stack: FaultStack) -> None:
    ledger = Ledger(send(stack.port, Enquiry(urgent=True)) for _ in range(LEADS))
    stack.heal()
    stack.execute(MOVE, stack.people["site"], [enquiry.key for enquiry in ledger])
    desks = [Desk(stack.port, cookie) for cookie in stack.people["coordinators"]]
    waiting = iter(desks)
    taken = at_once(len(desks), lambda: take_next(next(waiting)))
    leads = {where for _, where in taken if where.startswith("/desk/leads/")}
    empty_handed = [desk for desk, where in taken if not where.startswith("/desk/leads/")]
    assert (len(leads), len(empty_handed)) == (LEADS, len(desks) - LEADS)
    assert stack.query(OWNERS, stack.people["site"]) == [(LEADS, LEADS)]
    assert all("nothing to take" in desk.get("/desk/queues/urgent/") for desk in empty_handed)


def take_next(desk: Desk) -> tuple[Desk, str]:
    return desk, desk.post("/desk/take-next/", queue="URGENT")
