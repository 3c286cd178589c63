"""Keys, ticks, the board and two leads side by side, in a browser."""

import pytest
from playwright.sync_api import Page, expect

from crm.enums import Stage
from crm.models import Lead, Site, User
from crm.services.pulse import touch_queues
from crm.services.tagging import add_tag
from jobs.clock import database_now
from tests.browser.axe import overflow, violations
from tests.browser.conftest import NARROW, WIDE
from tests.browser.going import follow
from tests.factories import LeadFactory, PersonFactory

SCREENS = (NARROW, {"width": 375, "height": 800}, WIDE)


@pytest.fixture
def queue(desk: Page) -> Page:
    desk.goto("/desk/queues/urgent/")
    return desk


def fine(page: Page) -> list[str]:
    found: list[str] = []
    for screen in SCREENS:
        page.set_viewport_size(screen)
        found += [f"{screen['width']}: {each}" for each in violations(page)]
        found += [f"{screen['width']}: {overflow(page)} px too wide"] if overflow(page) else []
    return found


def in_hand(page: Page) -> str:
    return str(page.evaluate("document.activeElement.textContent"))


def test_j_and_k_go_through_the_leads_and_x_ticks(queue: Page) -> None:
    references = queue.locator("main .queue__ref").all_text_contents()
    for key, expected in [("j", 0), ("j", 1), ("j", 2), ("k", 1)]:
        queue.keyboard.press(key)
        assert in_hand(queue) == references[expected]
    queue.keyboard.press("x")
    expect(queue.locator(".queue__tick:checked")).to_have_id(f"tick-{references[1]}")


def test_slash_goes_to_the_search_box_where_keys_are_letters(queue: Page) -> None:
    queue.keyboard.press("/")
    queue.keyboard.type("jan?")
    expect(queue.locator("#desk-search")).to_have_value("jan?")
    expect(queue.locator("#shortcuts")).not_to_be_visible()


def test_n_takes_the_next_lead_and_a_opens_the_attempt(queue: Page) -> None:
    queue.keyboard.press("n")
    queue.wait_for_url("**/desk/leads/**")
    queue.keyboard.press("a")
    expect(queue.locator("#act-attempt")).to_have_attribute("open", "")
    assert queue.evaluate("document.activeElement.closest('#act-attempt') !== null")


def test_a_on_a_row_opens_that_leads_attempt(queue: Page) -> None:
    queue.keyboard.press("j")
    reference = in_hand(queue)
    queue.keyboard.press("a")
    queue.wait_for_url(f"**/desk/leads/{reference}/#act-attempt")
    expect(queue.locator("#act-attempt")).to_have_attribute("open", "")


def test_the_list_of_keys_opens_closes_and_passes_axe(queue: Page) -> None:
    queue.keyboard.press("?")
    expect(queue.locator("#shortcuts")).to_be_visible()
    assert fine(queue) == []
    queue.keyboard.press("Escape")
    expect(queue.locator("#shortcuts")).not_to_be_visible()


def test_keys_can_be_switched_off_and_stay_off(queue: Page) -> None:
    queue.locator(".menu > summary").click()
    queue.get_by_role("button", name="Keys").click()
    queue.locator("[data-shortcuts-on]").uncheck()
    queue.keyboard.press("Escape")
    queue.reload()
    queue.keyboard.press("j")
    queue.keyboard.press("?")
    expect(queue.locator("#shortcuts")).not_to_be_visible()
    assert queue.evaluate("document.activeElement === document.body")


def test_keys_with_ctrl_are_the_browsers(queue: Page) -> None:
    queue.keyboard.press("Control+j")
    assert queue.evaluate("document.activeElement === document.body")


def test_ticks_and_choices_survive_a_refresh(queue: Page, centre: Site) -> None:
    add_tag(site=centre, name="Word", at=database_now())
    queue.reload()
    queue.locator(".queue__tick").nth(1).check()
    queue.locator("#bulk-minutes").select_option("120")
    ticked = queue.locator(".queue__tick:checked").get_attribute("id")
    LeadFactory(site=centre)
    touch_queues()
    expect(queue.locator("[data-live]")).to_have_attribute("data-held", "yes")
    assert queue.locator(".queue__tick:checked").get_attribute("id") == ticked
    assert queue.locator("#bulk-minutes").input_value() == "120"
    assert fine(queue) == []


