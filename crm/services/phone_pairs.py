"""Every missed call pairs with a later one that was answered, or stays open until a person settles it."""

from datetime import datetime

from django.db import connection
from django.db.models import QuerySet

from crm.enums import CallDirection, CallEnding, CallState
from crm.models import PhoneCall, Site
from crm.selectors.phone import NO_END_REPORTED
from crm.telephony.numbers import number_search, number_tokens


def one_at_a_time(site: Site, number: str) -> None:
    """Wait for whatever else is being written of this number at this site.

    So a missed call and its answer, reported at the same moment, cannot miss each other.
    """
    tokens = number_tokens(number)
    if tokens:
        lock = tokens[0] ^ (site.pk.int & 0x7FFFFFFFFFFFFFFF)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock])


def pair(call: PhoneCall, at: datetime) -> None:
    """Let an answered call settle the missed ones before it, and a missed one find a later answer."""
    if not call.number:
        return
    if call.state == CallState.CONNECTED:
        earlier = missed_calls_of(call.site, call.number, at).filter(started_at__lte=call.started_at)
        _settle_by(call, earlier.exclude(pk=call.pk), at)
    elif call.state == CallState.MISSED and call.direction == CallDirection.IN and not call.settled_at:
        answers = _of_number(call.site, call.number).filter(state=CallState.CONNECTED)
        answer = answers.filter(started_at__gte=call.started_at).order_by("started_at").first()
        if answer:
            _settle_by(answer, PhoneCall.objects.filter(pk=call.pk), at)
            call.refresh_from_db()


def missed_calls_of(site: Site, number: str, at: datetime) -> QuerySet[PhoneCall]:
    """Return the open missed calls of a number, those included whose end was never reported."""
    calls = _of_number(site, number).filter(direction=CallDirection.IN, settled_at=None)
    missed = calls.filter(state=CallState.MISSED)
    return missed | calls.filter(state=CallState.RINGING, started_at__lt=at - NO_END_REPORTED)


def _settle_by(answer: PhoneCall, missed: QuerySet[PhoneCall], at: datetime) -> None:
    missed.update(state=CallState.MISSED, ending=CallEnding.PAIRED, paired_with=answer, settled_at=at)


def _of_number(site: Site, number: str) -> QuerySet[PhoneCall]:
    return PhoneCall.objects.filter(site=site, search_tokens__overlap=number_search(number))
