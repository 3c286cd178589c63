"""The web server is killed in mid-request; callers press twice, retry, and reuse keys."""

import json
import signal
import threading
from collections.abc import Callable
from typing import TypeVar

from tests.faults.checks import check_nothing_lost, figures_of
from tests.faults.conftest import Show
from tests.faults.ledger import Enquiry, Ledger, Load, post, send
from tests.faults.stack import LONG, SPAN, FaultStack

KILLS = 6 if LONG else 2
Result = TypeVar("Result")
ROWS = "SELECT count(*), count(DISTINCT lead_id) FROM intake_enquiry WHERE idempotency_key = %s"


def test_f7_killing_the_web_server_loses_no_answered_enquiry(stack: FaultStack, show: Show) -> None:
    took = []
    with Load(stack.port, seconds=SPAN) as load:
        for _ in range(KILLS):
            load.pause(SPAN / KILLS / 2)
            stack.processes["web"].send(signal.SIGKILL)  # the master alone, as an out-of-memory killer does
            load.pause(0.5)
            stack.restart("web")
            took.append(stack.wait_for_web())
    stack.heal()
    figures = figures_of(stack, load.ledger)
    show("F7 web server killed", f"{KILLS} times; answers again after {max(took):.1f} s; {figures}")
    assert figures.accepted == figures.sent


def test_f16_fifty_posts_with_one_key_make_one_lead(stack: FaultStack, show: Show) -> None:
    one = Enquiry(urgent=True)
    answers = at_once(50, lambda: post(stack.port, *one.request()))
    assert {status for status, _ in answers} == {201}
    assert len({body for _, body in answers}) == 1
    assert stack.query(ROWS, one.key) == [(1, 1)]
    ledger = Ledger([send(stack.port, one)])
    assert one.reference == json.loads(answers[0][1])["reference"]
    stack.heal()
    show("F16 50 posts, one key", figures_of(stack, ledger))


def test_f16_a_double_click_on_the_form_makes_one_lead(stack: FaultStack) -> None:
    one = Enquiry(urgent=True, by_form=True)
    answers = at_once(2, lambda: post(stack.port, *one.request()))
    again = post(stack.port, *one.request())  # and the back button, later
    assert {status for status, _ in [*answers, again]} == {302}
    assert stack.query(ROWS, one.key) == [(1, 1)]
    stack.heal()
    check_nothing_lost(stack, Ledger([send(stack.port, one)]))


def test_f17_a_key_with_another_body_is_refused_and_the_first_stands(stack: FaultStack) -> None:
    first = send(stack.port, Enquiry(urgent=True))
    path, body, headers = first.request()
    status, answer = post(stack.port, path, body.replace("Example Caller", "Somebody Else"), headers)
    problem = json.loads(answer)
    assert (status, problem["type"].rpartition("/")[2]) == (409, "idempotency-key-reused")
    assert json.loads(post(stack.port, path, body, headers)[1])["reference"] == first.reference
    stack.heal()
    check_nothing_lost(stack, Ledger([first]))


def at_once(times: int, do: Callable[[], Result]) -> list[Result]:
    """Do something many times at the same moment; return what came of each."""
    gate, results = threading.Barrier(times), []

    def work() -> None:
        gate.wait()
        results.append(do())

    threads = [threading.Thread(target=work) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == times
    return results
