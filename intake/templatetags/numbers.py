"""Numbers in a text become links that a phone can dial, if and only if they are help lines."""

import re
from collections.abc import Iterable

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from intake.frame import Frame, Line
from intake.wording import fill

register = template.Library()


@register.filter
def with_links(text: str, lines: Iterable[Line]) -> SafeString:
    """Return the text with each help line's number linked to its dial form."""
    dials = {number: line.dial for line in lines if line.dial for number in _numbers_of(line)}
    if not dials:
        return conditional_escape(text)
    numbers = "|".join(re.escape(number) for number in sorted(dials, key=len, reverse=True))
    parts = re.split(rf"(?<![\d-])({numbers})(?![\d-])", text)
    linked = [_link(part, dials[part]) if part in dials else conditional_escape(part) for part in parts]
    return mark_safe("".join(linked))  # noqa: S308  # every part is escaped above


@register.filter
def said_here(text: str, frame: Frame) -> SafeString:
    """Return a text with the numbers of the place in its slots, each a link."""
    return with_links(fill(text, frame.words), frame.every_line)


def _numbers_of(line: Line) -> tuple[str, str]:
    """Return what is shown, and what is dialled before anything is pressed: 111 of "111 then 2"."""
    return line.number, line.number.split(" then ")[0]


def _link(number: str, dial: str) -> SafeString:
    return format_html('<a class="nowrap" href="{}">{}</a>', dial, number)