def test_all_of_a_page_are_ticked_at_once_and_counted(queue: Page) -> None:
    queue.set_viewport_size({"width": 375, "height": 800})
    queue.reload()
    queue.get_by_role("button", name="Hide this call").click()
    leads = queue.locator("[data-live] .queue__tick").count()
    bulk = queue.locator("#bulk")
    expect(bulk).to_be_hidden()
    queue.get_by_label("Tick all on this page").check()
    expect(bulk.get_by_role("heading")).to_have_text(f"With the {leads} ticked")
    expect(bulk).to_be_in_viewport()
    queue.locator("[data-live] .queue__tick").first.uncheck()
    expect(bulk.get_by_role("heading")).to_have_text(f"With the {leads - 1} ticked")
    bulk.locator("summary").click()
    assert fine(queue) == []
    bulk.get_by_role("button", name="Untick all").click()
    expect(bulk).to_be_hidden()


def test_what_is_done_to_ticked_leads_is_undone(queue: Page, manager: User) -> None:
    for number in (1, 2):
        queue.locator(".queue__tick").nth(number).check()
    queue.locator("#bulk-to").select_option(label=str(manager))
    follow(queue.get_by_role("button", name="Assign", exact=True))
    expect(queue.get_by_role("heading", level=1)).to_contain_text("Assign: ")
    assert fine(queue) == []
    follow(queue.get_by_role("button", name="Undo all"))
    expect(queue.get_by_role("heading", level=1)).to_have_text("Assign: undone")
    assert not Lead.objects.filter(owner=manager).exists()


def test_a_card_is_dragged_only_where_it_may_go(desk: Page, centre: Site) -> None:
    lead = LeadFactory(site=centre, contacted=True)
    desk.goto("/desk/board/")
    card = desk.locator("[data-card]", has_text=lead.reference)
    card.drag_to(desk.locator('[data-stage="BOOKED"]'))
    card.drag_to(desk.locator('[data-stage="ASSESSING"]'))
    expect(desk.locator(".messages")).to_contain_text(f"{lead.reference} is at Assessing now.")
    lead.refresh_from_db()
    assert lead.stage == Stage.ASSESSING


def test_two_leads_side_by_side(desk: Page, centre: Site) -> None:
    said = {"name": "Ada Example", "phone": "07700 900123"}
    one, other = (LeadFactory(site=centre, caller=PersonFactory(**said)) for _ in range(2))
    desk.goto(f"/desk/leads/{one.reference}/")
    follow(desk.get_by_role("link", name=f"Compare with {other.reference}"))
    assert fine(desk) == []
    follow(desk.get_by_role("button", name=f"Keep {one.reference}"))
    expect(desk.locator(".messages")).to_contain_text(f"{other.reference} is part of this lead now.")
    assert fine(desk) == []
    follow(desk.get_by_role("link", name=f"See it, or part them {other.reference}"))
    follow(desk.get_by_role("button", name=f"Part {other.reference} from this lead"))
    expect(desk.locator(".messages")).to_contain_text(f"{other.reference} is a lead of its own again.")


def test_what_is_missing_is_said_before_any_tick_is_lost(queue: Page, manager: User) -> None:
    assign = queue.get_by_role("button", name="Assign", exact=True)
    said = queue.locator("#bulk [data-said]")
    for number in range(2):
        queue.locator(".queue__tick").nth(number).check()
    expect(queue.locator("#bulk-title")).to_have_text("With the 2 ticked")
    assign.click()
    expect(said).to_have_text("Choose whom to assign them to.")
    expect(queue.locator(".queue__tick:checked")).to_have_count(2)
    assert fine(queue) == []
    queue.locator("#bulk-to").select_option(label=str(manager))
    assign.click()
    expect(queue.locator("h1")).to_have_text("Assign: 2 done")
