"""Numbers in a text become links that a phone can dial, if and only if they are help lines."""

import re
from collections.abc import Iterable

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from intake.frame import Line

register = template.Library()


@register.filter
def with_links(text: str, lines: Iterable[Line]) -> SafeString:
    """Return the text with each help line's number linked to its dial form."""
    dials = {line.number: line.dial for line in lines if line.dial}
    if not dials:
        return conditional_escape(text)
    numbers = "|".join(re.escape(number) for number in sorted(dials, key=len, reverse=True))
    parts = re.split(rf"(?<![\d-])({numbers})(?![\d-])", text)
    linked = [_link(part, dials[part]) if part in dials else conditional_escape(part) for part in parts]
    return mark_safe("".join(linked))  # noqa: S308  # every part is escaped above


def _link(number: str, dial: str) -> SafeString:
    return format_html('<a class="nowrap" href="{}">{}</a>', dial, number)
