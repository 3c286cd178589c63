"""What the front door gives to the desk: its scripts, texts and help lines, all from dated content."""

from collections.abc import Iterable, Sequence

from crm.enums import CallerRole
from crm.models import Lead
from crm.public_words import HelpAt, Text
from intake.enums import Slot, Voice
from intake.lines import as_line, shipped_emergency
from intake.models import HelpLine
from intake.selectors import caller_texts, help_lines, wordings
from intake.services.answering import VOICES
from intake.triage.messages import CallerText, shipped_keys

ONLY_IF_TOLD = (Slot.YOUNG, Slot.ABUSE, Slot.GAMBLING, Slot.SILENT)  # lines for one need only


class DeskWords:
    """Implements crm.public_words.PublicWords."""

    def script(self, keys: Sequence[str]) -> list[Text]:
        return _texts(caller_texts(_known(keys), Voice.SPOKEN))

    def texts(self, keys: Sequence[str], lead: Lead) -> list[Text]:
        return _texts(caller_texts(_known(keys), _voice(lead)))

    def help_lines(self, keys: Sequence[str], lead: Lead) -> list[HelpAt]:
        told = " ".join(text.text for text in wordings(_known(keys), _voice(lead)))
        confirmed = [line for line in help_lines(lead.site) if line.is_confirmed and _is_for(line, told)]
        urgent_first = sorted(confirmed, key=lambda line: Slot.EMERGENCY not in line.phrases)
        return [*_stand_in(urgent_first, lead), *map(_shown, urgent_first)]


def _known(keys: Iterable[str]) -> tuple[str, ...]:
    """Return the keys that have a text: an old lead may name one that is gone."""
    known = shipped_keys()
    return tuple(key for key in keys if key in known)


def _texts(texts: Iterable[CallerText]) -> list[Text]:
    return [Text(text.key, text.text) for text in texts if text.text]


def _voice(lead: Lead) -> Voice:
    return VOICES.get(CallerRole(lead.caller_role), Voice.SELF)


def _is_for(line: HelpLine, told: str) -> bool:
    """Return whether a line is for everybody, or for a need that the texts speak of."""
    needs = [slot for slot in ONLY_IF_TOLD if slot in line.phrases]
    return not needs or any(f"{{{slot}}}" in told for slot in needs)


def _stand_in(lines: list[HelpLine], lead: Lead) -> list[HelpAt]:
    """Return the shipped emergency number where none is confirmed: nobody is without one."""
    if any(Slot.EMERGENCY in line.phrases for line in lines):
        return []
    line = shipped_emergency(lead.site.locale)
    return [HelpAt("emergency", line.name, line.number, line.purpose, line.hours, is_discreet=True)]


def _shown(line: HelpLine) -> HelpAt:
    shown = as_line(line)
    discreet = Slot.ABUSE not in line.phrases and "abuse" not in f"{line.name} {line.purpose}".casefold()
    return HelpAt(line.key, shown.name, shown.number, shown.purpose, shown.hours, is_discreet=discreet)
