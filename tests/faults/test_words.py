"""One message among a thousand cannot be put into words: it is shown, and no other waits for it."""

from collections import Counter

from tests.faults.conftest import Show
from tests.faults.desk import Desk
from tests.faults.stack import LONG, FaultStack
from tests.processes import wait_until

MANY = 1000 if LONG else 150
LEFT = "SELECT count(*) FROM notifications_message WHERE dedupe_key LIKE 'many:%' AND state = 'QUEUED'"
STATES = """
    SELECT state, count(*), max(why), extract(epoch FROM max(sent_at) - min(created_at))::float
    FROM notifications_message WHERE dedupe_key LIKE 'many:%' GROUP BY state ORDER BY state
"""
FAILED = "SELECT id FROM notifications_message WHERE dedupe_key LIKE 'many:%' AND state = 'FAILED'"


def test_a_message_that_cannot_be_written_stops_no_other(stack: FaultStack, show: Show) -> None:
    stack.run("-m", "tests.faults.many", str(MANY))
    wait_until(lambda: stack.query(LEFT) == [(0,)], seconds=180, what="the end of all")
    (failed, one, why, _), (sent, others, _, seconds) = stack.query(STATES)
    mails = Counter(mail["to"] for mail in stack.mail.received() if mail["to"].endswith("@many.example"))
    show(
        f"A template error among {MANY}",
        f"{others} sent in {seconds:.1f} s, {mails.total() - len(mails)} twice, 0 lost, {one} shown",
    )
    assert (failed, one, sent, others) == ("FAILED", 1, "SENT", MANY - 1)
    assert why == "CannotBeWritten"
    assert (len(mails), set(mails.values())) == (MANY - 1, {1})
    desk, ((message,),) = Desk(stack.port, stack.people["manager"]), stack.query(FAILED)
    assert f"/desk/messages/{message}/discard/" in desk.get("/desk/jobs/")
    desk.post(f"/desk/messages/{message}/discard/")
    assert stack.query(FAILED) == []
