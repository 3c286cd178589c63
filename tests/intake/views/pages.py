"""Reading a page as a test: its parts, by html5lib, and the help lines of the centre."""

import re
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from django.http import HttpResponse

from intake.enums import GuideSubject

PUBLIC = (
    "/",
    "/help/",
    "/help/ketamine/",
    "/help/alcohol/",
    "/help/alcohol/signs/",
    "/urgent/",
    "/call-me/",
    "/pre-booked/",
    "/refer/",
    "/privacy/",
    "/accessibility/",
    "/complaints/",
    "/leaving/",
    "/leaving/soon/",
)
GUIDES = tuple(f"/help/{slug}/" for slug in GuideSubject.values)
FORMS = ("/urgent/", "/call-me/", "/pre-booked/", "/refer/")
ONE_PAGE_FORMS = ("/urgent/", "/call-me/", "/refer/")


def text_of(response: HttpResponse) -> str:
    return response.content.decode()


def document(response: HttpResponse) -> Element:
    """Parse the page; broken HTML raises."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text_of(response))


def words(element: Element) -> str:
    return re.sub(r"\s+", " ", "".join(element.itertext())).strip()


def title(response: HttpResponse) -> str:
    return words(document(response).find(".//title"))


def main(response: HttpResponse) -> str:
    return words(document(response).find(".//main"))


def hidden(response: HttpResponse) -> dict[str, Any]:
    """Return the hidden fields of the form, as a browser would send them back."""
    inputs = document(response).iterfind(".//form//input[@type='hidden']")
    return {each.get("name", ""): each.get("value", "") for each in inputs}
