"""The languages of the public pages: the same page in another one, and what is left in English."""

from dataclasses import dataclass

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

SOURCE_TAG = "en-GB"  # of clinical content, which is English until a translation of it has been approved


# Not translated yet, or clinical content: in every language these are the English pages.
IN_ENGLISH_ONLY = frozenset(
    f"intake:{name}"
    for name in ("privacy", "accessibility", "complaints", "guide", "guides", "signs", "embed")
)
# Of a language that is translated in part, what there is: everything else is in English.
ONLY_THESE = {"ar": frozenset({"intake:urgent", "intake:leave"})}


@dataclass(frozen=True, slots=True)
class Offer:
    """A page in one language: its name in that language, and its address."""

    code: str
    name: str
    address: str
    is_current: bool


def offers(path: str, view: str) -> list[Offer]:
    """Return the page at a path in every language, or the urgent form where a language has little more."""
    current, bare = page_language(), english_address(path)
    return [
        Offer(code, name, _address(code, bare if is_there(view, code) else "/urgent/"), code == current)
        for code, name in settings.LANGUAGES
        if is_there(view, code) or code in ONLY_THESE
    ]


def _address(code: str, bare: str) -> str:
    return bare if code == settings.LANGUAGE_CODE else f"/{code}{bare}"


def is_there(view: str, language: str) -> bool:
    """Return whether there is a page in a language, by the name of its view."""
    if language == settings.LANGUAGE_CODE:
        return True
    return view not in IN_ENGLISH_ONLY and view in ONLY_THESE.get(language, {view})


def english_address(path: str) -> str:
    current = page_language()
    return path.removeprefix(f"/{current}") if current != settings.LANGUAGE_CODE else path


def page_language() -> str:
    return translation.get_language() or settings.LANGUAGE_CODE


def is_translated() -> bool:
    """Return whether this page is in another language than the one that everything was written in."""
    return page_language() != settings.LANGUAGE_CODE


def in_page_language(text: str) -> str:
    """Return data in the language of the page, where there is a translation of exactly these words."""
    return gettext(text) if text and is_translated() else text


def tag_of(text: str) -> str:
    """Return the language tag of data on a page in another language, "" where it is the page's own."""
    return SOURCE_TAG if is_translated() and in_page_language(text) == text else ""


def in_english(code: str) -> str:
    """Return the name of a language for staff, "" for English."""
    return "" if code in ("", settings.LANGUAGE_CODE) else translation.get_language_info(code)["name"]
