"""An alert that nobody answers though managers know: red on every page of its site, /readyz and /metrics."""

from datetime import timedelta

import pytest
from django.test import Client

from crm.enums import Level
from crm.models import Lead, Site, User
from crm.services.acknowledging import acknowledge
from crm.services.alerts import alert_staff
from jobs.clock import database_now
from tests.factories import LeadFactory
from tests.pages import text_of

PAGES = ("/desk/", "/desk/shifts/", "/desk/board/", "/desk/handover/harbour-house/", "/desk/search/")
NEWS = "Nobody has answered Managers have been told."


def begun(site: Site, *, ago: int) -> Lead:
    lead = LeadFactory(site=site, level=Level.U1)
    alert_staff(lead=lead, key=str(lead.pk), at=database_now() - timedelta(seconds=ago))
    return lead


@pytest.mark.parametrize(("ago", "red"), [(298, False), (301, True)])
def test_after_five_minutes_every_page_is_red(site: Site, desk: Client, ago: int, red: bool) -> None:
    lead = begun(site, ago=ago)
    for page in (*PAGES, "/desk/watch/"):
        body = text_of(desk.get(page))
        assert (NEWS in body) == red, page
        assert not red or f"{lead.reference} U1, alerted since" in body


def test_it_goes_when_somebody_answers(site: Site, desk: Client, manager: User) -> None:
    acknowledge(lead=begun(site, ago=400), by=manager, at=database_now())
    assert not [page for page in PAGES if NEWS in text_of(desk.get(page))]


def test_other_sites_do_not_see_it(site: Site, client: Client, outsider: User) -> None:
    begun(site, ago=400)
    client.force_login(outsider)
    assert NEWS not in text_of(client.get("/desk/"))


def test_the_five_oldest_are_named_and_that_there_are_more(site: Site, desk: Client) -> None:
    leads = [begun(site, ago=1000 - 10 * n) for n in range(7)]
    body = text_of(desk.get("/desk/shifts/"))
    assert [lead.reference in body for lead in leads] == [True] * 5 + [False] * 2
    assert "And more" in body


def test_an_open_page_learns_of_it_once(site: Site, desk: Client) -> None:
    """The part is sent again only when it would show something else, though its forms' tokens differ."""
    begun(site, ago=400)
    body = desk.get("/desk/watch/").content.decode()
    shown = body.partition("shown=")[2][:16]
    assert "csrfmiddlewaretoken" in body
    assert desk.get("/desk/watch/", {"shown": shown}).status_code == 204


def test_machines_see_it_too(site: Site, client: Client, coordinator: User) -> None:
    assert client.get("/readyz").json()["checks"]["unanswered_alert"] == {"ok": True, "seconds": None}
    begun(site, ago=360)
    check = client.get("/readyz").json()["checks"]["unanswered_alert"]
    assert not check["ok"]
    assert 60 <= check["seconds"] < 75
    figures = client.get("/metrics").content.decode()
    assert "threshold_open_alerts 1.0" in figures
    assert "threshold_unanswered_alerts 1.0" in figures
