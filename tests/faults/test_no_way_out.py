"""Every way out is down: whoever is at a desk sees it, and the silence outside tells the others."""

from datetime import timedelta

from tests.faults.checks import check_bound, figures_of
from tests.faults.clock import StackClock
from tests.faults.conftest import Show, Ways
from tests.faults.desk import Desk
from tests.faults.ledger import Enquiry, Ledger, send
from tests.faults.stack import LONG, FaultStack
from tests.faults.test_mail import mend_mail
from tests.notifications.peers.server import Reply
from tests.processes import wait_until

STUCK = "Alerts to staff are not going out"
SEEN_WITHIN = 60.0  # seconds: the banner, and the first ping that is withheld
TRIED = """
    SELECT min(created_at) FROM notifications_message
    WHERE dedupe_key LIKE 'alert:%%' AND about = (
        SELECT lead_id FROM intake_enquiry WHERE idempotency_key = %s)
"""
WITHHELD = """
    SELECT min(at) FROM intake_audit WHERE at > %s AND failures @> '[{"check": "ALERTS_WAITING"}]'
"""


def test_f14_all_channels_down_is_seen_on_every_screen_and_outside(
    stack: FaultStack, ways: Ways, clock: StackClock, show: Show
) -> None:
    ways()
    stack.mail.process.kill()
    stack.peers.twilio.always(Reply(503))
    ledger = Ledger([send(stack.port, Enquiry(urgent=True))])
    desk = Desk(stack.port, stack.people["manager"])
    wait_until(lambda: stack.query(TRIED, ledger[0].key)[0][0], what="the alert")
    ((began,),) = stack.query(TRIED, ledger[0].key)
    if not LONG:
        clock.move_to(began + timedelta(seconds=30))  # nothing is late yet: the rest is waited for
    wait_until(lambda: STUCK in desk.get("/desk/"), seconds=90, what="the banner")
    banner = (clock.now() - began).total_seconds()
    wait_until(lambda: stack.query(WITHHELD, began)[0][0], seconds=90, what="an audit that does not pass")
    silent = (stack.query(WITHHELD, began)[0][0] - began).total_seconds()
    mend_mail(stack)
    stack.peers.twilio.always("ok")
    stack.execute("DELETE FROM notifications_circuit")
    if not LONG:
        clock.move_to(clock.now() + timedelta(seconds=40))  # the pause before the next try
    stack.heal()
    figures = figures_of(stack, ledger)
    show(
        "F14 all channels down", f"banner after {banner:.1f} s; no heartbeat after {silent:.1f} s; {figures}"
    )
    check_bound(banner, SEEN_WITHIN)
    check_bound(silent, SEEN_WITHIN)
