"""What a page of the desk says and plays, kept as soon as it is heard: the next refresh takes news away."""

from playwright.sync_api import Page

from tests.browser.waiting import wait_until

LISTEN = """
  window.notes = 0;
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (...when) { window.notes += 1; return start.apply(this, when); };
"""
NEWS = """() => {
  window.told = [];
  new MutationObserver(() => window.told.push(document.getElementById("queue-news").textContent.trim()))
    .observe(document.body, { subtree: true, childList: true, characterData: true });
}"""


def listen_for_news(page: Page) -> None:
    page.evaluate(NEWS)


def was_told(page: Page, words: str) -> None:
    """Wait until the page has said these words about its list, though it may be silent again."""
    wait_until(page, lambda: words in page.evaluate("window.told"))


def was_played(page: Page, notes: int) -> None:
    """Wait for so many notes in all: a device takes its time to make the first."""
    wait_until(page, lambda: page.evaluate("window.notes") == notes)
