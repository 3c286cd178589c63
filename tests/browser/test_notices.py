"""What stands above the work on a phone: what is urgent now, and one line for all the rest."""

from datetime import timedelta

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from crm.enums import AlarmKind, Level
from crm.models import Lead, Site, User
from crm.services.acknowledging import acknowledge
from crm.services.alerts import alert_staff
from crm.services.pulse import touch_queues
from crm.services.queues import claim_lead
from jobs.clock import database_now
from notifications.models import Escalation
from tests.browser.axe import overflow, violations
from tests.browser.conftest import OpenPage
from tests.browser.signed_in import sign_in
from tests.browser.test_alarms import ask_again
from tests.browser.test_shell import rings
from tests.factories import AlarmFactory, LeadFactory, PersonFactory

PHONE = {"width": 375, "height": 740}
ON_TOP = """button => {
  const at = button.getBoundingClientRect();
  return button.contains(document.elementFromPoint(at.x + at.width / 2, at.y + at.height / 2));
}"""
FOLDED = "3 more notices, with an alarm"


def arrives(site: Site, level: Level) -> Lead:
    at = database_now()
    lead = LeadFactory(site=site, level=level, received_at=at)
    alert_staff(lead=lead, key=str(lead.pk), at=at)
    touch_queues()
    return lead


@pytest.fixture
def notices(centre: Site, manager: User) -> None:
    """Two leases of the manager's that end, and an alarm."""
    at = database_now()
    for lead in (LeadFactory(site=centre), LeadFactory(site=centre)):
        claim_lead(lead=lead, by=manager, at=at)
        Lead.objects.filter(pk=lead.pk).update(lease_until=at + timedelta(minutes=5))
    AlarmFactory(kind=AlarmKind.NOBODY_ON_SHIFT, site=centre)


def test_they_leave_the_work_in_sight_and_open_by_keyboard(desk: Page, centre: Site, notices: None) -> None:
    lead = arrives(centre, Level.E1)
    desk.set_viewport_size(PHONE)
    desk.goto("/desk/shifts/")
    line = desk.locator("#more-notices summary")
    expect(line).to_have_text(FOLDED)
    expect(desk.locator(f"#waits-have-{lead.reference}")).to_be_in_viewport()
    expect(desk.get_by_role("heading", level=1)).to_be_in_viewport()
    expect(desk.locator("#desk-notices")).to_be_hidden()
    assert (violations(desk), overflow(desk)) == ([], 0)
    line.press("Enter")
    expect(desk.locator("#desk-notices")).to_contain_text("Nobody is on shift")
    expect(desk.locator("#desk-notices")).to_be_visible()
    assert (violations(desk), overflow(desk)) == ([], 0)


def test_a_call_does_not_lie_over_an_urgent_lead_that_nobody_has_answered(desk: Page, centre: Site) -> None:
    lead = arrives(centre, Level.E1)
    desk.set_viewport_size(PHONE)
    desk.goto("/desk/shifts/")
    caller = LeadFactory(site=centre, caller=PersonFactory(name="Ada Example"))
    rings(centre, caller)
    card = desk.locator(".now__card", has_text=caller.reference)
    expect(card).to_be_in_viewport(ratio=1)
    desk.locator(f"#waits-{lead.reference}").click(trial=True)  # nothing lies over them
    desk.locator(f"#waits-have-{lead.reference}").click(trial=True)
    assert (violations(desk), overflow(desk)) == ([], 0)
    Escalation.objects.update(red_at=database_now())
    desk.reload()
    expect(desk.locator(".now__card [data-hide]:visible")).to_have_count(2)  # they come last
    expect(desk.locator(".now__card:visible").nth(1)).to_be_in_viewport()
    assert desk.locator(f"#red-have-{lead.reference}").evaluate(ON_TOP)


def test_a_wide_screen_shows_them_all(desk: Page, notices: None) -> None:
    desk.goto("/desk/shifts/")
    expect(desk.locator("#more-notices")).to_be_hidden()
    expect(desk.locator("#desk-notices")).to_be_visible()


def test_they_open_without_scripts(open_page: OpenPage, manager: User, client: Client, notices: None) -> None:
    client.force_login(manager)
    page = open_page("/healthz", PHONE, java_script_enabled=False)
    sign_in(page, client)
    page.goto("/desk/shifts/")
    expect(page.locator("#desk-notices")).to_be_hidden()
    page.get_by_text("3 more notices").click()
    expect(page.locator("#desk-notices")).to_be_visible()


def test_an_open_lead_follows_when_somebody_else_answers(desk: Page, centre: Site, coordinator: User) -> None:
    lead = arrives(centre, Level.E1)
    desk.goto(f"/desk/leads/{lead.reference}/")
    button = desk.locator("main").get_by_role("button", name="I have it")
    expect(button).to_be_visible()
    acknowledge(lead=lead, by=coordinator, at=database_now())
    ask_again(desk)
    expect(button).to_have_count(0)
    expect(desk.locator("#lead-has")).to_contain_text("Casey Coordinator is seeing to it")


def test_an_open_phone_names_a_new_lead_and_says_that_there_is_more_news(
    desk: Page, centre: Site, notices: None
) -> None:
    desk.set_viewport_size(PHONE)
    desk.goto("/desk/shifts/")
    lead = arrives(centre, Level.U3)
    expect(desk.locator("#waiting-alerts")).to_contain_text(f"{lead.reference} (U3)")
    AlarmFactory(kind=AlarmKind.NO_CHANNEL, site=centre)
    ask_again(desk)
    expect(desk.locator("#more-notices [data-count]")).to_have_text("4 more notices")
    expect(desk.locator("#desk-said")).to_have_text("4 more notices.")
    expect(desk.locator("#desk-notices")).to_be_hidden()
