"""A colleague says by text that they have an alert, and is told by text who has it.

By the number that they have shown to be theirs, and only about alerts that went there: from any other number,
and with any other words, a text is what it always was.
"""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction

from crm.answered import clock, good_until
from crm.enums import TextKeyword
from crm.selectors.acknowledging import Told
from crm.selectors.told_by_text import latest_alert_told, open_alerts_told, owners_of_number
from crm.services.acknowledging import Answer, acknowledge_as_told, answer_of
from crm.telephony.answers import TextAnswer, read_answer
from crm.telephony.news import TextNews
from notifications.catalogue import MessageKind
from notifications.enums import Acknowledgement, ChannelName
from notifications.hooks.signatures import replay_key
from notifications.services.outbox import queue_message

MOST_NAMED = 3
YOURS, THEIRS, SEEING, AGAIN = "yours", "theirs", "seeing", "again"
OVER, UNKNOWN, UNREAD = "over", "unknown", "unread"


@transaction.atomic
def take_answer(*, news: TextNews, at: datetime) -> bool:
    """Take a text for an answer to an alert; False if it is none, and is to be read like any other.

    `at` is when it came: it answers what was told by then. With a reference it answers that alert, without
    one the one that was told last; what is said back names it, and those that are open still. Whoever fakes
    the sender of a text could end an alert: none is an answer unless TEXT_ANSWERS says so.
    """
    is_none = news.keyword == TextKeyword.STOP or not settings.TEXT_ANSWERS
    owners = set() if is_none else owners_of_number(news.number)
    if not owners:
        return False
    answer, waiting = read_answer(news.text), open_alerts_told(news.number, owners, at)
    if answer is None:
        if waiting and news.keyword is None:
            _say_that_it_was_none(news, waiting[0], at)
        return False
    chosen = _chosen(answer, waiting, latest_alert_told(news.number, owners, at))
    if chosen is None and not waiting:
        return False
    said = _noted(chosen, waiting, at) if chosen else {"outcome": UNKNOWN}
    _say(news, said, at, key=replay_key(news.id), alert=chosen or waiting[0])
    return True


def _chosen(answer: TextAnswer, waiting: Sequence[Told], latest: Told | None) -> Told | None:
    """Return what is meant: of several open ones that a reference may mean, none."""
    meant = [alert for alert in waiting if answer.means(alert.lead.reference)]
    if meant and (not answer.named or len(meant) == 1):
        return meant[0]
    return latest if latest and not meant and answer.means(latest.lead.reference) else None


def _noted(alert: Told, waiting: Sequence[Told], at: datetime) -> dict[str, str]:
    """Answer the alert, and return what to say back."""
    answer = answer_of(alert.escalation)
    if alert.is_open:
        how = Acknowledgement.TEXT
        answer = acknowledge_as_told(escalation=alert.escalation, by=alert.user, how=how, at=at)
    said = {"reference": alert.lead.reference} | _who(alert, answer, at)
    others = [each.lead.reference for each in waiting if each.escalation != alert.escalation]
    return said | ({"others": ", ".join(others[:MOST_NAMED])} if others else {})


def _who(alert: Told, answer: Answer, at: datetime) -> dict[str, str]:
    if answer.noted:
        return {"outcome": AGAIN}
    if answer.by is None or answer.at is None:
        return {"outcome": OVER}
    until = good_until(alert, answer, at)
    if answer.by == alert.user:
        return {"outcome": YOURS} | ({"until": clock(alert.lead, until)} if until else {})
    said = {"who": _harmless(answer.by.name_in_public()), "since": clock(alert.lead, answer.at)}
    return {"outcome": SEEING if until else THEIRS} | said


def _harmless(name: str) -> str:
    """Return a name as messages take it: no address, and on one line."""
    return " ".join(name.partition("@")[0].split()) or "A colleague"


def _say_that_it_was_none(news: TextNews, alert: Told, at: datetime) -> None:
    """Say so once for each alert: a phone that answers by itself ("I am driving") would go on for ever."""
    said = {"outcome": UNREAD, "reference": alert.lead.reference}
    _say(news, said, at, key=f"none:{alert.escalation.pk}:{alert.user.pk}", alert=alert)


def _say(news: TextNews, said: dict[str, str], at: datetime, *, key: str, alert: Told) -> None:
    """Say it as a message about the lead: managers of other sites see nothing of it, should it fail."""
    queue_message(
        kind=MessageKind.TEXT_ANSWER,
        to=news.number,
        context=said,
        dedupe_key=f"answer:{key}",
        about=alert.lead.pk,
        at=at,
        channel=ChannelName.SMS,
    )
