"""What surrounds every public page: who we are, our number, the static emergency text, confirmed help lines.

It must stand when nothing else does. Without a database it is the last frame that this process read, and
before any was read the shipped help lines with PUBLIC_NAME and PUBLIC_PHONE of the settings.
"""

from dataclasses import dataclass

import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError

from crm.models import Site
from crm.phone_numbers import read_phone
from intake.enums import Voice
from intake.lines import Line, lines_to_show, shipped_lines
from intake.remembered import remembered
from intake.selectors import default_site, help_lines, known_phone, said_here, wordings
from intake.triage.messages import CallerText, texts_for
from intake.wording import Words, words_for

__all__ = ["Frame", "Line", "current_frame", "fallback_frame"]

log = structlog.get_logger(__name__)

STATIC_TEXTS = ("S999", "S111")
DATA_WATCHDOGS = {"GB": "the Information Commissioner's Office", "IE": "the Data Protection Commission"}


@dataclass(frozen=True, slots=True)
class Card:
    """A care card: a heading that starts with the action, and up to five bullets."""

    key: str
    heading: str
    bullets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    name: str
    phone: str
    phone_dial: str
    emergency: Line
    lines: tuple[Line, ...]
    every_line: tuple[Line, ...]
    cards: tuple[Card, ...]
    words: Words
    locale: str

    @property
    def data_watchdog(self) -> str:
        """Return who hears complaints about personal information here, "" where we know of nobody."""
        return DATA_WATCHDOGS.get(self.locale, "")

    @property
    def young_line(self) -> Line | None:
        """Return the first line that is for the young, whatever it is called here."""
        return next((line for line in self.every_line if line.is_for_the_young), None)


class _Memory:
    latest: Frame | None = None


def current_frame() -> Frame:
    """Return the frame, from the database if it can be asked."""
    try:
        _Memory.latest = _read_frame()
    except (DatabaseError, InterfaceError, Site.DoesNotExist) as error:
        log.warning("frame_without_database", error=type(error).__name__)
        return fallback_frame()
    return _Memory.latest


@remembered
def _read_frame() -> Frame:
    site = default_site()
    return _frame(site.name, site.phone, site.locale, lines_to_show(help_lines(site), site.locale))


def fallback_frame() -> Frame:
    """Return a frame without asking the database."""
    if _Memory.latest:
        return _Memory.latest
    locale = settings.PHONENUMBER_DEFAULT_REGION
    return _frame(settings.PUBLIC_NAME, known_phone(), locale, shipped_lines(), is_shipped=True)


def _frame(name: str, phone: str, locale: str, lines: tuple[Line, ...], *, is_shipped: bool = False) -> Frame:
    words = words_for(lines, locale)
    texts = texts_for(STATIC_TEXTS, Voice.SELF) if is_shipped else wordings(STATIC_TEXTS, Voice.SELF)
    return Frame(
        name=name,
        phone=phone,
        phone_dial=_dial(phone),
        emergency=lines[0],
        lines=tuple(line for line in lines if line.is_to_talk),
        every_line=lines,
        cards=tuple(_card(text) for text in said_here(texts, words)),
        words=words,
        locale=locale,
    )


def _card(text: CallerText) -> Card:
    """Read "Call 999 if someone: this; that." as a heading and its bullets."""
    heading, _, rest = text.text.partition(":")
    return Card(text.key, f"{heading.strip()}:", tuple(each.strip(" .") for each in rest.split(";")))


def _dial(phone: str) -> str:
    e164, _ = read_phone(phone)
    return f"tel:{e164}" if e164 else ""
