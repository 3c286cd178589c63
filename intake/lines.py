"""Which help lines the public sees: those of the place that somebody has confirmed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.conf import settings

from intake.content.help_lines import HelpLineData, shipped_help_lines
from intake.enums import Slot
from intake.models import HelpLine

EMERGENCY_DIALS = frozenset({"tel:999", "tel:112", "tel:911"})


@dataclass(frozen=True, slots=True)
class Line:
    """A number to call. `phrases` says how a sentence names it, by slot (intake.wording)."""

    name: str
    number: str
    dial: str
    purpose: str
    hours: str
    phrases: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_emergency(self) -> bool:
        return Slot.EMERGENCY in self.phrases

    @property
    def is_for_the_young(self) -> bool:
        return Slot.YOUNG in self.phrases

    @property
    def is_to_talk(self) -> bool:
        """Return whether somebody to talk to answers, and not an ambulance or the police."""
        return self.dial not in EMERGENCY_DIALS


def lines_to_show(lines: Iterable[HelpLine | HelpLineData], locale: str) -> tuple[Line, ...]:
    """Return the confirmed ones of these lines, an emergency number first.

    A number that nobody confirmed is for staff only. But no page is without one for an emergency: where
    none is confirmed, the shipped one of the country stands in.
    """
    shown = [as_line(line) for line in lines if line.is_confirmed]
    emergency = next((line for line in shown if line.is_emergency), None) or shipped_emergency(locale)
    return (emergency, *(line for line in shown if line != emergency))


def shipped_emergency(locale: str) -> Line:
    """Return the shipped emergency number of a country, or of our own for one that we know nothing about."""
    numbers = [
        (line.locale, as_line(line)) for line in shipped_help_lines() if Slot.EMERGENCY in line.phrases
    ]
    by_country = dict(reversed(numbers))
    own = by_country.get(settings.PHONENUMBER_DEFAULT_REGION, numbers[0][1])
    return by_country.get(locale, own)


def shipped_lines() -> tuple[Line, ...]:
    """Return what is shown before anything could be read: the shipped lines of our country and nation."""
    locale = settings.PHONENUMBER_DEFAULT_REGION
    nations = ("", settings.PUBLIC_NATION)
    local = [line for line in shipped_help_lines() if line.locale == locale and line.nation in nations]
    return lines_to_show(local, locale)


def as_line(line: HelpLine | HelpLineData) -> Line:
    return Line(line.name, line.number, line.dial, line.purpose, line.hours, line.phrases)
