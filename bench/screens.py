"""Twenty people at the desk: taking leads all at once, and screens that are left open."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import psutil
from django.conf import settings
from django.db import connection
from django.test import Client

from bench.desk import PAGE, WATCH, refresh_headers, search_headers
from bench.load import Request, one_by_one, side_by_side
from bench.measures import Row
from bench.stack import Stack
from crm.enums import CallerRole, LeadChannel, Level, Queue, Role
from crm.models import Lead, Membership, Person, Site, User
from crm.references import new_reference
from jobs.clock import database_now

TAKERS, SUPPLY = 20, 3000
TAKEN = """
    SELECT count(*), count(*) - count(DISTINCT lead_id) FROM crm_leadevent
    WHERE kind = 'CLAIMED' AND occurred_at >= %s
"""


def take_next(stack: Stack, *, leads: int, seconds: float) -> Iterator[Row]:
    """Everybody presses "Take next" as fast as the page answers. No lead goes to two of them."""
    _supply()
    began = _now()
    requests = [_take(cookie) for cookie in _sign_in_all()]
    sample = side_by_side(stack.port, requests, seconds=seconds)
    if sample.wrong:
        raise RuntimeError(f"{len(sample.wrong)} answers were not as wanted: {sample.wrong[:5]}")
    taken, twice = _query(TAKEN, began)
    what = f"take next, {TAKERS} takers, {leads:,} leads"
    yield Row(what, taken / sample.elapsed, "a second")
    yield Row(f"{what}: p99", sample.percentile(0.99), "ms")
    yield Row(f"{what}: taken twice", twice, "", "0")


def open_screens(stack: Stack, *, leads: int, cookie: str, times: int) -> Iterator[Row]:
    """What an open page costs all cores: a refresh that finds nothing new, one that draws the queue anew,
    and a poll of the part that says who watches.
    """
    headers = refresh_headers(stack.port, cookie)
    same = Request("GET", PAGE, headers=headers, wanted=304)
    anew = Request("GET", PAGE, headers=headers[:-1])
    poll = Request("GET", WATCH, headers=headers[:-1])
    asked = {"refresh, nothing new": same, "refresh, queue drawn anew": anew, WATCH + " poll": poll}
    for name, request in asked.items():
        web, database = _cpu(stack, request, times if request is same else times // 5)
        what = f"{name}, {leads:,} leads: CPU"
        yield Row(f"{what} of the web processes", web, "ms")
        yield Row(f"{what} of PostgreSQL", database, "ms")


def _supply() -> None:
    """Let more leads wait than anybody can take meanwhile, all of one caller who may be rung at any time."""
    site, at = Site.objects.get(is_default=True), database_now()
    caller = Person.objects.create(name="A Caller", phone="07700 900000", may_call=True, created_at=at)
    people = {"caller": caller, "patient": caller, "caller_role": CallerRole.SELF}
    said = {"queue": Queue.URGENT, "level": Level.U2, "channel": LeadChannel.WEB}
    times = {"received_at": at, "placed_at": at, "respond_by": at, "due_at": at}
    leads = [Lead(reference=new_reference(), site=site, **people, **said, **times) for _ in range(SUPPLY)]
    Lead.objects.bulk_create(leads, batch_size=500, ignore_conflicts=True)  # one may be used


def _cpu(stack: Stack, request: Request, times: int) -> tuple[float, float]:
    """Return the milliseconds of CPU that a request costs, in the web processes and in the database's."""
    pids = (stack.processes["web"].pid, stack.postgres.pid)
    one_by_one(stack.port, request, times=10)  # warm
    before = [_seconds(pid) for pid in pids]
    one_by_one(stack.port, request, times=times)
    web, database = (1000 * (_seconds(pid) - was) / times for pid, was in zip(pids, before, strict=True))
    return web, database


def _seconds(pid: int) -> float:
    """Return the CPU seconds of a process and of what it started and still runs."""
    whole = psutil.Process(pid)
    times = [each.cpu_times() for each in (whole, *whole.children(recursive=True))]
    return sum(each.user + each.system for each in times)


def _take(cookie: str) -> Request:
    return Request(
        "POST",
        "/desk/take-next/",
        body=lambda: urlencode({"queue": "URGENT"}),
        headers=search_headers(cookie),
        wanted=302,
    )


def _sign_in_all() -> list[str]:
    site, cookies = Site.objects.get(is_default=True), []
    for _ in range(TAKERS):
        user = User.objects.create(email=f"{uuid4().hex}@threshold.example", full_name="A Taker")
        Membership.objects.create(user=user, site=site, role=Role.COORDINATOR)
        client = Client()
        client.force_login(user)
        cookies.append(client.cookies[settings.SESSION_COOKIE_NAME].value)
    return cookies


def _now() -> object:
    return _query("SELECT now()")[0]


def _query(statement: str, *values: object) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchone()
