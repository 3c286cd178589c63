"""Words that somebody typed outlive a refusal, a sign-in that ran out, and a sign-in in another tab."""

from django.test import Client
from playwright.sync_api import Page, Route, expect

from crm.enums import Disposition, Stage
from crm.models import ContactAttempt, Lead, LeadEvent, Site, User
from intake.models import Enquiry
from tests.browser.axe import violations
from tests.browser.signed_in import OpenAs, address, sign_in
from tests.browser.waiting import wait_until
from tests.factories import LeadFactory, PersonFactory

SLOW = 2_500  # milliseconds: longer than it takes to say that something is being sent


def closing(page: Page) -> None:
    page.locator("#act-close summary").click()
    page.locator("#close-disposition").select_option("Chose another service")
    page.locator("#close-note").fill("They go to a friend's.")


def test_a_contact_that_was_refused_and_then_explained_ends_on_the_leads_page(
    open_as: OpenAs, site: Site, coordinator: User
) -> None:
    lead = LeadFactory(site=site, caller=PersonFactory(may_call=False))
    page = open_as(coordinator, address(lead))
    page.locator("#act-attempt summary").click()
    page.get_by_label("What happened").select_option("No answer")
    page.get_by_role("button", name="Log it").click()
    expect(page.locator("[data-error-summary]")).to_contain_text("did not say that a phone call is safe")
    page.locator("#attempt-override_reason").fill("Their GP asked us to ring.")
    page.get_by_role("button", name="Log it").click()
    expect(page.get_by_text("Attempt logged.")).to_be_visible()
    assert page.url.endswith(address(lead))
    assert ContactAttempt.objects.count() == 1


def test_what_is_typed_before_the_scripts_have_come_stays(
    open_as: OpenAs, site: Site, coordinator: User
) -> None:
    lead = LeadFactory(site=site, caller=PersonFactory(may_call=False))
    page = open_as(coordinator, address(lead))
    page.locator("#act-attempt summary").click()
    page.get_by_label("What happened").select_option("No answer")
    on_their_way: list[Route] = []

    def hold(script: Route) -> None:
        on_their_way.append(script)

    page.route("**/desk*.js", hold)
    page.get_by_role("button", name="Log it").click()
    reason = page.locator("#attempt-override_reason")
    reason.fill("Their GP asked us to ring.")
    wait_until(page, lambda: bool(on_their_way))
    for script in on_their_way:
        script.continue_()
    expect(page.locator("#act-attempt")).to_contain_text("Kept in this tab")
    expect(reason).to_have_value("Their GP asked us to ring.")


def test_closing_survives_a_sign_in_that_ran_out(
    open_as: OpenAs, client: Client, site: Site, coordinator: User
) -> None:
    lead = LeadFactory(site=site)
    page = open_as(coordinator, address(lead))
    closing(page)
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Close the lead").click()
    expect(page.locator("#unsent")).to_contain_text("is kept in this tab. Sign in, and it is there again.")
    assert f"next={address(lead)}" in page.url
    assert violations(page) == []
    client.force_login(coordinator)
    sign_in(page, client)
    page.goto(address(lead))
    expect(page.locator("#close-note")).to_have_value("They go to a friend's.")
    expect(page.locator("#close-disposition")).to_have_value(Disposition.CHOSE_ANOTHER)
    expect(page.locator("#act-close")).to_contain_text("and it was not sent")
    page.get_by_role("button", name="Close the lead").click()
    expect(page.get_by_text("Closed: Chose another service.")).to_be_visible()
    kept = "(sessionStorage.getItem('desk-outbox') || '').includes('friend')"
    wait_until(page, lambda: not page.evaluate(kept))
    assert Lead.objects.get().stage == Stage.CLOSED


def test_words_that_are_not_wanted_any_more_are_thrown_away(
    open_as: OpenAs, site: Site, coordinator: User
) -> None:
    page = open_as(coordinator, address(LeadFactory(site=site)))
    closing(page)
    page.reload()
    page.locator("#act-close").get_by_role("button", name="Throw it away").click()
    expect(page.locator("#close-note")).to_have_value("")
    page.reload()
    expect(page.locator("#close-note")).to_have_value("")


def test_an_enquiry_by_phone_survives_a_sign_in_that_ran_out(
    open_as: OpenAs, client: Client, site: Site, coordinator: User
) -> None:
    page = open_as(coordinator, "/desk/phone-enquiry/")
    page.locator("[name=phone]").fill("07700 900555")
    page.get_by_label("The caller", exact=True).check()
    page.get_by_label("What they said, in their words").fill("I drink a bottle a day.")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Save and route").click()
    page.wait_for_url("**/accounts/login/**")
    client.force_login(coordinator)
    sign_in(page, client)
    page.goto("/desk/phone-enquiry/")
    expect(page.get_by_label("What they said, in their words")).to_have_value("I drink a bottle a day.")
    expect(page.get_by_label("The caller", exact=True)).to_be_checked()
    page.get_by_role("button", name="Save and route").click()
    expect(page.get_by_text("Taken down:")).to_be_visible()
    assert Enquiry.objects.count() == 1
    page.goto("/desk/phone-enquiry/")
    expect(page.locator("[name=phone]")).to_have_value("")


def test_who_signed_in_again_in_another_tab_still_sends_the_note(
    open_as: OpenAs, client: Client, site: Site, coordinator: User
) -> None:
    page = open_as(coordinator, address(LeadFactory(site=site)))
    page.locator("#act-note summary").click()
    page.locator("#note-text").fill("Typed before that.")
    page.context.clear_cookies(name="csrftoken")
    other = page.context.new_page()
    other.goto(page.url)
    page.get_by_role("button", name="Add the note").click()
    expect(page.get_by_text("Note added.")).to_be_visible()
    assert [event.note for event in LeadEvent.objects.filter(kind="NOTE_ADDED")] == ["Typed before that."]


def test_a_note_that_nobody_is_signed_in_for_says_so_and_goes_on_saying_so(
    open_as: OpenAs, site: Site, coordinator: User
) -> None:
    lead = LeadFactory(site=site)
    page = open_as(coordinator, address(lead))
    page.locator("#act-note summary").click()
    page.locator("#note-text").fill("Not lost.")
    page.context.clear_cookies(name="sessionid")
    expect(page.locator("#now-signed-out")).to_contain_text("No news reaches this page.")
    page.get_by_role("button", name="Add the note").click()
    expect(page.locator("#unsent")).to_contain_text("You are signed out.")
    page.wait_for_timeout(SLOW)
    expect(page.locator("#unsent")).to_contain_text("You are signed out.")
    page.locator("#unsent").get_by_role("link", name="Sign in").click()
    page.wait_for_url(f"**/accounts/login/?next=*{lead.reference}*")


def test_the_address_of_a_form_says_where_to_go_on(open_as: OpenAs, site: Site, coordinator: User) -> None:
    lead = LeadFactory(site=site)
    page = open_as(coordinator, address(lead) + "close/")
    assert violations(page) == []
    page.get_by_role("link", name="Open the lead").click()
    page.wait_for_url("**" + address(lead))
