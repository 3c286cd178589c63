"""Data on a page in another language: translated where it can be, and marked as English where it cannot."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from intake.languages import SOURCE_TAG, in_page_language, is_translated, tag_of

register = template.Library()


@register.filter
def translated(text: str) -> str:
    """Return the words of the emergency card or of a help line in the language of the page."""
    return in_page_language(text)


@register.filter
def lang(text: str) -> SafeString:
    """Return the attributes of the element that holds such words, if they stay in English."""
    return _marked(tag_of(text))


@register.simple_tag
def english() -> SafeString:
    """Return the attributes of an element that is in English in every language."""
    return _marked(SOURCE_TAG if is_translated() else "")


register.simple_tag(is_translated, name="is_translated")


def _marked(tag: str) -> SafeString:
    return format_html(' lang="{}" dir="ltr"', tag) if tag else SafeString("")
