"""What alerts may say of a lead: its reference, level, queue and links, never who or why."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse

from crm.ack_tokens import ack_token, summary_token
from crm.enums import Level, Queue
from crm.models import Lead, User
from notifications.enums import Acknowledgement
from notifications.models import Escalation

ANSWERS = {
    "answer_link": (Acknowledgement.LINK, "crm:ack"),
    "answer_push": (Acknowledgement.PUSH, "crm:ack"),
    "answer_call": (Acknowledgement.VOICE, "crm:answer_call"),
}

MOST_SHOWN = 999
ENDINGS = {1: "st", 2: "nd", 3: "rd"}


def context_of(lead: Lead) -> dict[str, str]:
    """Return what an alert about one lead says."""
    return {
        "reference": lead.reference,
        "level": Level(lead.level or Level.U1).label,
        "queue": lead.get_queue_display(),
        "link": settings.BASE_URL + reverse("crm:lead", args=[lead.reference]),
    }


def context_of_many(lead: Lead, others: Sequence[Lead]) -> dict[str, str]:
    """Return what an alert says that is about others of the lead's queue, too; nothing if there are none."""
    if not others:
        return {}
    return {"others": str(len(others)), "link": queue_link(Queue(lead.queue))}


def of_repeat(
    lead: Lead, *, nth: int, since: datetime, at: datetime, answered_at: datetime | None = None
) -> dict[str, str]:
    """Return what a repeat says first: which alert about the lead it is, and since when nobody has called.

    And when somebody had it who did not call.
    """
    if nth <= 1:
        return {}
    said = {"nth": ordinal(nth), "since": since_in_words(lead, since, at)}
    return said | ({"answered": since_in_words(lead, answered_at, at)} if answered_at else {})


def since_in_words(lead: Lead, since: datetime, at: datetime) -> str:
    """Return "14:02", or "14:02 on 3 March" of another day, by the clock of the lead's site."""
    zone = ZoneInfo(lead.site.time_zone)
    then = since.astimezone(zone)
    return f"{then:%H:%M}" if then.date() == at.astimezone(zone).date() else f"{then:%H:%M on %-d %B}"


def ordinal(number: int) -> str:
    """Return "1st", "2nd", "11th"."""
    is_teen = number % 100 in {11, 12, 13}
    return f"{number}{'th' if is_teen else ENDINGS.get(number % 10, 'th')}"


def answer_to(escalation: Escalation, user: User, at: datetime) -> dict[str, str]:
    """Return the addresses by which this person says that they have it: the page, a push message, a call."""
    return {
        name: settings.BASE_URL
        + reverse(page, args=[ack_token(escalation=escalation.pk, user=user.pk, at=at, how=how)])
        for name, (how, page) in ANSWERS.items()
    }


def answers_to_many(user: User, at: datetime) -> dict[str, str]:
    """Return the link by which this person says which of several alerts they have."""
    token = summary_token(user=user.pk, at=at)
    return {"answer_link": settings.BASE_URL + reverse("crm:ack_many", args=[token])}


def context_of_summary(leads: int, *, since: str = "") -> dict[str, str]:
    """Return what one message says about several urgent leads, the longest of which waits `since` then."""
    said = {"leads": str(min(leads, MOST_SHOWN)), "link": queue_link(Queue.URGENT)}
    return said | ({"since": since} if since else {})


def queue_link(queue: Queue) -> str:
    return settings.BASE_URL + reverse("crm:queue", args=[queue.name.lower()])


def my_alerts_link() -> str:
    return settings.BASE_URL + reverse("crm:my_alerts")
