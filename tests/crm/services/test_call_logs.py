"""Logs read by hand: what was missed becomes work, what is known counts once, and the log is deleted."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.csv_files import read_table
from crm.enums import CallDirection, CallEnding, CallState
from crm.models import CallLog, PhoneCall, Site, User
from crm.selectors.call_logs import calls_of, preview_of
from crm.selectors.phone import open_calls
from crm.services.call_logs import LogIsRead, choose_columns, drop_log, start_reading, upload_log
from crm.services.phone_calls import Heard, note_call
from crm.tasks import drop_call_log, read_call_log
from crm.telephony.news import CallNews
from jobs.clock import database_now
from jobs.models import Job
from tests.factories import LeadFactory
from tests.factories.phone import NUMBER, PhoneLineFactory
from vault.tokens import phone_tokens

LOG = """Date and time,Direction,From,To,Status,Duration
01/07/2026 09:00,Inbound,07700 900123,01632 960000,Missed,0
01/07/2026 09:10,Inbound,07700 900123,01632 960000,Missed,0
01/07/2026 09:20,Inbound,07700 900456,01632 960000,Missed,0
01/07/2026 09:30,Outbound,200,07700 900456,Answered,95
01/07/2026 09:40,Inbound,Withheld,01632 960000,Missed,0
01/07/2026 09:50,Inbound,07700 900789,01632 960000,Answered,60
01/07/2026 09:55,Inbound,07700 900123,01632 960000,Perhaps,0
"""
pytestmark = pytest.mark.django_db


def upload(site: Site, by: User, text: str = LOG) -> CallLog:
    return upload_log(site=site, by=by, text=text, at=database_now())


def read(log: CallLog) -> CallLog:
    """Read a log to its end, as workers do."""
    start_reading(log=log, at=database_now())
    while log.finished_at is None:
        read_call_log(subject=log.pk, at=database_now())
        log.refresh_from_db()
    return log


def missed_numbers(site: Site) -> list[str]:
    return [call.number for call in open_calls([site.pk], database_now())]


def test_the_preview_says_what_would_change_and_changes_nothing(site: Site, coordinator: User) -> None:
    LeadFactory(site=site, caller__search_tokens=phone_tokens(NUMBER))
    preview = preview_of(upload(site, coordinator))
    assert (preview.calls, preview.known, preview.of_leads, preview.becomes_work) == (6, 0, 2, 3)
    assert [number for number, _ in preview.problems] == [8]
    assert not PhoneCall.objects.exists()


def test_missed_calls_without_a_later_answer_become_work(site: Site, coordinator: User) -> None:
    lead = LeadFactory(site=site, caller__search_tokens=phone_tokens(NUMBER))
    log = read(upload(site, coordinator))
    assert (log.added, log.content) == (6, None)
    assert missed_numbers(site) == ["", NUMBER, NUMBER]
    paired = PhoneCall.objects.get(ending=CallEnding.PAIRED)
    assert (paired.number, paired.paired_with.direction) == ("+447700900456", CallDirection.OUT)
    assert set(PhoneCall.objects.filter(number__isnull=False, lead=lead).values_list("is_from_log")) == {
        (True,)
    }
    assert lead.events.filter(kind="CALL_MISSED").count() == 2


def test_reading_it_again_changes_nothing(site: Site, coordinator: User) -> None:
    read(upload(site, coordinator))
    before = missed_numbers(site)
    assert preview_of(upload(site, coordinator)).known == 6
    assert read(upload(site, coordinator)).added == 0
    assert (PhoneCall.objects.count(), missed_numbers(site)) == (6, before)


def test_a_call_that_was_reported_is_known_a_minute_off(site: Site, coordinator: User) -> None:
    log = upload(site, coordinator)
    first = read_first(log)
    line = PhoneLineFactory(site=site)
    news = CallNews("CA1", CallDirection.IN, NUMBER, CallState.MISSED, is_over=True)
    ours = note_call(heard=Heard.on(line, "CA1"), news=news, at=first - timedelta(seconds=45))
    assert preview_of(log).known == 1
    assert read(log).added == 5
    ours.refresh_from_db()
    assert (ours.is_from_log, PhoneCall.objects.count()) == (False, 6)


def read_first(log: CallLog) -> datetime:
    return calls_of(read_table(log.content or ""), log)[0].started_at


def test_the_providers_number_says_that_it_is_the_same_call(site: Site, coordinator: User) -> None:
    line = PhoneLineFactory(site=site)
    news = CallNews("CA1", CallDirection.IN, NUMBER, CallState.RINGING)
    note_call(heard=Heard.on(line, "CA1"), news=news, at=database_now())
    text = f"Date,Call SID,From,Status\n01/07/2026 09:00,CA1,{NUMBER},Answered\n"
    log = read(upload(site, coordinator, text))
    assert (log.added, PhoneCall.objects.get().state) == (0, CallState.CONNECTED)


def test_an_answer_that_came_after_the_log_is_known(site: Site, coordinator: User) -> None:
    line = PhoneLineFactory(site=site)
    news = CallNews("CA9", CallDirection.OUT, NUMBER, CallState.CONNECTED, is_over=True)
    log = upload(site, coordinator, f"Date,From,Status\n01/07/2026 09:00,{NUMBER},Missed\n")
    note_call(heard=Heard.on(line, "CA9"), news=news, at=database_now())
    assert preview_of(log).becomes_work == 0
    read(log)
    assert missed_numbers(site) == []


def test_the_columns_can_be_chosen_until_it_is_read(site: Site, coordinator: User) -> None:
    log = upload(site, coordinator)
    choose_columns(log=log, columns={"started": 0, "from": 3})
    log.refresh_from_db()
    assert preview_of(log).of_leads == 0
    read(log)
    for begin in (
        lambda: choose_columns(log=log, columns={}),
        lambda: start_reading(log=log, at=database_now()),
    ):
        with pytest.raises(LogIsRead):
            begin()


def test_a_long_log_is_read_in_batches(site: Site, coordinator: User) -> None:
    rows = "\n".join(f"01/07/2026 09:{n % 60:02d},07700 9{n:05d},Missed" for n in range(250))
    log = upload(site, coordinator, f"Date,From,Status\n{rows}\n")
    start_reading(log=log, at=database_now())
    read_call_log(subject=log.pk, at=database_now())
    log.refresh_from_db()
    assert (log.next_row, log.finished_at) == (200, None)
    assert Job.objects.filter(kind="crm.tasks.read_call_log", subject=log.pk).count() == 2
    read_call_log(subject=log.pk, at=database_now())
    log.refresh_from_db()
    assert (log.added, log.content) == (250, None)
    read_call_log(subject=log.pk, at=database_now())
    assert PhoneCall.objects.count() == 250


def test_a_log_is_encrypted_and_deleted_after_a_day(site: Site, coordinator: User) -> None:
    log = upload(site, coordinator)
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM crm_calllog")
        assert b"900123" not in bytes(cursor.fetchone()[0])
    job = Job.objects.get(kind="crm.tasks.drop_call_log")
    assert job.due_at - log.uploaded_at == timedelta(hours=24)
    drop_call_log(subject=log.pk, at=job.due_at)
    log.refresh_from_db()
    assert log.content is None
    assert not drop_log(log_id=log.pk, at=database_now())


def test_the_preview_costs_as_many_queries_for_three_hundred_calls_as_for_one(
    site: Site, coordinator: User
) -> None:
    found = []
    for number in (1, 300):
        rows = "\n".join(f"01/07/2026 09:{n % 60:02d},07700 9{n:05d},Missed" for n in range(number))
        log = upload(site, coordinator, f"Date,From,Status\n{rows}\n")
        with CaptureQueriesContext(connection) as queries:
            preview_of(log)
        found.append(len(queries))
    assert found[0] == found[1]
