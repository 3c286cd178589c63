"""The public's words at the desk: scripts, help lines and texts. The front door has them and gives them here.

The desk knows no module of the front door. Whoever has the words registers them at the start; without that
there are none, and the pages say so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from crm.models import Lead


@dataclass(frozen=True, slots=True)
class Text:
    """One text by its message key (triage/SPEC section 3), with its numbers filled in."""

    key: str
    words: str


@dataclass(frozen=True, slots=True)
class HelpAt:
    """One help line that somebody has checked. `is_discreet`: nothing harmful if others read its name."""

    key: str
    name: str
    number: str
    purpose: str
    hours: str
    is_discreet: bool


class PublicWords(Protocol):
    def script(self, keys: Sequence[str]) -> list[Text]:
        """Return what is said on the phone for these message keys."""

    def texts(self, keys: Sequence[str], lead: Lead) -> list[Text]:
        """Return what is written for these keys, in the voice for the lead's caller."""

    def help_lines(self, keys: Sequence[str], lead: Lead) -> list[HelpAt]:
        """Return the lines of the site's country for these keys, one for an emergency first."""


class _Nothing:
    def script(self, keys: Sequence[str]) -> list[Text]:
        return []

    def texts(self, keys: Sequence[str], lead: Lead) -> list[Text]:
        return []

    def help_lines(self, keys: Sequence[str], lead: Lead) -> list[HelpAt]:
        return []


class _Source:
    words: PublicWords = _Nothing()


def provide(words: PublicWords) -> None:
    """Let the desk use these words from now on."""
    _Source.words = words


def public_words() -> PublicWords:
    return _Source.words
