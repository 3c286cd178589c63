"""Push messages in Chromium: wait for what the service worker shows, then read it."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, Worker

from tests.browser.waiting import wait_until

# Chromium forgets a notification that somebody asks for while it is being shown: what its store holds and its
# screen does not yet show is taken for closed. So nobody asks before it was shown, and a moment later.
SETTLED_MS = 500
COUNT = """() => {
  if (self.shows !== undefined) return;
  self.shows = 0;
  const show = ServiceWorkerRegistration.prototype.showNotification;
  ServiceWorkerRegistration.prototype.showNotification = function (...all) {
    return show.apply(this, all).then(() => { self.shows += 1; });
  };
}"""
SHOWN = """() => self.registration.getNotifications().then(all => all.map(
    ({title, body, tag, actions}) => ({title, body, tag, actions: actions.map(({title}) => title)})))"""


def worker_of(page: Page) -> Worker:
    """Return the only service worker of this browser; it may be starting still."""
    workers = page.context.service_workers
    (worker,) = workers or [page.context.wait_for_event("serviceworker")]
    return worker


def shown_after(page: Page, act: Callable[[], object]) -> list[dict[str, Any]]:
    """Return what stands there once the worker has shown what `act` leads to."""
    worker = worker_of(page)
    worker.evaluate(COUNT)
    before = worker.evaluate("self.shows")
    act()
    wait_until(page, lambda: worker.evaluate("self.shows") > before)
    page.wait_for_timeout(SETTLED_MS)
    return list(worker.evaluate(SHOWN))
