"""Alarms in a browser: on every page, announced, gone by themselves; and the managers' page."""

from datetime import timedelta
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from crm.enums import AlarmKind, Level
from crm.models import Site
from crm.services.alarms import end_alarm
from crm.services.alerts import alert_staff
from jobs.clock import database_now
from tests.browser.going import follow
from tests.browser.test_desk_accessibility import fine
from tests.factories import AlarmFactory, LeadFactory

HOUR = timedelta(hours=1)


def several(site: Site) -> None:
    """Two alarms that go on, one of them everywhere, and two that are over."""
    at = database_now()
    AlarmFactory(kind=AlarmKind.NOBODY_ON_SHIFT, site=site, since=at - HOUR / 3)
    AlarmFactory(kind=AlarmKind.BEAT_SILENT, site=None, since=at - HOUR / 12)
    AlarmFactory(kind=AlarmKind.UNPLACED, site=site, since=at - 30 * HOUR, ended_at=at - 29.5 * HOUR)
    AlarmFactory(kind=AlarmKind.CANARY_LATE, site=None, since=at - 9 * HOUR, ended_at=at - 8.9 * HOUR)


def test_an_alarm_on_a_page_is_accessible(desk: Page, centre: Site) -> None:
    several(centre)
    desk.goto("/desk/shifts/")
    expect(desk.locator("#alarms")).to_contain_text("2 alarms")
    assert fine(desk) == []
    desk.goto("/desk/alarms/")
    expect(desk.locator("main")).to_contain_text("What to do:")
    assert fine(desk) == []


def test_an_open_page_learns_of_it_announces_it_and_of_its_end(desk: Page, centre: Site) -> None:
    desk.goto("/desk/shifts/")
    heard = desk.get_by_role("status").filter(has_text="Nobody is on shift or on call")
    expect(heard).to_have_count(0)
    AlarmFactory(kind=AlarmKind.NOBODY_ON_SHIFT, site=centre)
    ask_again(desk)
    expect(heard).to_have_count(1)
    end_alarm(kind=AlarmKind.NOBODY_ON_SHIFT, site=centre, at=database_now())
    ask_again(desk)
    expect(heard).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_alert_that_waits_is_announced_and_leads_to_its_lead(
    desk: Page, centre: Site, scheme: Literal["light", "dark"]
) -> None:
    desk.emulate_media(color_scheme=scheme)
    desk.goto("/desk/shifts/")
    lead = LeadFactory(site=centre, level=Level.U1)
    alert_staff(lead=lead, key=str(lead.pk), at=database_now())
    ask_again(desk)
    heard = desk.get_by_role("status").filter(has_text="1 urgent lead waits for somebody")
    expect(heard).to_have_count(1)
    expect(desk.locator("#red-screen")).to_be_empty()
    assert fine(desk) == []
    follow(desk.get_by_role("link", name=lead.reference))
    expect(desk.locator("main").get_by_role("button", name="I have it")).to_be_visible()


def ask_again(page: Page) -> None:
    """Ask now as the page does every twenty seconds."""
    part = "document.querySelector('#desk-watch')"
    page.evaluate(f"htmx.ajax('GET', {part}.getAttribute('hx-get'), {{source: {part}, swap: 'outerHTML'}})")


def test_many_alarms_are_one_line_of_a_phone(desk: Page, centre: Site) -> None:
    several(centre)
    AlarmFactory(kind=AlarmKind.NO_CHANNEL, site=centre)
    AlarmFactory(kind=AlarmKind.NOBODY_WATCHING, site=centre)
    desk.set_viewport_size({"width": 375, "height": 800})
    desk.goto("/desk/shifts/")
    bar = desk.locator(".alarm-bar")
    expect(bar).to_be_hidden()
    assert fine(desk) == []
    desk.set_viewport_size({"width": 375, "height": 800})
    desk.locator("#more-notices summary", has_text="4 more notices").press("Enter")
    expect(bar).to_be_visible()
    box = bar.bounding_box()
    assert box
    assert box["height"] < 120
    assert fine(desk) == []
    bar.locator("summary").press("Enter")
    expect(bar.get_by_text("Open the desk yourself").first).to_be_visible()
    assert fine(desk) == []
