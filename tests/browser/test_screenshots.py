"""`make screenshots`: every page on a phone and on a wide screen, into screenshots/, to be looked at."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page

from crm.models import Lead, Site, User
from crm.services.tagging import add_tag
from jobs.clock import database_now
from tests.browser.conftest import OpenPage
from tests.browser.going import follow
from tests.browser.scenes import DESK
from tests.browser.test_alarms import several
from tests.browser.test_alerts import alerted, link
from tests.browser.test_order_of_queues import set_one_aside, try_other_weights
from tests.browser.test_own_page import sent
from tests.browser.test_prebooked import a_mother_writes
from tests.browser.test_rules import begin_a_draft
from tests.factories import LeadFactory, PersonFactory
from tests.intake.views.pages import PUBLIC

pytestmark = pytest.mark.screenshots
FOLDER = Path(__file__).resolve().parents[2] / "screenshots"
WIDTHS = (320, 1280)


def photograph(page: Page, name: str) -> None:
    FOLDER.mkdir(exist_ok=True)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(100)  # charts draw themselves
        page.screenshot(path=FOLDER / f"{name}-{width}.png", full_page=True)


def _named(path: str) -> str:
    return re.sub(r"[/?&=]+", "-", path).strip("-") or "home"


def test_it_has_got_worse(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("intake.services.additions.MOST", 1)
    page = sent(open_page, scripts=True)
    form = f"{page.url}more/"
    for name in ("own-page-worse", "own-page-told-enough"):
        page.goto(form)
        page.get_by_label("What has changed?").fill(f"I cannot sleep. ({name})")
        follow(page.get_by_role("button", name="Send").first)
        photograph(page, name)


def test_a_referral(open_page: OpenPage) -> None:
    page = open_page("/refer/")
    page.get_by_label("Their date of birth or age").fill("15")
    page.get_by_label("What is happening, and what have you tried?").fill("We are worried about Ben.")
    follow(page.get_by_role("button", name="Send").first)
    photograph(page, "refer-with-errors")
    page.get_by_label("Not asked yet").check()
    page.get_by_label("Your role").fill("GP")
    page.get_by_label("Your organisation").fill("Example Surgery")
    page.get_by_label("Phone number").fill("07700 900123")
    follow(page.get_by_role("button", name="Send").first)
    photograph(page, "refer-under-18")


def test_a_callers_own_page(open_page: OpenPage) -> None:
    page = sent(open_page, scripts=True)
    address = page.url
    photograph(page, "own-page")
    for form in ("ways", "more"):
        page.goto(f"{address}{form}/")
        photograph(page, f"own-page-{form}")
    page.goto(address)
    page.locator("summary", has_text="Stop contacting me").click()
    follow(page.get_by_role("button", name="Stop contacting me", exact=True))
    photograph(page, "own-page-stopped")


@pytest.mark.parametrize("path", [*PUBLIC, "/embed/urgent/", "/accounts/login/", "/nothing-here/"])
def test_public_pages(open_page: OpenPage, path: str) -> None:
    photograph(open_page(path), _named(path))


@pytest.mark.parametrize("path", ["/cy/", "/cy/refer/", "/cy/urgent/", "/pl/", "/ro/urgent/", "/ar/urgent/"])
def test_public_pages_in_other_languages(open_page: OpenPage, path: str) -> None:
    photograph(open_page(path), _named(path))


@pytest.mark.parametrize("path", ["/", "/urgent/"])
def test_public_pages_in_forced_colours(open_page: OpenPage, path: str) -> None:
    photograph(open_page(path, forced_colors="active"), f"{_named(path)}-forced-colours")


@pytest.mark.parametrize(
    ("name", "tick"),
    [
        ("received-emergency", "A fit, now or in the last 24 hours"),
        ("received-crisis", "Thoughts such as"),
        ("received-urgent", "Feeling ill after stopping or cutting down"),
    ],
)
def test_the_received_page(open_page: OpenPage, name: str, tick: str) -> None:
    page = open_page("/urgent/")
    page.get_by_label(tick).check()
    page.get_by_label("In your own words").fill("I need some help.")
    follow(page.get_by_role("button", name="Send").first)
    photograph(page, f"{name}-with-errors")
    page.get_by_label("Me", exact=True).check()
    page.get_by_label("Phone number").fill("07700 900123")
    follow(page.get_by_role("button", name="Send").first)
    photograph(page, name.replace("received", "after"))
    page.goto(page.url.replace("/more/", "/received/").split("/now")[0].removesuffix("/1/") + "/")
    photograph(page, name)


def test_a_few_more_questions(open_page: OpenPage) -> None:
    page = open_page("/urgent/")
    page.get_by_label("Someone I care about").check()
    page.get_by_label("In your own words").fill("I need some help.")
    page.get_by_label("Phone number").fill("07700 900123")
    follow(page.get_by_role("button", name="Send").first)
    first = page.url.removesuffix("1/")
    page.goto(f"{first}2/")
    page.get_by_label("Heroin").check()
    page.get_by_role("button", name="Continue").click()
    for number in (1, 2, 37, *range(3, 12)):
        page.goto(f"{first}{number}/")
        photograph(page, f"more-{number}")
    page.goto(f"{first}5/")
    page.get_by_label("16 or 17").check()
    follow(page.get_by_role("button", name="Continue"))
    photograph(page, "more-under-18")


def test_the_desk(desk: Page) -> None:
    for path in DESK:
        desk.goto(path)
        photograph(desk, _named(path))


def test_a_draft_of_the_rules(desk: Page) -> None:
    draft = begin_a_draft(desk)
    for path in ("", "rules/under-18/", "new-rule/", "phrases/", "check/"):
        desk.goto(f"/desk/rules/{draft.pk}/{path}")
        photograph(desk, f"desk-rules-{path.strip('/').replace('/', '-') or 'draft'}")


def test_an_alert(open_page: OpenPage, centre: Site, coordinator: User) -> None:
    alerted(centre, seconds_ago=30)
    page = open_page(link(coordinator))
    photograph(page, "alert-link")
    follow(page.get_by_role("button", name="I have it"))
    photograph(page, "alert-answered")


def test_the_red_screen(desk: Page, centre: Site) -> None:
    lead = alerted(centre, seconds_ago=400)
    for path in ("/desk/", f"/desk/leads/{lead.reference}/"):
        desk.goto(path)
        photograph(desk, f"{_named(path)[:10]}-red")


def test_alarms(desk: Page, centre: Site) -> None:
    several(centre)
    for name, path in (("alarm-bar", "/desk/shifts/"), ("alarms", "/desk/alarms/")):
        desk.goto(path)
        photograph(desk, name)


def test_other_weights(desk: Page) -> None:
    try_other_weights(desk)
    photograph(desk, "desk-order-preview")


def test_a_lead_that_is_set_aside(desk: Page, coordinator: User) -> None:
    lead = set_one_aside(coordinator)
    for path in ("/desk/queues/aside/", f"/desk/leads/{lead.reference}/"):
        desk.goto(path)
        photograph(desk, f"{_named(path).rsplit('-', 1)[0]}-set-aside")


def test_a_lead(desk: Page) -> None:
    for lead in Lead.objects.order_by("received_at"):
        desk.goto(f"/desk/leads/{lead.reference}/")
        photograph(desk, f"desk-lead-{lead.level}")
    for part in ("write", "pack"):
        desk.goto(f"/desk/leads/{lead.reference}/{part}/")
        photograph(desk, f"desk-lead-{part}")


def test_two_leads_side_by_side(desk: Page, centre: Site) -> None:
    said = {"name": "Ada Example", "phone": "07700 900123"}
    one, other = (LeadFactory(site=centre, caller=PersonFactory(**said)) for _ in range(2))
    desk.goto(f"/desk/leads/{one.reference}/duplicates/{other.reference}/")
    photograph(desk, "desk-compare")


def test_ticked_leads(desk: Page, centre: Site) -> None:
    add_tag(site=centre, name="Call after payday", at=database_now())
    desk.goto("/desk/queues/urgent/?level=U1&level=U2&level=E1")
    for box in desk.locator(".queue__tick").all()[:2]:
        box.check()
    photograph(desk, "desk-ticked")
    desk.locator("#bulk-tag").select_option(label="Call after payday")
    follow(desk.get_by_role("button", name="Put on"))
    photograph(desk, "desk-batch")
    desk.keyboard.press("?")
    photograph(desk, "desk-keys")
    desk.keyboard.press("Escape")
    desk.goto("/desk/board/")
    photograph(desk, "desk-board-of-stages")
    desk.locator("#desk-search").fill("exa")
    desk.keyboard.press("Enter")
    desk.wait_for_selector(".queue__ref")
    photograph(desk, "desk-found")


def test_the_pictures_of_the_readme(desk: Page) -> None:
    """Small ones, to be copied to docs/images by hand when the look has changed."""
    for path, name, width in (("/urgent/", "urgent", 390), ("/desk/", "desk", 1280)):
        desk.set_viewport_size({"width": width, "height": 700})
        desk.goto(path)
        desk.screenshot(path=FOLDER / f"readme-{name}.png")


def test_the_pages_of_a_planned_stay(open_page: OpenPage) -> None:
    page = open_page("/pre-booked/")
    follow(page.get_by_role("button", name="Continue"))
    photograph(page, "stay-1-with-errors")
    page.goto("/pre-booked/")
    a_mother_writes(
        page, lambda shown: photograph(shown, f"stay-{shown.url.split('?')[0].rstrip('/').split('/')[-1]}")
    )
    photograph(page, "stay-check")
    follow(page.get_by_role("button", name="Save and come back later").first)
    photograph(page, "stay-saved")
    follow(page.locator(".way-back a"))
    photograph(page, "stay-back")


def test_the_interruptions_of_a_planned_stay(open_page: OpenPage) -> None:
    page = open_page("/pre-booked/")
    page.get_by_label("Me", exact=True).check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("16 or 17").check()
    follow(page.get_by_role("button", name="Continue"))
    photograph(page, "stay-young")
    page.get_by_role("button", name="Go on with the questions").click()
    page.get_by_label("A fit, now or in the last 24 hours").check()
    follow(page.get_by_role("button", name="Continue"))
    photograph(page, "stay-danger")
    follow(page.get_by_role("button", name="Delete my answers").first)
    photograph(page, "stay-deleted")
