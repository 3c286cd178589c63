"""Calls: whatever the order of their events, a missed one ends with its answer or stays in the list."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.enums import CallDirection, CallEnding, CallState, ContactMethod, ContactOutcome, EventKind
from crm.models import Lead, LeadEvent, PhoneCall, PhoneLine, Site, User
from crm.selectors.phone import live_calls, missed_callers, open_calls, phone_work
from crm.services.contact import Try, log_attempt
from crm.services.phone_calls import Heard, note_call
from crm.services.phone_settling import CallIsSettled, Settlement, join_lead, settle_calls_of
from crm.telephony.news import CallNews
from jobs.clock import database_now
from tests.factories import LeadFactory, PersonFactory
from tests.factories.phone import NUMBER, PhoneCallFactory, PhoneLineFactory
from vault.tokens import phone_tokens

IN, OUT = CallDirection.IN, CallDirection.OUT
RINGING, MISSED, CONNECTED = CallState.RINGING, CallState.MISSED, CallState.CONNECTED
MINUTE = timedelta(minutes=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def line(site: Site) -> PhoneLine:
    return PhoneLineFactory(site=site)


def note(
    line: PhoneLine,
    state: CallState,
    *,
    id: str = "c1",  # noqa: A002  the provider's
    way: CallDirection = IN,
    at: datetime,
    number: str = NUMBER,
) -> PhoneCall:
    news = CallNews(id, way, number, state, is_over=state == MISSED)
    return note_call(heard=Heard.on(line, id), news=news, at=at)


def reached(line: PhoneLine, at: datetime) -> list[PhoneCall]:
    return list(open_calls([line.site_id], at))


def known(site: Site, **person: object) -> Lead:
    """Return a lead whose caller has the number."""
    caller = PersonFactory(phone=NUMBER, phone_e164=NUMBER, search_tokens=phone_tokens(NUMBER), **person)
    return LeadFactory(site=site, caller=caller)


def test_a_missed_call_is_work_at_once_and_is_on_its_leads_timeline(line: PhoneLine) -> None:
    lead, at = known(line.site), database_now()
    call = note(line, RINGING, at=at)
    assert (call.lead, reached(line, at), phone_work([line.site_id])) == (lead, [], 0)
    note(line, MISSED, at=at + MINUTE / 2)
    assert reached(line, at) == [call]
    assert phone_work([line.site_id]) == 1
    rang = LeadEvent.objects.filter(lead=lead, kind__in=[EventKind.CALL_MISSED, EventKind.CALL_CONNECTED])
    assert [event.kind for event in rang] == [EventKind.CALL_MISSED]


def test_a_number_is_found_however_its_owner_wrote_it(line: PhoneLine) -> None:
    typed = PersonFactory(phone="07700 900123", phone_e164="", search_tokens=phone_tokens("07700 900123"))
    lead = LeadFactory(site=line.site, caller=typed)
    assert note(line, RINGING, at=database_now()).lead == lead


def test_an_open_lead_comes_before_a_closed_one_and_never_one_of_another_site(line: PhoneLine) -> None:
    known(PhoneLineFactory().site)
    assert note(line, RINGING, id="c0", at=database_now()).lead is None
    closed = LeadFactory(site=line.site, closed=True, caller__search_tokens=phone_tokens(NUMBER))
    assert note(line, RINGING, id="c1", at=database_now()).lead == closed
    opened = known(line.site)
    LeadFactory(site=line.site, closed=True, caller__search_tokens=phone_tokens(NUMBER))
    assert note(line, RINGING, id="c2", at=database_now()).lead == opened


@pytest.mark.parametrize("way", [IN, OUT])
def test_a_later_call_that_is_answered_settles_every_missed_one_of_the_number(
    line: PhoneLine, way: CallDirection
) -> None:
    at = database_now()
    for number in range(3):
        note(line, MISSED, id=f"missed-{number}", at=at + number * MINUTE)
    note(line, MISSED, id="another", at=at, number="+447700900456")
    answer = note(line, CONNECTED, id="answer", way=way, at=at + 5 * MINUTE)
    settled = PhoneCall.objects.filter(ending=CallEnding.PAIRED)
    assert {call.paired_with_id for call in settled} == {answer.pk}
    assert settled.count() == 3
    assert [call.number for call in reached(line, at)] == ["+447700900456"]


def test_our_own_vain_try_and_an_earlier_answer_settle_nothing(line: PhoneLine) -> None:
    at = database_now()
    note(line, CONNECTED, id="before", at=at - MINUTE)
    call = note(line, MISSED, at=at)
    note(line, MISSED, id="out", way=OUT, at=at + MINUTE)
    assert reached(line, at) == [call]


def test_a_withheld_number_pairs_with_nothing(line: PhoneLine) -> None:
    at = database_now()
    call = note(line, MISSED, at=at, number="")
    note(line, CONNECTED, id="other", at=at + MINUTE, number="")
    assert reached(line, at) == [call]


def test_a_call_that_was_answered_after_all_was_never_missed(line: PhoneLine, coordinator: User) -> None:
    at = database_now()
    call = note(line, MISSED, at=at)
    settle_calls_of(call=call, by=coordinator, how=Settlement(CallEnding.GAVE_UP, "twice"), at=at)
    after = note(line, CONNECTED, at=at)
    assert (after.pk, after.state, after.settled_at, after.ending) == (call.pk, CONNECTED, None, "")


def test_a_call_whose_end_was_lost_on_the_way_becomes_work_after_five_minutes(line: PhoneLine) -> None:
    at = database_now()
    call = note(line, RINGING, at=at)
    assert reached(line, at + 4 * MINUTE) == []
    assert reached(line, at + 6 * MINUTE) == [call]
    note(line, CONNECTED, id="answer", way=OUT, at=at + 7 * MINUTE)
    assert reached(line, at + 8 * MINUTE) == []


def test_who_rings_or_is_talked_with_pops_up_and_nobody_else(line: PhoneLine) -> None:
    at = database_now()
    call = note(line, RINGING, at=at)
    note(line, RINGING, id="ours", way=OUT, at=at)
    sites = [line.site_id]
    assert list(live_calls(sites, at)) == [call]
    assert list(live_calls(sites, at + 3 * MINUTE)) == []
    note(line, CONNECTED, at=at + MINUTE)
    assert list(live_calls(sites, at + 3 * MINUTE)) == [call]
    over = CallNews("c1", IN, NUMBER, CONNECTED, is_over=True)
    note_call(heard=Heard.on(line, "c1"), news=over, at=at + 4 * MINUTE)
    assert list(live_calls(sites, at + 4 * MINUTE)) == []


def test_one_caller_is_one_row_and_the_longest_wait_comes_first(line: PhoneLine) -> None:
    at = database_now()
    note(line, MISSED, id="b", at=at, number="+447700900456")
    for number in range(2):
        note(line, MISSED, id=f"a{number}", at=at + (number - 5) * MINUTE)
    for number in range(2):
        note(line, MISSED, id=f"withheld{number}", at=at + MINUTE, number="")
    callers = missed_callers([line.site_id], at + MINUTE)
    assert [len(caller.calls) for caller in callers] == [2, 1, 1, 1]
    assert [caller.latest.number for caller in callers] == [NUMBER, "+447700900456", "", ""]


@pytest.mark.parametrize(
    ("person", "may"),
    [
        ({"may_call": True}, True),
        ({"may_call": False}, False),
        ({"no_contact": True, "may_call": True}, False),
    ],
)
def test_nobody_is_rung_back_who_has_not_called_calls_safe(
    line: PhoneLine, person: dict[str, bool], may: bool
) -> None:
    known(line.site, **person)
    note(line, MISSED, at=database_now())
    assert missed_callers([line.site_id], database_now())[0].may_ring_back is may


def test_an_unknown_number_may_be_rung_back_and_a_withheld_one_cannot(line: PhoneLine) -> None:
    note(line, MISSED, at=database_now())
    note(line, MISSED, id="c2", at=database_now(), number="")
    callers = missed_callers([line.site_id], database_now())
    assert {caller.latest.number: caller.may_ring_back for caller in callers} == {NUMBER: True, "": False}


def test_settling_says_what_came_of_it_for_every_call_of_the_number(
    line: PhoneLine, coordinator: User
) -> None:
    at = database_now()
    calls = [note(line, MISSED, id=f"c{n}", at=at) for n in range(2)]
    how = Settlement(CallEnding.REACHED, " Rang from the mobile. ")
    assert settle_calls_of(call=calls[0], by=coordinator, how=how, at=at) == 2
    for call in PhoneCall.objects.all():
        assert (call.settled_by, call.settled_note) == (coordinator, "Rang from the mobile.")
    with pytest.raises(CallIsSettled):
        settle_calls_of(call=calls[1], by=coordinator, how=how, at=at)
    assert reached(line, at) == []


@pytest.mark.parametrize(
    ("outcome", "two_way", "waits"),
    [(ContactOutcome.SPOKE, True, False), (ContactOutcome.NO_ANSWER, False, True)],
)
def test_two_way_contact_that_was_logged_settles_the_calls_of_that_person(
    line: PhoneLine, coordinator: User, outcome: ContactOutcome, two_way: bool, waits: bool
) -> None:
    lead, at = known(line.site), database_now()
    call = note(line, MISSED, at=at)
    attempt = Try(lead.caller, ContactMethod.CALL, outcome, two_way=two_way)
    log_attempt(lead=lead, by=coordinator, attempt=attempt, at=at + MINUTE)
    assert (call in reached(line, at)) is waits


def test_contact_with_the_other_person_of_the_lead_settles_nothing(
    line: PhoneLine, coordinator: User
) -> None:
    at = database_now()
    lead = LeadFactory(site=line.site, caller=PersonFactory(phone_e164=NUMBER), patient=PersonFactory())
    call = note(line, MISSED, at=at)
    attempt = Try(lead.patient, ContactMethod.CALL, ContactOutcome.SPOKE, two_way=True)
    log_attempt(lead=lead, by=coordinator, attempt=attempt, at=at)
    assert reached(line, at) == [call]


def test_a_call_that_became_a_lead_is_settled_with_it(line: PhoneLine, coordinator: User) -> None:
    at = database_now()
    call, lead = note(line, MISSED, at=at), LeadFactory(site=line.site)
    for _ in range(2):
        join_lead(call=call, lead=lead, by=coordinator, at=at)
    call.refresh_from_db()
    assert (call.lead, call.ending) == (lead, CallEnding.ENQUIRY)
    assert lead.events.filter(kind=EventKind.CALL_MISSED).count() == 1


def test_the_database_keeps_no_settled_call_without_its_reason() -> None:
    call = PhoneCallFactory()
    for wrong in (
        {"settled_at": database_now()},
        {"ending": CallEnding.GAVE_UP},
        {"settled_at": database_now(), "ending": CallEnding.PAIRED},
        {"settled_at": database_now(), "ending": CallEnding.GAVE_UP, "state": CONNECTED},
        {"settled_at": database_now(), "ending": CallEnding.GAVE_UP, "paired_with": call},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            PhoneCall.objects.filter(pk=call.pk).update(**wrong)


# minute, which way, answered or not
CALLS = st.lists(
    st.tuples(st.integers(0, 20), st.sampled_from([IN, OUT]), st.sampled_from([MISSED, CONNECTED])),
    min_size=1,
    max_size=6,
    unique_by=lambda call: call[0],
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(calls=CALLS, data=st.data())
def test_in_whatever_order_it_is_reported_no_missed_call_slips_away(
    line: PhoneLine, calls: list[tuple[int, CallDirection, CallState]], data: st.DataObject
) -> None:
    at = database_now()
    events = [(minute, way, state) for minute, way, state in calls]
    events += [(minute, way, RINGING) for minute, way, _ in calls]
    with transaction.atomic():
        for minute, way, state in data.draw(st.permutations(events)):
            note(line, state, id=f"{minute}", way=way, at=at + minute * MINUTE)
        answers = {minute for minute, _, state in calls if state == CONNECTED}
        for minute, way, state in calls:
            call = PhoneCall.objects.get(key=Heard.on(line, f"{minute}").key)
            assert call.state == state
            is_paired = way == IN and state == MISSED and any(later > minute for later in answers)
            assert bool(call.paired_with_id) == is_paired
            if call.paired_with:
                assert call.paired_with.started_at >= call.started_at
            is_open = way == IN and state == MISSED and not is_paired
            assert (call in reached(line, at)) == is_open
        transaction.set_rollback(True)
