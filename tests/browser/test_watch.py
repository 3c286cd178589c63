"""Warnings to the holder of leads reach them on any page, and answering one disturbs nothing there."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from crm.models import Lead, Site, User
from crm.services.handing import ask_for_lead
from crm.services.queues import claim_lead
from jobs.clock import database_now
from tests.factories import LeadFactory

PHONE = {"width": 375, "height": 800}
TYPED = "She can talk after six, when the children"


@pytest.fixture
def held(site: Site, manager: User, coordinator: User, desk: Page) -> Lead:
    """A lead of the reader's whose lease ends in two minutes, and for which a colleague asks."""
    at = database_now()
    lead = claim_lead(lead=LeadFactory(site=site), by=manager, at=at)
    ask_for_lead(lead=lead, by=coordinator, note="I spoke to her mother.", at=at)
    Lead.objects.filter(pk=lead.pk).update(lease_until=at + timedelta(minutes=2))
    return lead


def test_answering_a_warning_leaves_a_half_typed_note_alone(desk: Page, site: Site, held: Lead) -> None:
    other = LeadFactory(site=site)
    desk.set_viewport_size(PHONE)
    desk.goto(f"/desk/leads/{other.reference}/")
    desk.locator("summary", has_text="Add a note").click()
    desk.locator("#note-text").fill(TYPED)
    expect(desk.locator("#desk-watch")).to_contain_text(f"{held.reference} goes back to its queue")
    desk.locator(f"#watch-keep-{held.reference}").click()
    expect(desk.locator("#desk-watch")).to_contain_text(f"{held.reference} stays with you for now.")
    expect(desk.locator("#note-text")).to_have_value(TYPED)


def test_an_ask_is_answered_from_the_dashboard(desk: Page, held: Lead, coordinator: User) -> None:
    desk.goto("/desk/")
    expect(desk.locator("#desk-watch")).to_contain_text("I spoke to her mother.")
    desk.get_by_role("button", name="Hand it over").click()
    expect(desk.locator("#desk-watch")).to_contain_text(f"Casey Coordinator has {held.reference} now.")
    held.refresh_from_db()
    assert held.owner == coordinator


def test_the_rail_says_who_is_watching(desk: Page) -> None:
    desk.goto("/desk/")
    expect(desk.locator("#watching")).to_contain_text("Morgan Manager (you)")
