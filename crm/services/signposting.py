"""A good no: whoever does not stay with us leaves with numbers that help."""

from dataclasses import dataclass
from datetime import datetime

from crm.enums import EventKind, PackWay
from crm.letters import voice_for
from crm.models import Lead, LeadEvent, User
from crm.public_words import HelpAt, Text, public_words
from crm.refusals import ContactNotSafe
from crm.selectors.call_guide import keys_told
from crm.selectors.lead_record import told_on
from crm.selectors.letters import language_of
from notifications.enums import MessageKind
from notifications.guards import NotSafeToSend
from notifications.services.outbox import queue_message

# What is still right days later; the rest is about the moment, or about our own call.
LASTING = frozenset({"MCRI", "MALC", "MSED", "MGHB", "MOPI", "MKET", "MPSY", "MPREG", "MGAM", "MDRV"})


@dataclass(frozen=True, slots=True)
class Pack:
    """What a caller takes away: help lines that somebody has checked, and what they were told to do."""

    lines: list[HelpAt]
    texts: list[Text]

    @property
    def by_email(self) -> list[HelpAt]:
        """Return the lines that may stand in an e-mail: others may read it."""
        return [line for line in self.lines if line.is_discreet]


def pack_for(lead: Lead) -> Pack:
    """Return the pack for a lead's caller, as the content is today."""
    keys = keys_told(told.event for told in told_on(lead))
    words = public_words()
    lasting = [key for key in keys if key in LASTING]
    return Pack(lines=words.help_lines(keys, lead), texts=words.texts(lasting, lead))


def give_pack(lead: Lead, by: User, way: PackWay, at: datetime) -> None:
    """Write down that the caller of a locked lead gets the pack, and send it if that is the way.

    Raises ContactNotSafe unless the caller called e-mail safe.
    """
    pack = pack_for(lead)
    if way == PackWay.EMAIL:
        _send(lead, pack, at)
    data = {"how": way.value, "lines": [line.key for line in pack.lines]}
    LeadEvent.objects.create(lead=lead, kind=EventKind.SIGNPOSTED, by=by, occurred_at=at, data=data)


def _send(lead: Lead, pack: Pack, at: datetime) -> None:
    lines = "\n".join(f"{line.name}: {line.number} ({line.hours})" for line in pack.by_email)
    try:
        queue_message(
            kind=MessageKind.SIGNPOST_PACK,
            to=lead.caller.email,
            context={
                "phone": lead.site.phone,
                "lines": lines,
                "voice": voice_for(lead.caller_role).value,
                "language": language_of(lead).value,
            },
            dedupe_key=f"pack:{lead.pk}:{at.isoformat()}",
            about=lead.pk,
            at=at,
        )
    except NotSafeToSend as refusal:
        raise ContactNotSafe(
            "They did not call e-mail safe, so the pack cannot be sent. Print it, or read it out."
        ) from refusal
