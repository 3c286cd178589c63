"""Phone systems report many things in the same moment, and workers die in the middle of them."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from crm.enums import CallDirection, CallEnding, CallState
from crm.models import PhoneCall, PhoneEvent, PhoneLine, Site
from crm.services import phone_events
from crm.services.phone_calls import Heard, note_call
from crm.services.phone_events import Replayed, receive_event
from crm.telephony.news import CallNews
from jobs.clock import database_now
from jobs.kinds import kind_named
from jobs.models import Job
from jobs.services.running import run_job
from tests.at_once import all_at_once
from tests.factories.phone import NUMBER, PhoneLineFactory

pytestmark = pytest.mark.django_db(transaction=True)
KIND = "crm.tasks.process_phone_event"
RINGING = '{"CallSid": "CA1", "CallStatus": "ringing", "Direction": "inbound", "From": "+447700900123"}'


@pytest.fixture
def line(site: Site) -> PhoneLine:
    return PhoneLineFactory(site=site)


def test_a_missed_call_and_its_answer_reported_at_once_do_not_miss_each_other(line: PhoneLine) -> None:
    at = database_now()

    def report(state: CallState, number: int) -> Callable[[], object]:
        news = CallNews(f"{state}-{number}", CallDirection.IN, NUMBER, state, is_over=True)
        when = at + timedelta(minutes=state == CallState.CONNECTED)
        return lambda: note_call(heard=Heard.on(line, news.id), news=news, at=when)

    for _ in range(5):
        PhoneCall.objects.filter(paired_with__isnull=False).delete()
        PhoneCall.objects.all().delete()
        all_at_once([report(state, n) for n in range(4) for state in (CallState.MISSED, CallState.CONNECTED)])
        missed = PhoneCall.objects.filter(state=CallState.MISSED)
        assert [call.ending for call in missed] == [CallEnding.PAIRED] * 4


def test_ten_copies_of_one_message_are_stored_once(line: PhoneLine) -> None:
    def receive() -> bool:
        try:
            receive_event(line=line, replay_key="same", payload=RINGING, at=database_now())
        except Replayed:
            return False
        return True

    assert sorted(all_at_once([receive] * 10)) == [False] * 9 + [True]
    assert (PhoneEvent.objects.count(), Job.objects.filter(kind=KIND).count()) == (1, 1)


def test_a_worker_that_dies_in_the_middle_loses_nothing_and_repeats_nothing(
    line: PhoneLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = receive_event(line=line, replay_key="one", payload=RINGING, at=database_now())
    whole = phone_events.note_call

    def dies(**values: object) -> None:
        whole(**values)
        raise ConnectionError("the connection went away before the commit")

    monkeypatch.setattr(phone_events, "note_call", dies)
    job = Job.objects.get(kind=KIND)
    run_job(job=job.pk, kind=kind_named(KIND))
    event.refresh_from_db()
    assert (event.processed_at, event.payload, PhoneCall.objects.count()) == (None, RINGING, 0)
    monkeypatch.setattr(phone_events, "note_call", whole)
    Job.objects.update(lease_until=None, due_at=database_now())
    for _ in range(2):
        run_job(job=job.pk, kind=kind_named(KIND))
    event.refresh_from_db()
    assert (event.payload, PhoneCall.objects.count()) == ("", 1)
