"""Texts that come in: on the timeline of their lead, and in front of staff until somebody has read them."""

from datetime import datetime

from django.db import transaction

from crm.enums import EventKind, LossOfWay, TextKeyword
from crm.models import LeadEvent, PhoneLine, PhoneText, User
from crm.refusals import Refusal
from crm.selectors.phone import lead_of_number
from crm.services.lost_ways import lose_ways, take_up_ways
from crm.services.pulse import touch_queues
from crm.services.text_stops import honour_start, honour_stop
from crm.telephony.news import TextNews
from crm.telephony.numbers import number_tokens
from notifications.enums import ChannelName
from notifications.hooks.signatures import replay_key


class TextIsSettled(Refusal):
    def __init__(self) -> None:
        super().__init__("Somebody has read that text already.")


@transaction.atomic
def note_text(*, line: PhoneLine, news: TextNews, at: datetime) -> PhoneText:
    """Keep a text, once, and obey a STOP or a START that is all of it."""
    text, is_new = PhoneText.objects.get_or_create(
        key=replay_key(f"{line.pk}:{news.id}"), defaults=_values(line, news, at)
    )
    if is_new:
        _note_on_lead(text)
        _obey(text, at)
        touch_queues()
    return text


@transaction.atomic
def settle_text(*, text: PhoneText, by: User, at: datetime) -> None:
    """Write down who has read a text. Raises TextIsSettled."""
    if not PhoneText.objects.filter(pk=text.pk, settled_at=None).update(settled_at=at, settled_by=by):
        raise TextIsSettled
    touch_queues()


def _values(line: PhoneLine, news: TextNews, at: datetime) -> dict[str, object]:
    return {
        "site": line.site,
        "line": line,
        "number": news.number,
        "search_tokens": number_tokens(news.number),
        "text": news.text,
        "keyword": news.keyword or "",
        "lead": lead_of_number(line.site, news.number),
        "received_at": at,
    }


def _note_on_lead(text: PhoneText) -> None:
    if text.lead:
        data = {"text": str(text.pk)}
        LeadEvent.objects.create(
            lead=text.lead,
            kind=EventKind.TEXT_RECEIVED,
            occurred_at=text.received_at,
            note=text.text,
            data=data,
        )


def _obey(text: PhoneText, at: datetime) -> None:
    """What was obeyed needs no reading; a word from a number that nobody has is left for a person."""
    obeyed = False
    if text.keyword == TextKeyword.STOP:
        text.stopped = honour_stop(number=text.number, at=at)
        obeyed = _lose_way_of_staff(text, at) or bool(text.stopped)
    if text.keyword == TextKeyword.START:
        resumed = take_up_ways(ChannelName.SMS, text.number)
        obeyed = honour_start(number=text.number, at=at) or bool(resumed)
    text.settled_at = at if obeyed else None
    text.save(update_fields=["stopped", "settled_at"])


def _lose_way_of_staff(text: PhoneText, at: datetime) -> bool:
    """A colleague may write STOP, too: alerts then take their other ways."""
    return bool(lose_ways(ChannelName.SMS, text.number, why=LossOfWay.STOPPED, at=at))
