"""Leaving quickly: the button, the hidden link, Shift three times."""

from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import EXIT, NARROW, OpenPage
from tests.browser.going import follow


def stays(page: Page) -> None:
    """A page that leaves is covered in the same moment, before anything else is heard of it."""
    expect(page.locator(".exit-overlay")).to_have_count(0)
    assert page.url.endswith("/urgent/")


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


def test_nobody_without_a_keyboard_is_told_of_keys(open_page: OpenPage) -> None:
    phone = {"has_touch": True, "is_mobile": True, "java_script_enabled": False}
    for path in ("/leaving/", "/leaving/soon/", "/"):
        page = open_page(path, NARROW, **phone)
        expect(page.locator("body")).not_to_contain_text("Shift", use_inner_text=True)
        foot = page.locator(".foot p").inner_text()
        assert foot.startswith("Leaving quickly. Press Leave at the top. You go to a weather page.")
        expect(page.locator(".bar .exit")).to_be_visible()
    main = open_page("/leaving/", NARROW, **phone).locator("main")
    expect(main.get_by_role("listitem")).to_have_text(["Press Leave at the top of the page."])
    expect(main).not_to_contain_text("way", use_inner_text=True)
    expect(main).to_contain_text("In an old browser, Back may show the page again", use_inner_text=True)


def test_whoever_has_a_mouse_is_told_of_keys_also_without_scripts(open_page: OpenPage) -> None:
    page = open_page("/leaving/", java_script_enabled=False)
    expect(page.locator("main").get_by_role("listitem")).to_have_count(2)
    expect(page.locator("main")).to_contain_text("There are two ways.", use_inner_text=True)
    expect(page.locator(".foot")).to_contain_text("or the Shift key three times", use_inner_text=True)


def test_writing_capitals_does_not_leave(open_page: OpenPage) -> None:
    page = open_page("/urgent/")
    words = page.get_by_label("In your own words")
    words.focus()
    for letter in "ABCD":
        page.keyboard.press(f"Shift+{letter}")
    expect(words).to_have_value("ABCD")
    stays(page)


def test_two_presses_do_not_leave(open_page: OpenPage) -> None:
    page = open_page("/urgent/")
    for _ in range(2):
        page.keyboard.press("Shift")
    expect(page.get_by_role("status")).to_have_text("Shift. Press 1 more time to leave this site.")
    stays(page)


def test_going_back_does_not_return_to_the_page_that_was_left(open_page: OpenPage) -> None:
    page = open_page("/")
    follow(page.get_by_role("link", name="I need help soon"))
    follow(page.get_by_role("link", name="Continue"))  # with its script, which leaves no trace in the history
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


def test_each_press_of_shift_is_announced(open_page: OpenPage) -> None:
    page = open_page("/urgent/")
    news = page.get_by_role("status")
    expect(news).to_have_text("")
    page.keyboard.press("Shift")
    expect(news).to_have_text("Shift. Press 2 more times to leave this site.")
    page.keyboard.press("Shift")
    expect(news).to_have_text("Shift. Press 1 more time to leave this site.")


def test_after_five_seconds_it_is_called_off(open_page: OpenPage) -> None:
    page = open_page("/accessibility/")
    page.clock.install()
    page.goto("/urgent/")
    for _ in range(2):
        page.keyboard.press("Shift")
    page.clock.run_for(5001)
    expect(page.get_by_role("status")).to_have_text("Leaving by Shift was called off.")
    page.keyboard.press("Shift")
    expect(page.get_by_role("status")).to_have_text("Shift. Press 2 more times to leave this site.")
    assert page.url.endswith("/urgent/")


def test_capitals_are_not_announced(open_page: OpenPage) -> None:
    page = open_page("/urgent/")
    page.get_by_label("In your own words").focus()
    page.keyboard.press("Shift+A")
    page.keyboard.press("Shift+B")
    expect(page.get_by_role("status")).to_have_text("")


def test_no_cookie_is_left(open_page: OpenPage, live_server: LiveServer) -> None:
    page = open_page("/urgent/")
    page.context.add_cookies(
        [{"name": name, "value": "1", "url": live_server.url} for name in ("draft", "sessionid", "messages")]
    )
    page.evaluate("localStorage.setItem('note', 'private')")
    page.locator(".bar .exit").click()
    expect(page).to_have_url(EXIT)
    assert page.context.cookies(live_server.url) == []
    page.goto(f"{live_server.url}/urgent/")
    assert page.evaluate("localStorage.getItem('note')") is None


def test_the_way_out_is_a_link_without_scripts(open_page: OpenPage) -> None:
    page = open_page("/urgent/", java_script_enabled=False)
    page.locator(".bar .exit").click()
    expect(page).to_have_url(EXIT)


def test_a_page_that_comes_back_is_not_covered(open_page: OpenPage) -> None:
    page = open_page("/")
    follow(page.get_by_role("link", name="Privacy"))
    page.evaluate("() => { document.querySelector('.bar .exit').click(); window.stop(); }")
    expect(page.locator(".exit-overlay")).to_have_count(1)
    page.evaluate("() => window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(page.locator(".exit-overlay")).to_have_count(0)
