"""A minute without a connection on a phone: no note is lost, none is stored twice, and the page says so."""

from django.test import Client
from playwright.sync_api import Locator, Page, Route, expect

from crm.enums import Level
from crm.models import ContactAttempt, LeadEvent, Site, User
from tests.browser.axe import overflow, violations
from tests.browser.signed_in import OpenAs, address, sign_in
from tests.factories import LeadFactory


def note_field(page: Page) -> Locator:
    if not page.locator("#act-note").evaluate("each => each.open"):
        page.locator("#act-note summary").click()
    return page.locator("#note-text")


def notes() -> list[str]:
    return [event.note for event in LeadEvent.objects.filter(kind="NOTE_ADDED")]


def kept(page: Page) -> str:
    return page.evaluate("sessionStorage.getItem('desk-outbox') || ''")


def test_a_note_written_offline_is_sent_by_itself(open_as: OpenAs, site: Site, coordinator: User) -> None:
    page = open_as(coordinator, address(LeadFactory(site=site)))
    note_field(page).fill("Their sister can be called, too.")
    page.context.set_offline(True)
    with page.expect_event("requestfailed", lambda request: "/desk/news/" in request.url):
        page.get_by_role("button", name="Add the note").click()
    expect(page.locator("#unsent")).to_contain_text("is not sent. There is no connection")
    expect(page.locator("#unsent")).to_contain_text("kept in this tab, on this device")
    expect(page.locator("#note-text")).to_have_value("Their sister can be called, too.")
    assert violations(page) == []
    assert overflow(page) <= 0
    assert notes() == []
    page.context.set_offline(False)
    expect(page.get_by_text("Note added.")).to_be_visible()
    assert notes() == ["Their sister can be called, too."]
    assert "sister" not in kept(page)
    expect(page.locator("#unsent")).to_be_empty()


def test_an_answer_that_got_lost_does_not_store_the_note_twice(
    open_as: OpenAs, site: Site, coordinator: User
) -> None:
    page = open_as(coordinator, address(LeadFactory(site=site)))
    lost: list[int] = []

    def lose_the_first_answer(route: Route) -> None:
        if lost:
            return route.continue_()
        lost.append(route.fetch().status)
        return route.abort()

    page.route("**/notes/", lose_the_first_answer)
    note_field(page).fill("They called back.")
    page.get_by_role("button", name="Add the note").click()
    expect(page.get_by_text("It is stored once.")).to_be_visible()
    assert lost == [204]
    assert notes() == ["They called back."]


def test_an_attempt_made_offline_is_logged_later(open_as: OpenAs, site: Site, coordinator: User) -> None:
    lead = LeadFactory(site=site)
    page = open_as(coordinator, address(lead))
    page.locator("#act-attempt summary").click()
    page.get_by_label("What happened").select_option("No answer")
    page.context.set_offline(True)
    page.get_by_role("button", name="Log it").click()
    expect(page.locator("#unsent")).to_contain_text("Your contact attempt on")
    expect(page.get_by_label("What happened")).to_be_disabled()
    page.context.set_offline(False)
    expect(page.get_by_text("Attempt logged.")).to_be_visible()
    assert ContactAttempt.objects.count() == 1


def test_half_a_note_survives_loading_the_page_again(open_as: OpenAs, site: Site, coordinator: User) -> None:
    page = open_as(coordinator, address(LeadFactory(site=site)))
    note_field(page).type("Half a no")
    page.reload()
    expect(page.locator("#note-text")).to_have_value("Half a no")
    expect(page.locator("#note-text")).to_be_visible()
    page.get_by_role("button", name="Add the note").click()
    expect(page.get_by_text("Note added.")).to_be_visible()
    assert notes() == ["Half a no"]


