"""Who has an alert, in words for whoever has just answered it: spoken, or shown on a phone."""

from datetime import datetime
from zoneinfo import ZoneInfo

from crm.leases import answer_end
from crm.models import Lead
from crm.selectors.acknowledging import Told
from crm.selectors.answers_given import answer_to_the_latest, is_seen_to, seeing_to_it
from crm.services.acknowledging import Answer
from notifications.selectors import latest_escalation

GOES_ON = (
    "You had it before and nobody has called since, so others are told all the same: "
    "until one of them answers, or somebody takes the lead or calls."
)


def who_has_it(alert: Told, answer: Answer, at: datetime, *, spoken_as: str = "") -> str:
    """Return the sentences; `spoken_as` says the reference so that a voice can read it."""
    lead = spoken_as.rstrip(".") or alert.lead.reference
    if answer.noted:
        return f"Noted: {lead}. {GOES_ON}"
    if answer.by is None or answer.at is None:
        return f"Nobody has to answer any more for {lead}."
    until = good_until(alert, answer, at)
    rule = f" {rule_in_words(alert.lead, until)}" if until else ""
    if answer.first:
        return f"You said you have {lead}. Nobody else is alerted about it now.{rule}"
    since = clock(alert.lead, answer.at)
    if answer.by == alert.user:
        return f"You said so already, at {since}: {lead}.{rule}"
    name = answer.by.name_in_public()
    return (
        f"{lead}: {seeing_to_it(name)}{rule}" if until else f"{name} has it already, since {since}: {lead}."
    )


def good_until(alert: Told, answer: Answer, at: datetime) -> datetime | None:
    """Return by when the lead has to be taken or called after an answer; None if something has followed."""
    if answer.at is None or latest_escalation(alert.lead.pk) != alert.escalation:
        return None
    waits = is_seen_to(alert.lead, answer_to_the_latest(alert.lead), at)
    return answer_end(alert.lead, answer.at) if waits else None


def rule_in_words(lead: Lead, until: datetime) -> str:
    """Return what happens if nothing follows an answer."""
    return f"If nobody has taken it or called by {clock(lead, until)}, others are alerted again."


def clock(lead: Lead, moment: datetime) -> str:
    """Return a time on the clock of the lead's site."""
    return f"{moment.astimezone(ZoneInfo(lead.site.time_zone)):%H:%M}"
