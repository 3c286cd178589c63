"""What is measured. Each measure returns rows: what, the figure, what DESIGN asks for."""

import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode

from django.db import connection

from bench.desk import PAGE, lead_page, looked_for, refresh_headers, search_headers
from bench.load import Request, Sample, closed_loop, enquiry_form, one_by_one, open_loop
from bench.phone import usable_after
from bench.stack import Stack

BARE = Request("POST", "/bench/bare/", body=enquiry_form(urgent=False), wanted=302)
FORM = Request("POST", "/urgent/", body=enquiry_form(urgent=False), wanted=302)
URGENT_FORM = Request("POST", "/urgent/", body=enquiry_form(urgent=True), wanted=302)
A_FIFTH_URGENT = (URGENT_FORM, FORM, FORM, FORM, FORM)

PLACED = """
    SELECT percentile_disc(ARRAY[0.5, 0.99])
               WITHIN GROUP (ORDER BY extract(epoch FROM placed_at - received_at)),
           count(*) FILTER (WHERE placed_at IS NULL)
    FROM crm_lead WHERE received_at > %s
"""
ALERTED = """
    SELECT percentile_disc(ARRAY[0.5, 0.99])
               WITHIN GROUP (ORDER BY extract(epoch FROM told.first - lead.received_at)),
           count(*) FILTER (WHERE told.first IS NULL)
    FROM crm_lead lead JOIN notifications_escalation alert ON alert.about = lead.id, LATERAL (
        SELECT min(delivery.finished_at) AS first
        FROM notifications_message message
        JOIN notifications_delivery delivery ON delivery.message_id = message.id
        WHERE message.escalation_id = alert.id AND delivery.outcome = 'ACCEPTED') told
    WHERE lead.received_at > %s AND (lead.level = 'U3') = %s
"""


@dataclass(frozen=True)
class Row:
    """One figure. `asked` is the target in words, empty where there is none."""

    name: str
    figure: float
    unit: str
    asked: str = ""


def capacity(stack: Stack, *, rounds: int, seconds: float) -> Iterator[Row]:
    """Form POST to received page against the bare view, in turns, with nothing left over from a turn."""
    bare, form, ratios = [], [], []
    for _ in range(rounds):
        bare.append(_rate(stack, BARE, seconds))
        form.append(_rate(stack, FORM, seconds))
        wait_for_empty_queues()
        ratios.append(form[-1] / bare[-1])
    yield Row("bare view: POST", statistics.median(bare), "a second", "the reference")
    yield Row("form POST to received page", statistics.median(form), "a second")
    yield Row("form POST, share of the bare view", 100 * statistics.median(ratios), "%", "60 or more")


def latency(stack: Stack, *, per_second: float, seconds: float) -> Iterator[Row]:
    """Form POST, placing and alerting at a steady rate, a fifth of it urgent."""
    began = _now()
    sample = open_loop(stack.port, A_FIFTH_URGENT, per_second=per_second, seconds=seconds)
    wait_for_empty_queues()
    _check(sample)
    rate = f"at {per_second:.0f} a second"
    yield Row(f"form POST {rate}: p50", sample.percentile(0.5), "ms")
    yield Row(f"form POST {rate}: p99", sample.percentile(0.99), "ms", "under 60")
    (p50, p99), unplaced = _query(PLACED, began)
    yield Row(f"POST to placed {rate}: p50", 1000 * float(p50), "ms", "under 50")
    yield Row(f"POST to placed {rate}: p99", 1000 * float(p99), "ms", "under 500")
    yield Row("leads left unplaced", unplaced, "", "0")
    (p50, p99), untold = _query(ALERTED, began, False)
    yield Row(f"POST to first alert handed over {rate}: p50", 1000 * float(p50), "ms", "under 300")
    yield Row(f"POST to first alert handed over {rate}: p99", 1000 * float(p99), "ms", "under 2000")
    (p50, p99), late = _query(ALERTED, began, True)
    yield Row(f"the same for U3, which has four hours, {rate}: p50", 1000 * float(p50), "ms")
    yield Row(f"the same for U3, which has four hours, {rate}: p99", 1000 * float(p99), "ms")
    yield Row("alerts that were handed to nobody", untold + late, "", "0")


