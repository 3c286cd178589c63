"""axe-core on a page as it stands."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

SCRIPT = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
# Half-way from one colour to the next nothing has the contrast that it comes to.
STILL = "Promise.allSettled(document.getAnimations().map(each => each.finished))"


def violations(page: Page) -> list[str]:
    """Return what axe finds wrong, each with the first element at fault."""
    page.wait_for_load_state()  # without its styles a page fails on everything
    page.evaluate(STILL)
    page.evaluate(SCRIPT.read_text(encoding="utf-8"))  # past the policy of the page, which would refuse a tag
    found: list[dict[str, Any]] = page.evaluate(
        "rules => axe.run(rules).then(result => result.violations)", RULES
    )
    return [f"{each['id']}: {each['help']}: {each['nodes'][0]['html'][:200]}" for each in found]


def overflow(page: Page) -> int:
    """Return by how many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
