"""What surrounds every public page: who we are, our number, the static emergency text, confirmed help lines.

It must stand when nothing else does. Without a database it is the last frame that this process read, and
before any was read the shipped help lines with PUBLIC_NAME and PUBLIC_PHONE of the settings.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError

from crm.models import Site
from intake.content.help_lines import HelpLineData, shipped_help_lines
from intake.enums import Voice
from intake.models import HelpLine
from intake.persons import read_phone
from intake.remembered import remembered
from intake.selectors import caller_texts, default_site, help_lines, known_phone
from intake.triage.messages import CallerText, texts_for

log = structlog.get_logger(__name__)

STATIC_TEXTS = ("S999", "S111")


@dataclass(frozen=True, slots=True)
class Card:
    """A care card: a heading that starts with the action, and up to five bullets."""

    key: str
    heading: str
    bullets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    number: str
    dial: str
    purpose: str
    hours: str


@dataclass(frozen=True, slots=True)
class Frame:
    name: str
    phone: str
    phone_dial: str
    emergency: Line
    lines: tuple[Line, ...]
    every_line: tuple[Line, ...]
    cards: tuple[Card, ...]


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
    return _frame(site.name, site.phone, help_lines(site), caller_texts(STATIC_TEXTS, Voice.SELF))


def fallback_frame() -> Frame:
    """Return a frame without asking the database."""
    if _Memory.latest:
        return _Memory.latest
    lines = [line for line in shipped_help_lines() if _is_local(line)]
    return _frame(settings.PUBLIC_NAME, known_phone(), lines, texts_for(STATIC_TEXTS, Voice.SELF))


def _is_local(line: HelpLineData) -> bool:
    return line.locale == settings.PHONENUMBER_DEFAULT_REGION and line.nation in ("", settings.PUBLIC_NATION)


def _frame(
    name: str, phone: str, lines: Iterable[HelpLine | HelpLineData], texts: Iterable[CallerText]
) -> Frame:
    """Numbers that nobody has confirmed are for staff only, never for a public page."""
    known = [_line(line) for line in lines if line.is_confirmed] or [
        _line(line) for line in shipped_help_lines()
    ]
    emergency = known[0]
    lines_to_talk = tuple(
        line for line in known if "emergency" not in line.name.lower() and line.dial != emergency.dial
    )
    return Frame(
        name=name,
        phone=phone,
        phone_dial=_dial(phone),
        emergency=emergency,
        lines=lines_to_talk,
        every_line=tuple(known),
        cards=tuple(_card(text) for text in texts),
    )


def _line(line: HelpLine | HelpLineData) -> Line:
    return Line(line.name, line.number, line.dial, line.purpose, line.hours)


def _card(text: CallerText) -> Card:
    """Read "Call 999 if someone: this; that." as a heading and its bullets."""
    heading, _, rest = text.text.partition(":")
    return Card(text.key, f"{heading.strip()}:", tuple(each.strip(" .") for each in rest.split(";")))


def _dial(phone: str) -> str:
    e164, _ = read_phone(phone)
    return f"tel:{e164}" if e164 else ""
