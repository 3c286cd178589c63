"""Every page of the desk costs as many queries with thirty rows of everything as with one.

The pages are read from the URL conf, so that a new list cannot escape; one that does not grow with its rows
for a reason stands in ANYTHING_GOES with that reason.
"""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.enums import CallBackKind, RequestKind, Role
from crm.models import CallBack, CallerRequest, Lead, Membership
from crm.selectors.queues import Tab
from crm.services.contact import add_note
from crm.services.handover import write_handover_note
from intake.models import Enquiry
from jobs.clock import database_now
from jobs.ids import uuid7
from tests.clock import DatabaseClock
from tests.factories import ContactAttemptFactory, LeadFactory, MembershipFactory, PersonFactory, ShiftFactory
from tests.matrix.addresses import desk_addresses
from tests.matrix.rows import ROWS, failed_message
from tests.matrix.scene import Scene, a_scene, browser
from tests.matrix.who_may import ADDRESSES

pytestmark = pytest.mark.django_db
ROWS_OF_ALL = ("call", "text", "log", "job", "intake batch", "intake flag", "intake replay", "batch")
HOUR = timedelta(hours=1)
VARIANTS: dict[str, list[dict[str, Any]]] = {"crm:queue": [{"tab": tab.value} for tab in Tab]}
LISTS = {  # that they really had more to show
    *("crm:queue urgent", "crm:queue unrouted", "crm:queue review", "crm:queue mine", "crm:board"),
    *("crm:lead", "crm:requests", "crm:call_backs", "crm:calls", "crm:call_logs", "crm:jobs"),
    *("crm:handover", "crm:rota", "crm:watch", "crm:report_leads", "intake:imports", "intake:rule_flags"),
    "intake:stranded",
}
ANYTHING_GOES: dict[str, str] = {}


def grow(scene: Scene, number: int) -> None:
    """Add one more of everything that a page could list: some of it a lead's, some the site's."""
    at = database_now()
    lead = LeadFactory(site=scene.site, caller=PersonFactory(name="Zebedee Quagmire"))
    LeadFactory(site=scene.site, unrouted=True)
    LeadFactory(site=scene.site, review=True)
    mine = {
        "owner": scene.colleague,
        "claimed_at": at,
        "lease_until": at + HOUR,
    }
    LeadFactory(site=scene.site, **mine)
    for each in (lead, scene.lead):
        ContactAttemptFactory(lead=each, by=scene.colleague)
        add_note(lead=each, by=scene.colleague, text="Words", at=at)
    _ask(lead)
    for name in ROWS_OF_ALL:
        ROWS[name](scene)
    failed_message(scene)
    ShiftFactory(site=scene.site, user=MembershipFactory(site=scene.site).user)
    write_handover_note(site=scene.site, by=scene.colleague, text="Words", at=at)
    _strand(scene, number)


def _ask(lead: Lead) -> None:
    at = database_now()
    said = {"kind": RequestKind.SOONER, "enquiry": lead.reference, "is_verified": True, "asked_at": at}
    CallerRequest.objects.create(lead=lead, **said)
    call = {"kind": CallBackKind.values[0], "person": lead.caller, "due_at": at, "made_at": at}
    CallBack.objects.create(lead=lead, by=Membership.objects.filter(site=lead.site)[0].user, **call)


def _strand(scene: Scene, number: int) -> None:
    at, reference = database_now(), f"XX{number:02}-TEST"
    Enquiry.objects.create(
        reference=reference,
        idempotency_key=str(uuid7()),
        fingerprint=0,
        site=scene.site,
        channel="WEB",
        form_version="test",
        answers={},
        contact={"name": "Zebedee Quagmire", "phone": "07700 900987"},
        received_at=at - HOUR,
    )


def _pages(scene: Scene) -> dict[str, tuple[str, dict[str, Any]]]:
    """Return address and query of each page that a manager of the site can open."""
    pages = {}
    for name, rule in ADDRESSES.items():
        address = desk_addresses()[name]
        if "GET" not in rule.methods.split() or name in ANYTHING_GOES:
            continue
        for values in VARIANTS.get(name, [{}]):
            url = scene.url(address)
            for old, new in values.items():
                url = url.replace(f"/{ROWS[old](scene)}/", f"/{new}/")
            pages[" ".join([name, *values.values()])] = url, scene.said(address, rule)
    return pages


def _cost(desk: Client, url: str, said: dict[str, Any]) -> tuple[int, int]:
    """Return the number of queries and the size of a page."""
    desk.get(url, said)  # what is remembered, and noted once a minute
    with CaptureQueriesContext(connection) as queries:
        response = desk.get(url, said)
    assert response.status_code in {200, 302}, url
    return len(queries), len(response.content)


def test_thirty_rows_cost_as_many_queries_as_one(database_clock: DatabaseClock) -> None:
    database_clock.stop()  # what is noted once a minute is noted before anything is counted
    scene = a_scene(with_content=True)
    Membership.objects.filter(user=scene.colleague).update(role=Role.MANAGER)
    desk = browser(scene.colleague)
    pages = _pages(scene)
    grow(scene, 1)
    one = {name: _cost(desk, *page) for name, page in pages.items()}
    for number in range(2, 31):
        grow(scene, number)
    thirty = {name: _cost(desk, *page) for name, page in pages.items()}
    more = {name: (one[name][0], queries) for name, (queries, _) in thirty.items() if queries > one[name][0]}
    assert not more, "These pages ask the database once more for every row."
    assert {name for name in LISTS if thirty[name][1] < one[name][1] + 1000} == set(), "without more rows"


def test_a_page_that_may_cost_more_is_still_there() -> None:
    assert ANYTHING_GOES.keys() <= desk_addresses().keys()
