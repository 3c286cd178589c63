"""The mail server is away, slow, refuses or loses. Enquiries and placing must not notice."""

import pytest

from tests.faults.checks import alerts_tried, check_answers, check_bound, figures_of
from tests.faults.conftest import Show
from tests.faults.desk import Desk
from tests.faults.ledger import Enquiry, Ledger, Load, send
from tests.faults.stack import SPAN, FaultStack
from tests.processes import wait_until

AGE = "UPDATE notifications_message SET created_at = created_at - interval '2 minutes' WHERE state = 'FAILED'"
FAILED = "SELECT id FROM notifications_message WHERE state = 'FAILED'"
STUCK = "Alerts to staff are not going out"


def test_f12_a_silent_mail_server_delays_no_placing(stack: FaultStack, show: Show) -> None:
    stack.mail.behave("silent")
    with Load(stack.port, seconds=SPAN) as load:
        pass
    wait_until(stack.all_placed, seconds=180, what="the placing")
    stack.mail.behave("accept")
    healed = stack.heal(seconds=180)
    figures = figures_of(stack, load.ledger)
    show("F12 mail server silent", f"{figures}; sent {healed:.1f} s after it spoke again")
    assert (figures.refused, figures.unanswered) == (0, 0)
    check_answers(figures)
    check_bound(figures.placed_max, 10)


@pytest.mark.parametrize("behaviour", ["down", "451", "lost"])
def test_f12_alerts_go_out_when_the_mail_server_recovers(
    stack: FaultStack, show: Show, behaviour: str
) -> None:
    break_mail(stack, behaviour)
    ledger = Ledger(send(stack.port, Enquiry(urgent=True)) for _ in range(5))
    wait_until(lambda: alerts_tried(stack, ledger), what="a try of each alert")
    mend_mail(stack)
    healed = stack.heal()
    figures = figures_of(stack, ledger)
    show(f"F12 mail server {behaviour}", f"{figures}; sent {healed:.1f} s after it recovered")
    check_bound(figures.placed_max, 10)


def test_f12_a_refusal_for_good_is_shown_until_somebody_sends_it_again(stack: FaultStack, show: Show) -> None:
    stack.mail.behave("554")
    ledger = Ledger([send(stack.port, Enquiry(urgent=True))])
    stack.heal()
    stack.mail.behave("accept")
    manager = Desk(stack.port, stack.people["manager"])
    stack.execute(AGE)
    assert STUCK in manager.get("/desk/")
    page = manager.get("/desk/jobs/")
    assert ledger[0].reference in page
    for (message,) in stack.query(FAILED):
        manager.post(f"/desk/messages/{message}/resend/")
    stack.heal()
    show("F12 mail server 554", f"{figures_of(stack, ledger)}; sent again from the desk")
    assert stack.query(FAILED) == []
    assert STUCK not in manager.get("/desk/")


def break_mail(stack: FaultStack, behaviour: str) -> None:
    """Have the mail server be down, or do something else to each message from now on."""
    if behaviour == "down":
        stack.mail.process.kill()
    else:
        stack.mail.behave(behaviour)


def mend_mail(stack: FaultStack) -> None:
    """Have it take everything again."""
    stack.mail.behave("accept")
    if not stack.mail.process.is_alive():
        stack.mail.start()
