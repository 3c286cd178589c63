"""`make html`: the Nu checker reads every page as it is sent. All other tests parse pages by html5lib."""

import json
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage
from tests.browser.scenes import DESK
from tests.intake.views.pages import PUBLIC

pytestmark = pytest.mark.html
CHECKER = Path(__file__).resolve().parents[2] / "test-results/vnu/node_modules/vnu-jar/build/dist/vnu.jar"

# The desk speaks htmx; its tables name their roles, which they lose on a phone where rows become blocks.
ACCEPTED = ("Attribute “hx-", "The “role” attribute must not be used on a “t")


def complaints(source: str) -> list[str]:
    """Return what the Nu checker says about a page."""
    command = ["java", "-jar", str(CHECKER), "--format", "json", "--errors-only", "-"]
    said = subprocess.run(command, input=source, capture_output=True, text=True, check=False).stderr
    found = [f"{each['message']} ({each.get('extract', '')})" for each in json.loads(said)["messages"]]
    return [each for each in found if not each.startswith(ACCEPTED)]


@pytest.mark.parametrize("path", [*PUBLIC, "/accounts/login/", "/nothing-here/"])
def test_public_pages(open_page: OpenPage, path: str) -> None:
    assert complaints(open_page(path).request.get(path).text()) == []


def test_the_desk(desk: Page) -> None:
    for path in DESK:
        assert complaints(desk.request.get(path).text()) == [], path
