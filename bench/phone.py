"""A public page on a slow phone: Chromium with the slow 3G profile, and a processor four times slower."""

import time
from collections.abc import Iterator

from playwright.sync_api import Browser, sync_playwright

from tests.browser.chromium import launch_options

# As in Chromium's developer tools: 400 kbit/s each way, 400 ms a round trip.
SLOW_3G = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
SLOWER = 4


def usable_after(address: str, *, times: int) -> Iterator[float]:
    """Yield the seconds until a page can be read and filled in, each time with an empty cache."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())
        for _ in range(times):
            yield _seconds(browser, address)
        browser.close()


def _seconds(browser: Browser, address: str) -> float:
    context = browser.new_context(viewport={"width": 320, "height": 640})
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", SLOW_3G)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    began = time.monotonic()
    page.goto(address, wait_until="load")
    took = time.monotonic() - began
    context.close()
    return took
