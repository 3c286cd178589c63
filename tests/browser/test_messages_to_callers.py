"""Looking after messages to callers in a browser: the mail in its frame, on a phone, in the dark."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from crm.models import Lead, User
from crm.safe_times import slot_at
from crm.services.call_backs import WishedCall, set_call_back
from jobs.clock import database_now
from notifications.enums import ChannelName, Language, MessageKind, Voice
from notifications.services.wordings import draft_wording
from notifications.worded import Worded
from notifications.wording import Words
from tests.browser.axe import overflow, violations
from tests.browser.conftest import NARROW, WIDE, OpenPage
from tests.browser.going import follow

ONE = "/desk/messages/caller_tried/email/self/en/"
TRIED = Worded(MessageKind.CALLER_TRIED, ChannelName.EMAIL)
PHOTOS = os.environ.get("PHOTOS")


def looked_at(page: Page, name: str) -> list[str]:
    """Return what axe finds on narrow and wide screens; with PHOTOS set, photograph them, too."""
    found: list[str] = []
    for width, screen in ((375, {"width": 375, "height": 800}), (320, NARROW), (1280, WIDE)):
        page.set_viewport_size(screen)
        found += [f"{name} {width}: {each}" for each in violations(page)]
        found += [f"{name} {width}: {overflow(page)} px too wide"] if overflow(page) else []
        if PHOTOS and width != 320:
            page.screenshot(path=Path(PHOTOS) / f"{name}-{width}.png", full_page=True)
    return found


def test_the_mail_is_read_in_its_frame(desk: Page) -> None:
    desk.goto(ONE)
    mail = desk.frame_locator("iframe.mail-preview")
    expect(mail.locator("html")).to_have_attribute("lang", "en")
    expect(mail.get_by_text("We tried to call you and did not reach you.")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_the_mail_fits_a_phone_and_any_colours(desk: Page, scheme: str, width: int) -> None:
    path = "/desk/messages/enquiry_copy/email/loved_one/pl/0/preview/"
    desk.emulate_media(color_scheme=scheme)
    desk.set_viewport_size({"width": width, "height": 700})
    desk.goto(path)
    assert overflow(desk) == 0
    expect(desk.get_by_text("https://example.org/received/made-up/")).to_be_visible()
    ink, paper = (
        desk.evaluate(f"getComputedStyle(document.querySelector('td td, td')).{what}")
        for what in ("color", "backgroundColor")
    )
    assert paper == "rgba(0, 0, 0, 0)"  # its own colours are the mail program's
    assert (ink == "rgb(0, 0, 0)") == (scheme == "light")
    if PHOTOS:
        desk.screenshot(path=Path(PHOTOS) / f"mail-{scheme}-{width}.png")


def test_a_version_is_written_refused_mended_and_waits(desk: Page, coordinator: User) -> None:
    desk.goto("/desk/messages/")
    assert looked_at(desk, "messages") == []
    follow(desk.get_by_role("link", name="Open We tried to reach you, E-mail"))
    desk.get_by_label("Text", exact=True).fill("Our rehab has a special offer.")
    follow(desk.get_by_role("button", name="Save as a new version"))
    expect(desk.get_by_role("alert").first).to_contain_text("“rehab” tells what it is about")
    assert looked_at(desk, "message-refused") == []
    desk.get_by_label("Text", exact=True).fill("Hello,\n\nI rang. My number is {phone}.\n\n{sender}")
    desk.get_by_label("What changed").fill("Shorter")
    follow(desk.get_by_role("button", name="Save as a new version"))
    expect(desk.locator("main")).to_contain_text("Version 1, which callers do not get")
    expect(desk.get_by_role("button", name="Approve version 1")).to_have_count(0)
    expect(desk.frame_locator("iframe.mail-preview").get_by_text("I rang.")).to_be_visible()
    assert looked_at(desk, "message-draft") == []


def test_what_somebody_else_wrote_is_approved(desk: Page, coordinator: User) -> None:
    words = Words("A message from {sender}", "Hello,\n\nI rang.\n\n{sender}")
    draft_wording(worded=TRIED, words=words, note="Shorter", by=coordinator.pk, at=database_now())
    desk.goto(f"{ONE}?version=1")
    follow(desk.get_by_role("button", name="Approve version 1"))
    expect(desk.locator("main")).to_contain_text("What callers get now: version 1")
    assert looked_at(desk, "message-approved") == []


def test_every_kind_of_page_in_other_voices_and_languages(desk: Page) -> None:
    found: list[str] = []
    for voice, language in ((Voice.LOVED_ONE, Language.WELSH), (Voice.PROFESSIONAL, Language.ROMANIAN)):
        for channel in ("email", "sms"):
            desk.goto(f"/desk/messages/caller_new_time/{channel}/{voice}/{language}/")
            desk.evaluate("document.querySelectorAll('main details').forEach(each => each.open = true)")
            found += looked_at(desk, f"message-{channel}-{language}")
    assert found == []


def test_it_works_without_scripts(open_page: OpenPage, desk: Page) -> None:
    cookies = desk.context.cookies()
    page = open_page("/accessibility/", java_script_enabled=False)
    page.context.add_cookies(cookies)
    page.goto(ONE)
    expect(page.frame_locator("iframe.mail-preview").get_by_text("We tried to call you")).to_be_visible()
    follow(page.get_by_role("button", name="Send this to yourself as a test"))
    expect(page.locator("main")).to_contain_text("is on its way to")


def test_a_letter_says_when_it_will_go_and_asks_why(desk: Page, coordinator: User) -> None:
    lead, at = Lead.objects.filter(level="U1").first(), database_now()
    assert lead
    for hours in (30, 40):
        wish = WishedCall(lead.caller, at + timedelta(hours=hours), override_reason="They asked for it so")
        set_call_back(lead=lead, by=coordinator, wish=wish, at=database_now())
    later = (slot_at(at, lead.site.time_zone) + 8) % (7 * 48)
    type(lead.caller).objects.filter(pk=lead.caller_id).update(
        safe_slots=[later], safe_times="later", may_email=True, email="ada@example.org"
    )
    desk.goto(f"/desk/leads/{lead.reference}/write/")
    expect(desk.locator("main")).to_contain_text("It waits for a time that they called safe")
    expect(desk.get_by_label("Why the time has changed")).to_have_count(1)
    assert looked_at(desk, "write") == []


def test_the_page_is_read_in_the_dark(desk: Page) -> None:
    desk.emulate_media(color_scheme="dark")
    desk.goto(ONE)
    desk.evaluate("document.querySelectorAll('main details').forEach(each => each.open = true)")
    assert violations(desk) == []
    if PHOTOS:
        desk.locator("iframe.mail-preview").screenshot(path=Path(PHOTOS) / "message-dark.png")
