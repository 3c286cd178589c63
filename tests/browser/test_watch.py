"""Warnings to the holder of leads reach them on any page, and answering one disturbs nothing there."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from crm.enums import AwayReason
from crm.models import Lead, Site, User
from crm.services.absences import go_away
from crm.services.handing import ask_for_lead
from crm.services.handover import write_handover_note
from crm.services.queues import claim_lead
from jobs.clock import database_now
from tests.browser.test_desk_accessibility import fine
from tests.factories import LeadFactory, MembershipFactory, ShiftFactory

PHONE = {"width": 375, "height": 800}
TYPED = "She can talk after six, when the children"


@pytest.fixture
def held(site: Site, manager: User, coordinator: User, desk: Page) -> Lead:
    """A lead of the reader's whose lease ends in five minutes, and for which a colleague asks."""
    at = database_now()
    lead = claim_lead(lead=LeadFactory(site=site), by=manager, at=at)
    ask_for_lead(lead=lead, by=coordinator, note="I spoke to her mother.", at=at)
    Lead.objects.filter(pk=lead.pk).update(lease_until=at + timedelta(minutes=5))
    return lead


def test_answering_a_warning_leaves_a_half_typed_note_alone(desk: Page, site: Site, held: Lead) -> None:
    other = LeadFactory(site=site)
    desk.set_viewport_size(PHONE)
    desk.goto(f"/desk/leads/{other.reference}/")
    desk.locator("summary", has_text="Add a note").click()
    desk.locator("#note-text").fill(TYPED)
    expect(desk.locator("#desk-watch")).to_contain_text(f"{held.reference} goes back to its queue")
    desk.locator("#more-notices summary", has_text="2 more notices").press("Enter")
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


def test_the_pages_of_people_and_shifts_with_something_on_them(
    desk: Page, site: Site, manager: User, coordinator: User, held: Lead
) -> None:
    """axe finds nothing, warnings and open forms included."""
    shift = ShiftFactory(
        site=site, user=coordinator, starts_at=database_now() + timedelta(hours=1), on_call=1
    )
    go_away(user=coordinator, reason=AwayReason.BREAK, by=manager, at=database_now())
    write_handover_note(site=site, by=coordinator, text="Two call-backs after six.", at=database_now())
    theirs = claim_lead(lead=LeadFactory(site=site), by=MembershipFactory(site=site).user, at=database_now())
    found: list[str] = []
    for path in ("rota/harbour-house/", "shifts/", "handover/harbour-house/", f"shifts/{shift.pk}/"):
        desk.goto(f"/desk/{path}")
        expect(desk.locator("#desk-watch")).to_contain_text(held.reference)
        desk.evaluate("document.querySelectorAll('main details').forEach(each => each.open = true)")
        found += fine(desk)
    desk.goto(f"/desk/leads/{theirs.reference}/")
    desk.evaluate("document.querySelectorAll('.lead-head details').forEach(each => each.open = true)")
    assert found + fine(desk) == []
