"""The lines of a summary by e-mail: one figure a line, its link below it. Nobody is named but colleagues."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse


@dataclass(frozen=True, slots=True)
class Fact:
    """One line: what, how much in words, and where to read more, if there is more to read."""

    what: str
    words: str
    links: Sequence[str] = ()

    def lines(self) -> list[str]:
        return [f"{self.what}: {self.words}", *(f"  {link}" for link in self.links)]


def write(parts: Iterable[tuple[str, Sequence[Fact]]]) -> str:
    """Return the parts that say anything, each under its heading. No line holds an "@": names may."""
    written = ["\n".join([heading, *_lines(facts)]) for heading, facts in parts if facts]
    return "\n\n".join(written).replace("@", " at ")


def plain(name: str) -> str:
    """Return a name as one line that no check of a message takes for an address."""
    return " ".join(name.replace("@", " at ").split())


def link_to(name: str, *arguments: str, query: str = "") -> str:
    """Return the address of a page of the desk, for an e-mail."""
    address = settings.BASE_URL + reverse(name, args=arguments)
    return f"{address}?{query}" if query else address


def counted(number: int, one: str, many: str = "") -> str:
    """Return "1 lead" or "3 leads"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _lines(facts: Sequence[Fact]) -> list[str]:
    return [line for fact in facts for line in fact.lines()]
