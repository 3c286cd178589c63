"""A manager tries another contact plan, sees the calls that it would make, and saves it with a reason."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.cadence import SHIPPED
from crm.enums import CallBackKind, Level, Role
from crm.models import CallBack, ContactCadence, ContactPlan, Lead, Site, User
from crm.selectors.call_backs import cadence_of
from jobs.clock import database_now
from tests.factories import LeadFactory, MembershipFactory, SiteFactory
from tests.pages import text_of

WHY = "Most answer the sixth call here."
SENT = {"instead_of": 0, "waits": "20 minutes\n4 hours\n1 day", "parts": ["MORNING", "EVENING"]}
pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client: Client, manager: User, site: Site) -> Any:
    client.force_login(manager)

    def ask(**sent: Any) -> HttpResponse:
        path = f"/desk/contact-plans/{site.slug}/U2/"
        return client.post(path, SENT | sent, follow=True) if sent else client.get(path)

    return ask


def being_tried(site: Site, by: User, tries: int = 2, level: Level = Level.U2) -> Lead:
    """Return a lead whose next try is set for tomorrow."""
    lead, at = LeadFactory(site=site, level=level), database_now()
    ContactPlan.objects.create(lead=lead, tries=tries, begun_at=at)
    due = at + timedelta(days=1)
    said = {"person": lead.caller, "kind": CallBackKind.PLANNED, "due_at": due, "by": by, "made_at": at}
    CallBack.objects.create(lead=lead, **said)
    return lead


def test_only_managers_of_the_site_may_see_it(client: Client, site: Site, manager: User) -> None:
    paths = (f"/desk/contact-plans/{site.slug}/", f"/desk/contact-plans/{site.slug}/U2/")
    client.force_login(MembershipFactory(site=site, role=Role.COORDINATOR).user)
    assert [client.get(path).status_code for path in paths] == [403, 403]
    client.force_login(MembershipFactory(site=SiteFactory(), role=Role.MANAGER).user)
    assert [client.get(path).status_code for path in paths] == [404, 404]
    client.force_login(manager)
    assert client.get("/desk/contact-plans/").url == paths[0]
    assert client.get(f"{paths[0]}X9/").status_code == 404
    assert client.put(paths[1]).status_code == client.post(paths[0]).status_code == 405


def test_every_level_says_how_often_and_for_how_long(client: Client, manager: User, site: Site) -> None:
    client.force_login(manager)
    text = text_of(client.get(f"/desk/contact-plans/{site.slug}/"))
    assert text.count("As delivered") == len(Level)
    assert "Urgent 6 4 days Morning, afternoon and evening in turn" in text


def test_a_preview_shows_the_calls_and_saves_nothing(page: Any, site: Site, manager: User) -> None:
    going, last = being_tried(site, manager), being_tried(site, manager, tries=3)
    other = being_tried(site, manager, level=Level.U3)
    text = text_of(page(preview=1))
    assert "Nothing is saved yet" in text
    assert text.count("Somebody decides") == 3, "two tries of the example, and one lead after its fourth"
    assert going.reference in text
    assert last.reference in text
    assert other.reference not in text
    assert not ContactCadence.objects.exists()


def test_saving_makes_a_version_that_holds_from_then_on(page: Any, site: Site, manager: User) -> None:
    lead = LeadFactory(site=site, level=Level.U2)
    text = text_of(page(save=1, reason=WHY))
    assert "Version 1 holds now for U2" in text
    assert "20 minutes, 4 hours, 1 day; evening, morning" in text
    assert WHY in text
    made = ContactCadence.objects.get()
    assert (made.waits, made.made_by, made.version) == ([20, 240, 1440], manager, 1)
    assert cadence_of(lead).most == 4
    assert "Version 2 holds now" in text_of(page(save=1, reason=WHY, instead_of=1, waits="1 day"))
    assert cadence_of(lead).waits == (1440,)
    assert cadence_of(LeadFactory(site=site, level=Level.U3)).waits == SHIPPED[Level.U3]
    assert cadence_of(LeadFactory(level=Level.U2)).waits == SHIPPED[Level.U2]


def test_no_version_is_ever_edited(page: Any) -> None:
    page(save=1, reason=WHY)
    for act in (lambda rows: rows.update(waits=[1]), lambda rows: rows.delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            act(ContactCadence.objects.all())


@pytest.mark.parametrize(
    ("sent", "status", "words"),
    [
        ({"reason": ""}, 409, "Write at least 10 characters"),
        ({"reason": WHY, "instead_of": 4}, 409, "A colleague changed this plan meanwhile"),
        ({"reason": WHY, "waits": ""}, 422, "Write at least one wait"),
        ({"reason": WHY, "waits": "4 hours\nsoon"}, 422, "Line 2: write a number of minutes"),
        ({"reason": WHY, "waits": "0 hours"}, 422, "Line 1: write a number"),
        ({"reason": WHY, "waits": "15 days"}, 422, "up to 14 days"),
        ({"reason": WHY, "waits": "1 day\n" * 21}, 422, "Write 20 waits at most"),
        ({"reason": WHY, "parts": []}, 422, "Choose at least one part of the day"),
        ({"reason": WHY, "parts": ["NIGHT"]}, 422, "NIGHT"),
    ],
)
def test_what_makes_no_sense_is_not_saved(page: Any, sent: dict[str, Any], status: int, words: str) -> None:
    response = page(save=1, **sent)
    assert response.status_code == status
    assert words in text_of(response)
    assert not ContactCadence.objects.exists()


@pytest.mark.parametrize("line", ["90 minutes", "90m", " 90  min. ", "90 Mins"])
def test_a_wait_is_read_as_people_write_it(page: Any, line: str) -> None:
    page(save=1, reason=WHY, waits=line)
    assert ContactCadence.objects.get().waits == [90]


def test_even_waits_are_filled_in_and_nothing_is_saved(page: Any) -> None:
    response = page(spread=1, tries=6, days=5, waits="", reason=WHY)
    assert WHY in response.content.decode(), "what was typed is not lost"
    assert "1 day\n1 day\n1 day\n1 day\n1 day</textarea>" in response.content.decode()
    assert "The calls that it would make" in text_of(response)
    assert not ContactCadence.objects.exists()
    assert "Tries: give a number from 2 to 21." in text_of(page(spread=1, tries=1, days=5))
    assert page(spread=1, tries=6, days=0).status_code == 422


def test_thirty_leads_cost_as_many_queries_as_one(page: Any, site: Site, manager: User) -> None:
    found = []
    for number in (1, 19):
        for _ in range(number):
            being_tried(site, manager)
        with CaptureQueriesContext(connection) as queries:
            page(preview=1)
        found.append(len(queries))
    assert found[0] == found[1]