def test_a_note_goes_from_whatever_page_is_open(open_as: OpenAs, site: Site, coordinator: User) -> None:
    lead = LeadFactory(site=site)
    page = open_as(coordinator, address(lead))
    page.route("**/notes/", lambda route: route.abort())
    note_field(page).fill("Written in a lift.")
    page.get_by_role("button", name="Add the note").click()
    expect(page.locator("#unsent")).to_contain_text("is not sent")
    page.goto("/desk/queues/prebooked/")
    expect(page.locator("#unsent")).to_contain_text(f"Your note on {lead.reference} is not sent.")
    page.unroute("**/notes/")
    expect(page.locator("#unsent")).to_have_text("Sent.")
    assert notes() == ["Written in a lift."]


def test_one_who_was_signed_out_signs_in_and_the_note_goes(
    open_as: OpenAs, client: Client, site: Site, coordinator: User
) -> None:
    lead = LeadFactory(site=site)
    page = open_as(coordinator, address(lead))
    note_field(page).fill("Not lost.")
    client.logout()
    page.get_by_role("button", name="Add the note").click()
    expect(page.locator("#unsent")).to_contain_text("You are signed out. Sign in again in this tab")
    client.force_login(coordinator)
    sign_in(page, client)
    page.goto("/desk/")
    expect(page.locator("#unsent")).to_have_text("Sent.")
    assert notes() == ["Not lost."]


def test_signing_out_leaves_nothing_on_the_device(open_as: OpenAs, site: Site, coordinator: User) -> None:
    page = open_as(coordinator, address(LeadFactory(site=site)))
    note_field(page).fill("Private words")
    assert "Private words" in kept(page)
    page.locator(".menu > summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(lambda url: "/leads/" not in url)
    assert kept(page) == ""


def test_another_person_in_the_tab_finds_nothing(
    open_as: OpenAs, client: Client, site: Site, coordinator: User, manager: User
) -> None:
    lead = LeadFactory(site=site)
    page = open_as(coordinator, address(lead))
    note_field(page).fill("Private words")
    client.force_login(manager)
    sign_in(page, client)
    page.goto(address(lead))
    expect(page.locator("#note-text")).to_have_value("")
    assert "Private words" not in kept(page)


def test_a_refusal_comes_back_with_its_reason_and_the_words(
    open_as: OpenAs, site: Site, coordinator: User
) -> None:
    lead = LeadFactory(site=site)
    page = open_as(coordinator, address(lead))
    page.locator("#act-attempt summary").click()
    page.get_by_label("What happened").select_option("Left a message")
    page.locator("#attempt-two_way").check()
    page.locator("#attempt-note").fill("Their voicemail says that they moved.")
    page.get_by_role("button", name="Log it").click()
    expect(page.locator(".error-summary, [role=alert]").first).to_be_visible()
    expect(page.locator("#attempt-note")).to_have_value("Their voicemail says that they moved.")
    assert ContactAttempt.objects.count() == 0


def test_the_on_call_person_does_it_all_on_a_phone(open_as: OpenAs, site: Site, coordinator: User) -> None:
    lead = LeadFactory(site=site, level=Level.U2)
    page = open_as(coordinator, "/desk/")
    page.get_by_role("button", name=f"Take {lead.reference}").click()
    expect(page.get_by_text("You have this lead until")).to_be_visible()
    page.get_by_label("What happened").select_option("No answer")
    page.get_by_role("button", name="Log it").click()
    expect(page.get_by_text("Attempt logged.")).to_be_visible()
    page.locator("#act-raise summary").click()
    page.get_by_label("U1: Urgent").check()
    page.locator("#raise-reason_code").select_option("Said on the call")
    page.get_by_role("button", name="Raise it now").click()
    expect(page.get_by_text("Raised to U1.")).to_be_visible()
    page.locator("#act-lower summary").click()
    page.locator("#act-lower").get_by_label("U3: Urgent").check()
    page.locator("#lower-reason_code").select_option("An answer was wrong")
    page.locator("#lower-reason").fill("They meant last year, not last week.")
    page.get_by_role("button", name="Lower it").click()
    expect(page.get_by_text("Lowered to U3.")).to_be_visible()
    assert overflow(page) <= 0
    page.get_by_role("button", name="Give back").click()
    expect(page.get_by_text(f"{lead.reference} is back in its queue.")).to_be_visible()