def desk(stack: Stack, *, leads: int, cookie: str, times: int) -> Iterator[Row]:
    """The queue page, a lead's page and the funnel with so many leads in the database."""
    cookies = (("Cookie", f"sessionid={cookie}"),)
    page = _timed(stack, Request("GET", "/desk/queues/urgent/", headers=cookies), times)
    yield Row(f"queue page, {leads:,} leads: p50", page.percentile(0.5), "ms", "under 60")
    lead = _timed(stack, Request("GET", lead_page(), headers=cookies), times)
    yield Row(f"lead page, {leads:,} leads: p50", lead.percentile(0.5), "ms")
    funnel = _timed(stack, Request("GET", "/desk/reports/funnel/", headers=cookies), max(5, times // 10))
    yield Row(f"funnel over 90 days, {leads:,} leads: p50", funnel.percentile(0.5), "ms", "under 200")


def search(stack: Stack, *, leads: int, cookie: str, times: int) -> Iterator[Row]:
    """The search box with so many leads in the database: over encrypted names, numbers and addresses."""
    headers = search_headers(cookie)
    for what, typed in looked_for().items():
        body = urlencode({"q": typed})
        sample = _timed(stack, Request("POST", "/desk/search/", partial(str, body), headers), times)
        yield Row(f"search by {what}, {leads:,} leads: p50", sample.percentile(0.5), "ms", "under 100")
        yield Row(f"search by {what}, {leads:,} leads: p99", sample.percentile(0.99), "ms", "under 100")


def refresh(stack: Stack, *, cookie: str, seconds: float) -> Iterator[Row]:
    """The refresh that finds nothing new. A tag lives for 15 seconds, so each turn takes a new one."""
    turns = [_refreshes(stack, cookie, min(seconds, 3)) for _ in range(5)]
    whole = [turn.per_second for turn in turns if not turn.wrong]  # a turn in which no tag ran out
    yield Row("refresh that finds nothing new", statistics.median(whole), "a second", "1500")


def _refreshes(stack: Stack, cookie: str, seconds: float) -> Sample:
    headers = refresh_headers(stack.port, cookie)
    return closed_loop(stack.port, Request("GET", PAGE, headers=headers, wanted=304), seconds=seconds)


def phone(stack: Stack, *, times: int) -> Iterator[Row]:
    """The public pages on a slow phone: usable when all of the page is there."""
    for path in ("/", "/urgent/", "/help/ketamine/"):
        took = statistics.median(usable_after(f"http://127.0.0.1:{stack.port}{path}", times=times))
        yield Row(f"{path} usable on slow 3G: p50", took, "s", "under 3")


def wait_for_empty_queues(limit: float = 120) -> None:
    """Wait until every due job is done. Raises TimeoutError when some never are."""
    until = time.monotonic() + limit
    while time.monotonic() < until:
        due = "SELECT count(*) FROM jobs_job WHERE done_at IS NULL AND dead_at IS NULL AND due_at <= now()"
        if _query(due)[0] == 0:
            return
        time.sleep(0.2)
    raise TimeoutError("Jobs are still due after two minutes.")


def _rate(stack: Stack, request: Request, seconds: float) -> float:
    sample = closed_loop(stack.port, request, seconds=seconds)
    _check(sample)
    return sample.per_second


def _timed(stack: Stack, request: Request, times: int) -> Sample:
    one_by_one(stack.port, request, times=3)  # warm
    sample = one_by_one(stack.port, request, times=times)
    _check(sample)
    return sample


def _check(sample: Sample) -> None:
    if sample.wrong:
        raise RuntimeError(
            f"{len(sample.wrong)} of {len(sample.seconds)} answers were not as wanted: {sample.wrong[:5]}"
        )


def _now() -> object:
    return _query("SELECT now()")[0]


def _query(statement: str, *values: object) -> tuple[object, ...]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchone()
