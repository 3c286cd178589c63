"""A new release takes over under load; old processes meet new tables, new processes meet old work."""

import json
from uuid import UUID, uuid4

from tests.faults.checks import Figures, alerts_tried, check_bound, figures_of
from tests.faults.conftest import Show
from tests.faults.deploy import NOVELTY, OTHERS, WORKERS, Deploy
from tests.faults.desk import Desk
from tests.faults.ledger import Ledger, Load
from tests.faults.stack import SPAN, FaultStack
from tests.faults.tasks import MARK, SLOW
from tests.processes import wait_until

SOFT_TIMEOUT = 20  # seconds: CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT
ENDING = 5  # seconds that a process needs to end when its time is over
GONE = "tests.faults.tasks.of_an_older_release"
# A message that the next release writes: what is in it, and by which channel it goes, nobody knows here.
NEWER_MESSAGE = """
    INSERT INTO notifications_message (id, kind, channel, "to", context, dedupe_key, state, tries, created_at)
    SELECT %s, 'OF_THE_NEXT_RELEASE', 'PIGEON', "to", context, 'of the next release', 'QUEUED', 0, now()
    FROM notifications_message LIMIT 1
"""
DELIVER = "notifications.tasks.deliver_message"
WAITS = "SELECT state, why, tries FROM notifications_message WHERE id = %s"


def test_f18_a_rolling_deploy_under_load_fails_nobody(stack: FaultStack, show: Show) -> None:
    slow = stack.enqueue(SLOW, "routine", 20)
    with Deploy(stack) as deploy:
        with Load(stack.port, seconds=2 * SPAN) as load:
            load.reach(1)
            deploy.migrate()
            drained = {"web": deploy.replace_web()}
            drained |= deploy.replace_others()
        (new,) = stack.enqueue(NOVELTY, "routine", 1)
        wait_until(lambda: stack.marks([*slow, new]) == [1] * 21, what="all jobs, each once")
        figures = _figures(stack, load.ledger)
    slowest = max(drained, key=lambda name: drained[name])
    show("F18 rolling deploy", f"slowest end {drained[slowest]:.1f} s ({slowest}); {figures}")
    assert (figures.refused, figures.unanswered) == (0, 0)
    assert figures.accepted == figures.sent
    check_bound(max(drained.values()), SOFT_TIMEOUT + ENDING)


def test_f19_old_processes_and_new_tables_new_processes_and_old_work(stack: FaultStack, show: Show) -> None:
    with Deploy(stack) as deploy:
        deploy.migrate()
        new, gone = stack.enqueue(NOVELTY, "routine", 3), stack.enqueue(GONE, "urgent", 2)
        message = _message_of_the_next_release(stack)
        with Load(stack.port, seconds=5) as load:
            pass
        wait_until(lambda: stack.query(WAITS, message)[0][1] != "", what="a look at the message")
        assert stack.query(WAITS, message) == [("QUEUED", "NewerRelease", 0)]
        assert _waiting(stack) == {NOVELTY: 3, GONE: 2}
        page = Desk(stack.port, stack.people["manager"]).get("/desk/jobs/")
        assert {kind for kind in (NOVELTY, GONE) if kind in page} == {NOVELTY, GONE}
        old = _leave_old_work_in_the_broker(stack, gone)
        deploy.replace_others()
        wait_until(lambda: stack.marks([*new, *old]) == [1] * 23, what="both kinds of job, each once")
        stack.execute("DELETE FROM notifications_message WHERE id = %s", message)
        stack.execute("DELETE FROM jobs_job WHERE id = %s", message)
        assert all(stack.processes[name].is_alive() for name in OTHERS)
        assert _waiting(stack) == {GONE: 2}
        figures = _figures(stack, load.ledger)
    stack.execute("DELETE FROM jobs_job WHERE kind = %s", GONE)
    show("F19 old and new", f"{len(old)} old jobs in the broker met new workers; {figures}")
    assert (figures.refused, figures.unanswered) == (0, 0)


def _figures(stack: FaultStack, ledger: Ledger) -> Figures:
    """Return them when each alert was tried once: on a busy machine a deploy outlasts their second step."""
    wait_until(lambda: alerts_tried(stack, ledger), seconds=180, what="the alerts")
    stack.answer_alerts()
    stack.heal(seconds=180)
    return figures_of(stack, ledger)


def _message_of_the_next_release(stack: FaultStack) -> UUID:
    message = uuid4()
    stack.execute(NEWER_MESSAGE, message)  # before its job: that finds it, however soon it is run
    stack.enqueue_about([message], DELIVER, "outbound")
    return message


def _leave_old_work_in_the_broker(stack: FaultStack, gone: list[UUID]) -> list[UUID]:
    """Have this release publish work that it does not get round to, and nudges that nobody can follow."""
    for name in WORKERS:
        stack.processes[name].kill()
    jobs = stack.enqueue(MARK, "routine", 20)
    wait_until(lambda: stack.published() >= len(jobs), what="the publication")
    nudge = f"app.send_task({GONE!r}, args=[{str(gone[0])!r}], kwargs={{'added': 1}}, queue='urgent')"
    stack.run("-c", f"from config.celery import app; {nudge}")
    return jobs


def _waiting(stack: FaultStack) -> dict[str, int]:
    """Return what the dispatcher of this release says waits for a newer one."""
    return dict(json.loads(stack.manage("dispatch", "--status"))["waiting_kinds"])
