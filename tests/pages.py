"""Reading pages as people do."""

from html.parser import HTMLParser
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words += data.split()


def text_of(page: Any) -> str:
    """Return the text of a response or of HTML, its tags and line breaks as single spaces."""
    parser = _Words()
    parser.feed(page if isinstance(page, str) else page.content.decode())
    return " ".join(parser.words)


def queries_of(browser: Client, path: str, headers: dict[str, str] | None = None) -> int:
    """Return how many queries a page costs."""
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(path, headers=headers).status_code == 200
    return len(queries)
