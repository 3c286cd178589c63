"""A manager tries other weights; a coordinator sets a lead aside and brings it back."""

from datetime import timedelta

from playwright.sync_api import Page, expect

from crm.enums import Level, PauseKind, PauseReason
from crm.models import Lead, QueuePolicy, User
from crm.services.pauses import Pause, pause_lead
from jobs.clock import database_now
from tests.browser.going import follow
from tests.browser.test_desk_accessibility import fine


def try_other_weights(desk: Page) -> None:
    """Ask what would change if a wish to be called sooner counted for nothing."""
    desk.goto("/desk/order/")
    desk.get_by_label("Asks to be called sooner").fill("0")
    desk.get_by_label("Enquired again").fill("25")
    follow(desk.get_by_role("button", name="See what would change"))


def set_one_aside(coordinator: User) -> Lead:
    at, lead = database_now(), Lead.objects.filter(level=Level.P1).get()
    pause = Pause(
        PauseKind.CLOCK, PauseReason.ASKED_LATER, at + timedelta(hours=5), "On Thursday, after work."
    )
    return pause_lead(lead=lead, by=coordinator, pause=pause, at=at)


def test_a_manager_sees_what_would_change_before_saving_it(desk: Page) -> None:
    try_other_weights(desk)
    expect(desk.locator("#preview")).to_contain_text("Nothing is saved yet")
    expect(desk.get_by_label("Enquired again")).to_have_value("25")
    assert fine(desk) == []
    desk.get_by_label("Why").fill("Whoever writes twice waits too long.")
    follow(desk.get_by_role("button", name="Save as version 1"))
    expect(desk.locator("main")).to_contain_text("Version 1 holds at")
    assert QueuePolicy.objects.get().repeat == 25
    assert fine(desk) == []


def test_a_lead_is_set_aside_and_brought_back(desk: Page, coordinator: User) -> None:
    lead = set_one_aside(coordinator)
    desk.goto("/desk/queues/aside/")
    expect(desk.locator(".queue")).to_contain_text("Clock stopped, back in 4 hours")
    assert fine(desk) == []
    follow(desk.locator(f"#lead-{lead.reference}"))
    assert fine(desk) == []
    follow(desk.get_by_role("button", name="Bring it back now"))
    expect(desk.locator("main")).to_contain_text("is back in its queue")
    desk.locator("summary", has_text="Set it aside for a while").click()
    assert fine(desk) == []
