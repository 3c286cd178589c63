"""The front door with scripting off."""

from playwright.sync_api import expect

from intake.models import Enquiry
from tests.browser.conftest import EXIT, NARROW, OpenPage
from tests.browser.going import follow


def test_an_urgent_enquiry_goes_through(open_page: OpenPage) -> None:
    page = open_page("/", NARROW, java_script_enabled=False)
    follow(page.get_by_role("link", name="I need help soon"))
    follow(page.get_by_role("link", name="Continue"))
    page.get_by_label("Someone I care about").check()
    page.get_by_role("radio", name="I am not sure", exact=True).check()
    page.get_by_label("In your own words").fill("My son cannot stop")
    page.get_by_label("Phone number").fill("07700 900123")
    follow(page.get_by_role("button", name="Send"))
    follow(page.get_by_role("link", name="Skip this question"))
    page.get_by_role("checkbox", name="Ketamine").check()
    follow(page.get_by_role("button", name="Continue"))
    page.get_by_label("How often?").select_option("daily")
    follow(page.get_by_role("button", name="Continue"))
    follow(page.get_by_role("link", name="Finish now"))
    expect(page.get_by_text("A person will call you")).to_be_visible()
    answers = Enquiry.objects.order_by("received_at", "pk").last().answers
    assert (answers["enquirer"], answers["person_aware"]) == ("loved_one", "unknown")
    assert [(each["name"], each["freq"]) for each in answers["substances"]] == [("ketamine", "daily")]


def test_errors_are_shown_and_answers_are_kept(open_page: OpenPage) -> None:
    page = open_page("/refer/", java_script_enabled=False)
    page.get_by_label("What is happening, and what have you tried?").fill("Zoë writes")
    follow(page.get_by_role("button", name="Send"))
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    expect(page.get_by_label("What is happening, and what have you tried?")).to_have_value("Zoë writes")


def test_questions_open_under_an_answer(open_page: OpenPage) -> None:
    page = open_page("/urgent/", java_script_enabled=False)
    expect(page.get_by_label("What is their name?")).to_be_hidden()
    page.get_by_label("Someone I care about").check()
    expect(page.get_by_label("What is their name?")).to_be_visible()


def test_the_way_out_is_a_link(open_page: OpenPage) -> None:
    page = open_page("/urgent/", java_script_enabled=False)
    page.get_by_role("link", name="Leave this site", exact=True).click()
    expect(page).to_have_url(EXIT)
