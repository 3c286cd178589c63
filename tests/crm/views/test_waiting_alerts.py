"""An alert that nobody has answered yet: first on every page of its site, but amber never before red."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from crm.enums import AlarmKind, Level
from crm.models import Lead, Site, User
from crm.services.acknowledging import acknowledge
from crm.services.alerts import alert_staff
from jobs.clock import database_now
from notifications.models import Escalation
from tests.factories import AlarmFactory, LeadFactory, PersonFactory
from tests.pages import queries_of, text_of

PAGES = ("/desk/", "/desk/shifts/", "/desk/board/", "/desk/handover/harbour-house/", "/desk/search/")
AGAIN = {"HX-Request": "true"}
NEWS = "for somebody:"
RED = "Nobody has answered Managers have been told."


def begun(site: Site, level: Level = Level.U1, *, ago: int = 1) -> Lead:
    lead = LeadFactory(site=site, level=level)
    alert_staff(lead=lead, key=str(lead.pk), at=database_now() - timedelta(seconds=ago))
    return lead


def test_every_page_names_it_from_its_first_second_and_leads_to_it(site: Site, desk: Client) -> None:
    for page in (*PAGES, "/desk/watch/"):
        assert NEWS not in text_of(desk.get(page)), page
    lead = begun(site)
    for page in (*PAGES, "/desk/watch/"):
        html = desk.get(page).content.decode()
        said = f"1 urgent lead waits for somebody: {lead.reference} (U1). I have it"
        assert said in text_of(html), page
        assert f'href="/desk/leads/{lead.reference}/"' in html
        assert RED not in text_of(html)
    assert "Nobody has answered the alert" in text_of(desk.get(f"/desk/leads/{lead.reference}/"))


@pytest.mark.parametrize(("ago", "calm"), [(297, True), (302, False)])
def test_it_gives_way_to_the_red_screen(site: Site, desk: Client, ago: int, calm: bool) -> None:
    begun(site, ago=ago)
    words = text_of(desk.get("/desk/shifts/"))
    assert (NEWS in words, RED in words) == (calm, not calm)


def test_it_goes_when_somebody_answers(site: Site, desk: Client, manager: User) -> None:
    acknowledge(lead=begun(site), by=manager, at=database_now())
    assert NEWS not in text_of(desk.get("/desk/shifts/"))


def test_other_sites_do_not_see_it(site: Site, client: Client, outsider: User) -> None:
    begun(site)
    client.force_login(outsider)
    assert NEWS not in text_of(client.get("/desk/"))


def test_the_most_severe_are_named_first_and_the_others_counted(site: Site, desk: Client) -> None:
    later = [begun(site, Level.U2, ago=60 - n) for n in range(5)]
    first = begun(site, Level.E1)
    words = text_of(desk.get("/desk/shifts/"))
    assert f"6 urgent leads wait for somebody: {first.reference} (E1), {later[0].reference} (U2)" in words
    assert "and 1 more. Open one and say that you have it. Open the list" in words
    assert later[-1].reference not in words


def test_an_open_page_learns_of_it_once_and_of_its_end(site: Site, desk: Client) -> None:
    lead = begun(site)
    answer = desk.get("/desk/watch/", headers=AGAIN).content.decode()
    part = answer.partition('<div id="waiting-alerts" hx-swap-oob="innerHTML">')[2].partition("</div>")[0]
    assert lead.reference in part
    shown = answer.partition("shown=")[2][:16]
    assert desk.get("/desk/watch/", {"shown": shown}, headers=AGAIN).status_code == 204
    Escalation.objects.update(ended_at=database_now(), ended_why="OVER")
    again = desk.get("/desk/watch/", {"shown": shown}, headers=AGAIN)
    assert again.status_code == 200
    assert NEWS not in text_of(again)


@pytest.mark.parametrize(
    ("level", "strong"), [("E1", True), ("E2", True), ("U1", False), ("U2", False), ("U3", False)]
)
def test_an_emergency_is_red_at_once_and_the_others_are_amber(
    site: Site, desk: Client, level: str, strong: bool
) -> None:
    begun(site, Level(level))
    assert f'<div class="banner{" banner--alarm" if strong else ""}"' in part(desk.get("/desk/shifts/"))


def test_it_stands_before_every_other_notice(site: Site, desk: Client, coordinator: User) -> None:
    ending(site, coordinator)
    AlarmFactory(kind=AlarmKind.NOBODY_ON_SHIFT, site=site)
    begun(site, Level.E1)
    begun(site, ago=400)
    words = text_of(desk.get("/desk/shifts/"))
    places = [words.index(each) for each in (NEWS, RED, "2 more notices", "Nobody is on shift", "goes back")]
    assert places == sorted(places)


@pytest.mark.parametrize("page", ["/desk/shifts/", "/desk/watch/"])
@pytest.mark.parametrize("level", ["U1", "U3"])
def test_amber_stands_below_the_red_screen(site: Site, desk: Client, page: str, level: str) -> None:
    begun(site, ago=400)
    lead = begun(site, Level(level))
    words = text_of(desk.get(page, headers=AGAIN if page == "/desk/watch/" else None))
    assert words.count(NEWS) == words.count(RED) == 1
    assert words.index(RED) < words.index(f"{NEWS} {lead.reference}")


@pytest.mark.parametrize("poll", ["/desk/", "/desk/news/"])
@pytest.mark.parametrize(("level", "first"), [("E1", NEWS), ("U3", RED)])
def test_the_refresh_that_announces_it_keeps_that_order(
    site: Site, desk: Client, poll: str, level: str, first: str
) -> None:
    begun(site, ago=400)
    at = database_now()
    lead = LeadFactory(site=site, level=level, received_at=at)
    alert_staff(lead=lead, key="k", at=at)
    seen = AGAIN | {"X-Desk-Seen": (at - timedelta(seconds=5)).isoformat()}
    words = text_of(desk.get(poll, headers=seen))
    assert words.count(NEWS) == words.count(RED) == 1
    assert min((NEWS, RED), key=words.index) == first


def test_one_tap_answers_the_only_one(site: Site, client: Client, coordinator: User) -> None:
    lead = begun(site, Level.E1)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(coordinator)
    for page in ("/desk/shifts/", "/desk/watch/"):
        form = part(strict.get(page, headers=AGAIN if page == "/desk/watch/" else None)).partition("<form")[2]
        assert f'action="/desk/leads/{lead.reference}/acknowledge/" method="post"' in form
    token = form.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    address = f"/desk/leads/{lead.reference}/acknowledge/"
    assert strict.post(address).status_code == 403
    assert strict.post(address, {"csrfmiddlewaretoken": token}).status_code == 302
    assert Escalation.objects.get().acknowledged_by == coordinator.pk
    assert NEWS not in text_of(strict.get("/desk/shifts/"))


def test_of_several_none_is_answered_from_the_line(site: Site, desk: Client) -> None:
    leads = [begun(site), begun(site)]
    shown = part(desk.get("/desk/shifts/"))
    assert "<form" not in shown
    assert 'href="/desk/">Open the list</a>' in shown
    assert all(lead.reference in shown for lead in leads)


def test_it_says_nothing_of_anybody(site: Site, desk: Client) -> None:
    person = PersonFactory(name="Zebedee Quagmire", phone="07700 900777")
    lead = LeadFactory(site=site, level=Level.E1, caller=person)
    alert_staff(lead=lead, key="k", at=database_now())
    shown = part(desk.get("/desk/shifts/"))
    assert lead.reference in shown
    assert not [said for said in ("Zebedee", "Quagmire", "900777", "@") if said in shown]


@pytest.mark.parametrize("poll", ["/desk/", "/desk/news/"])
@pytest.mark.parametrize("level", ["E1", "U3"])
def test_the_refresh_that_announces_it_brings_the_line(
    site: Site, desk: Client, poll: str, level: str
) -> None:
    at = database_now()
    seen = AGAIN | {"X-Desk-Seen": (at - timedelta(seconds=5)).isoformat()}
    assert 'id="waiting-alerts"' not in desk.get(poll, headers=seen).content.decode()
    lead = LeadFactory(site=site, level=level, received_at=at)
    alert_staff(lead=lead, key="k", at=at)
    assert f"{lead.reference} ({level}). I have it" in text_of(part(desk.get(poll, headers=seen)))


def test_the_other_notices_are_counted_for_the_one_line_of_a_phone(
    site: Site, desk: Client, coordinator: User
) -> None:
    assert 'id="more-notices" hidden' in desk.get("/desk/shifts/").content.decode()
    ending(site, coordinator)
    LeadFactory(site=site, received_at=database_now() - timedelta(hours=2))  # only a queue's page warns of it
    for page, said in (("/desk/shifts/", "1 more notice ,"), ("/desk/", "2 more notices ,")):
        html = desk.get(page).content.decode()
        assert said in text_of(html)
        assert 'id="more-notices" hidden' not in html


def part(answer: Any) -> str:
    """Return the line of alerts, and nothing after it."""
    page = answer.content.decode().partition('<div id="waiting-alerts"')[2]
    return page.partition('id="red-screen"')[0].partition('id="queue-news"')[0]


def ending(site: Site, holder: User) -> Lead:
    until = database_now() + timedelta(seconds=30)
    return LeadFactory(site=site, taken=True, owner=holder, lease_until=until)


def test_many_cost_no_more_queries_than_one(site: Site, desk: Client) -> None:
    begun(site)
    before = queries_of(desk, "/desk/watch/", AGAIN)
    for n in range(30):
        begun(site, ago=n)
    begun(site, ago=400)
    assert queries_of(desk, "/desk/watch/", AGAIN) == before
