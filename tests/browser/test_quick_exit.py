"""Leaving quickly: the button, the hidden link, Shift three times."""

from playwright.sync_api import expect

from tests.browser.conftest import EXIT, NARROW, OpenPage


def test_the_button_leaves(open_page: OpenPage) -> None:
    page = open_page("/urgent/", NARROW)
    page.locator(".bar .exit").click()
    expect(page).to_have_url(EXIT)


def test_the_hidden_link_leaves_by_keyboard(open_page: OpenPage) -> None:
    page = open_page("/urgent/")
    for key in ("Tab", "Tab", "Enter"):
        page.keyboard.press(key)
    expect(page).to_have_url(EXIT)


def test_shift_three_times_leaves_also_out_of_a_field(open_page: OpenPage) -> None:
    page = open_page("/urgent/")
    page.get_by_label("In your own words").focus()
    for _ in range(3):
        page.keyboard.press("Shift")
    expect(page).to_have_url(EXIT)


def test_writing_capitals_does_not_leave(open_page: OpenPage) -> None:
    page = open_page("/urgent/")
    page.get_by_label("In your own words").focus()
    for letter in "ABCD":
        page.keyboard.press(f"Shift+{letter}")
    page.wait_for_timeout(200)
    assert page.url.endswith("/urgent/")


def test_two_presses_do_not_leave(open_page: OpenPage) -> None:
    page = open_page("/urgent/")
    for _ in range(2):
        page.keyboard.press("Shift")
    page.wait_for_timeout(200)
    assert page.url.endswith("/urgent/")


def test_going_back_does_not_return_to_the_page_that_was_left(open_page: OpenPage) -> None:
    page = open_page("/")
    page.get_by_role("link", name="I need help soon").click()
    page.get_by_label("In your own words").fill("private words")
    page.locator(".bar .exit").click()
    expect(page).to_have_url(EXIT)
    page.go_back()
    assert not page.url.endswith("/urgent/")


def test_the_page_is_covered_while_it_leaves(open_page: OpenPage) -> None:
    page = open_page("/urgent/")
    leave = (
        "() => { document.querySelector('.bar .exit').click(); return document.body.lastChild.className; }"
    )
    assert page.evaluate(leave) == "exit-overlay"
