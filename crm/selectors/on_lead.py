"""Who is on a lead now: who has it, who asks for it, and who has just opened its page."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from crm.leases import is_held
from crm.models import Lead, LeadEvent, Presence, User
from crm.promises import in_words
from crm.selectors.answers_given import answer_to_the_latest, answered_in_words
from crm.selectors.asks import open_asks
from notifications.models import Escalation

LOOKED_IN_LAST = timedelta(minutes=5)
SCREEN_OPEN_FOR = timedelta(seconds=150)  # a screen says that it is open at least once in this time


@dataclass(frozen=True, slots=True)
class OnLead:
    """`holder_seen` says in words when the holder was last at the desk; `own_ask` is the reader's own."""

    is_held: bool
    holder_seen: str
    asks: list[LeadEvent]
    own_ask: LeadEvent | None
    others: list[str]


def on_lead(lead: Lead, reader: User, at: datetime) -> OnLead:
    """Return who is on the lead, as `reader` sees it."""
    held = is_held(lead, at)
    asks = list(open_asks([lead], at)) if held else []
    return OnLead(
        is_held=held,
        holder_seen=_seen(lead, at) if held and lead.owner_id != reader.pk else "",
        asks=asks,
        own_ask=next((ask for ask in asks if ask.by_id == reader.pk), None),
        others=_others(lead, reader, at),
    )


def answered(lead: Lead, alert: Escalation | None, reader: User, at: datetime) -> str:
    """Return who has said that they have the lead's latest alert, if nobody has taken the lead since."""
    if alert is None or alert.acknowledged_at is None:
        return ""
    return answered_in_words(lead, answer_to_the_latest(lead), reader, at)


def _seen(lead: Lead, at: datetime) -> str:
    seen = Presence.objects.filter(user=lead.owner_id).values_list("seen_at", flat=True).first()
    if seen is None:
        return "They have no screen open."
    if at - seen < SCREEN_OPEN_FOR:
        return "Their screen is open."
    return f"Their screen was last open {in_words(at - seen)} ago."


def _others(lead: Lead, reader: User, at: datetime) -> list[str]:
    """Return who else opened the page in the last minutes; the holder is named anyway."""
    read = lead.accesses.filter(accessed_at__gt=at - LOOKED_IN_LAST).exclude(by=reader)
    names = read.exclude(by=lead.owner_id).order_by("by__full_name", "by__email").select_related("by")
    return list(dict.fromkeys(str(each.by) for each in names))
