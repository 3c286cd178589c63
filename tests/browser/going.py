"""From page to page in the browser."""

from playwright.sync_api import Locator


def follow(target: Locator) -> None:
    """Click what leads to another page, and wait until that page is there with its styles.

    A click alone returns before the answer comes: what is looked at next could still be the page before.
    """
    with target.page.expect_navigation():
        target.click()
