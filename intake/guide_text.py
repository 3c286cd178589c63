"""The text of a guide: as staff write it, as it is stored, and as a page shows it.

Staff write paragraphs with an empty line between them, and "- " before each bullet. A body is stored as a
list in which a text is a paragraph and a list is bullets.
"""

import re
from dataclasses import dataclass
from typing import Any

from intake.models import Guide
from intake.wording import Words, fill

Body = list[str | list[str]]
BULLET = "- "


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or bullets."""

    text: str = ""
    bullets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    key: str
    heading: str
    blocks: tuple[Block, ...]


def as_written(body: Body) -> str:
    """Return a stored body the way staff write it."""
    parts = [part if isinstance(part, str) else "\n".join(BULLET + each for each in part) for part in body]
    return "\n\n".join(parts)


def as_body(written: str) -> Body:
    """Read what staff wrote. Lines that follow each other are one paragraph, or bullets of one list."""
    body: Body = []
    for chunk in re.split(r"\n\s*\n", written.replace("\r\n", "\n").strip()):
        for place, line in enumerate(filter(None, map(str.strip, chunk.split("\n")))):
            _add(body, line, is_first=place == 0)
    return body


def _add(body: Body, line: str, *, is_first: bool) -> None:
    latest = body[-1] if body and not is_first else None
    bullet = line.removeprefix(BULLET).strip() if line.startswith(BULLET) else ""
    if bullet and isinstance(latest, list):
        latest.append(bullet)
    elif bullet:
        body.append([bullet])
    elif isinstance(latest, str):
        body[-1] = f"{latest} {line}"
    else:
        body.append(line)


def parts_of(guide: Guide, words: Words, *, is_whole: bool) -> list[Part]:
    """Return what is shown of a guide; without `is_whole` not what a clinician must see first."""
    shown = [section for section in guide.sections if is_whole or not section.get("needs_approval")]
    return [Part(section["key"], section["heading"], _blocks(section["body"], words)) for section in shown]


def _blocks(body: Body, words: Words) -> tuple[Block, ...]:
    """Return the blocks with their slots filled, without those that say nothing in this place."""
    return tuple(block for each in body if (block := _block(each, words)).text or block.bullets)


def _block(part: str | list[str], words: Words) -> Block:
    if isinstance(part, str):
        return Block(text=fill(part, words))
    return Block(bullets=tuple(said for each in part if (said := fill(each, words))))


def common_signs(guide: Guide) -> list[str]:
    """Return the bullets of the section on signs: what may be ticked that is no danger by itself."""
    bodies: list[Any] = [section["body"] for section in guide.sections if section["key"] == "signs"]
    return [bullet for body in bodies for part in body if isinstance(part, list) for bullet in part]
