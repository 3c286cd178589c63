"""After an urgent enquiry: a few more questions, on an old phone, with scripting off."""

from playwright.sync_api import Page, expect

from crm.enums import Level
from crm.models import Lead, Site, User
from intake.models import Enquiry
from intake.services.reconciliation import reconcile
from tests.browser.axe import overflow, violations
from tests.browser.conftest import NARROW, OpenPage
from tests.browser.going import follow
from tests.browser.test_story import run_due_jobs


def fine(page: Page) -> Page:
    """One question, and nothing cut off. axe waits for timers, which stand still with scripting off."""
    page.wait_for_load_state("load")  # with its style sheet
    assert overflow(page) == 0
    assert page.locator("main h1").count() == 1
    return page


def write(open_page: OpenPage, who: str, words: str, *ticks: str) -> Page:
    """Send the first page with three answers; return what comes next."""
    page = fine(open_page("/urgent/", NARROW, java_script_enabled=False))
    page.get_by_label(who, exact=True).check()
    for tick in ticks:
        page.get_by_label(tick).check()
    page.get_by_label("In your own words").fill(words)
    page.get_by_label("Phone number").fill("07700 900123")
    follow(page.get_by_role("button", name="Send"))
    return fine(page)


def go_on(page: Page) -> Page:
    follow(page.get_by_role("button", name="Continue"))
    return fine(page)


def test_a_son_in_withdrawal_answers_two_questions_and_stops(
    open_page: OpenPage, centre: Site, coordinator: User
) -> None:
    page = write(open_page, "Me", "I stopped drinking and I shake", "Feeling ill after stopping")
    expect(page.get_by_role("heading", level=1)).to_have_text("Are you thinking of ending your life?")
    page.get_by_label("No", exact=True).check()
    go_on(page).get_by_label("Alcohol").check()
    go_on(page).get_by_label("How often?").select_option("daily")
    page.get_by_label("Still using it, or stopped?").select_option("stopped")
    page.get_by_label("When was the last time?").select_option("day")
    follow(go_on(page).get_by_role("link", name="Finish now"))
    expect(fine(page).get_by_text("A person will call you")).to_be_visible()
    run_due_jobs()
    lead = Lead.objects.get()
    assert (lead.main_substance, lead.enquiry_count) == ("alcohol", 1)
    assert lead.level in {Level.U1, Level.U2, Level.U3}
    assert (Enquiry.objects.count(), reconcile().unaccounted) == (4, 0)


def test_a_mother_reads_what_cannot_wait_before_any_more_questions(
    open_page: OpenPage, centre: Site, coordinator: User
) -> None:
    page = write(open_page, "Someone I care about", "My son", "An overdose in the last 24 hours")
    expect(page.get_by_role("heading", level=1)).to_have_text("Call 999 now")
    assert page.get_by_role("link", name="Call 999", exact=True).get_attribute("href") == "tel:999"
    follow(page.get_by_role("link", name="I have read this"))
    expect(fine(page).get_by_role("heading", level=1)).to_have_text("Are they thinking of ending their life?")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Call 999 now")
    run_due_jobs()
    assert Lead.objects.get().level == Level.E1


def test_an_answer_that_means_danger_stops_the_questions(
    open_page: OpenPage, centre: Site, coordinator: User
) -> None:
    page = write(open_page, "Someone I work with or look after", "Please call me")
    page.get_by_label("Yes, and not safe right now").check()
    expect(go_on(page).get_by_role("heading", level=1)).to_have_text("Call 999 now")
    run_due_jobs()
    assert Lead.objects.get().level == Level.E1


def test_a_girl_of_sixteen_is_shown_the_way_to_help(open_page: OpenPage, centre: Site) -> None:
    page = write(open_page, "Me", "I need somebody to talk to")
    for _ in range(4):
        follow(page.get_by_role("link", name="Skip this question"))
    page.get_by_label("16 or 17").check()
    expect(go_on(page).get_by_role("heading", level=1)).to_have_text("There is help for people your age")
    assert page.locator("main").get_by_role("link", name="0800 1111").first.is_visible()
    follow(page.get_by_role("link", name="Continue"))
    expect(fine(page).get_by_role("heading", level=1)).to_have_text("Could you be pregnant?")


def test_somebody_who_is_watched_asks_for_a_call_after_six(open_page: OpenPage, centre: Site) -> None:
    page = fine(open_page("/call-me/", NARROW, java_script_enabled=False))
    page.get_by_label("Phone number").fill("07700 900123")
    page.get_by_label("When is it safe to contact you?").fill("after six")
    page.get_by_label("Who should we ask for?").fill("Jo")
    follow(page.get_by_role("button", name="Ask for a call"))
    expect(fine(page).get_by_text("A person will call you")).to_be_visible()
    caller = Lead.objects.get().caller
    assert (caller.safe_times, caller.ask_for, caller.may_voicemail) == ("after six", "Jo", False)


def test_axe_finds_nothing_on_any_of_the_pages(open_page: OpenPage, centre: Site) -> None:
    start = write(open_page, "Me", "Help", "A fit, now or in the last 24 hours").url
    page = open_page(start, NARROW)
    token = start.split("/more/")[1].split("/")[0]
    assert violations(page) == []
    for rest in ("1/", "2/", "3/", "5/", "11/"):
        page.goto(f"/more/{token}/{rest}")
        assert violations(fine(page)) == []
    page.goto(f"/more/{token}/2/")
    page.get_by_label("Heroin").check()
    assert violations(go_on(page)) == []
    page.goto(f"/more/{token}/5/")
    page.get_by_label("Under 16").check()
    assert violations(go_on(page)) == []


def test_questions_are_answered_by_keyboard_alone(open_page: OpenPage, centre: Site) -> None:
    page = write(open_page, "Me", "Help")
    page.get_by_label("No", exact=True).focus()
    for key in ("Space", "Tab", "Enter"):
        page.keyboard.press(key)
    expect(page.get_by_role("heading", level=1)).to_have_text("Do you use any of these?")
    page.get_by_role("link", name="Finish now").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_title("Your message - Harbour House")
