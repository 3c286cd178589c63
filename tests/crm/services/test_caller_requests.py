"""What callers ask of us from their own page."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.calling import CallPromise
from crm.enums import ContactMethod, ContactOutcome, EventKind, RequestKind
from crm.event_words import event_details
from crm.models import CallerRequest, Lead, Person, Site, User
from crm.refusals import ContactNotSafe, NoSuchRequest, ReasonTooShort
from crm.services.acknowledgement import acknowledge_enquiry, send_copy
from crm.services.caller_requests import (
    Page,
    a_month_after,
    ask_for_erasure,
    ask_for_sooner_call,
    close_pages,
    note_got_worse,
    open_request,
    resume_contact,
    settle_request,
    stop_contact,
)
from crm.services.contact import Try, log_attempt
from crm.services.contact_rules import SafeWays, change_contact_rules
from jobs.clock import database_now
from notifications.enums import MessageKind, MessageState
from notifications.guards import NotSafeToSend
from notifications.models import Message
from tests.factories import LeadFactory, PersonFactory

pytestmark = pytest.mark.django_db
ADA = "ada@example.org"


@pytest.fixture
def lead(site: Site, coordinator: User) -> Lead:
    return LeadFactory(site=site, caller=PersonFactory(email=ADA, may_email=True))


def own(lead: Lead) -> Page:
    return Page(enquiry=lead.reference, opened_lead=True)


def kinds(lead: Lead) -> list[str]:
    told = [EventKind.ALERTED, EventKind.ALERT_STEP]
    return list(lead.events.exclude(kind__in=told).order_by("id").values_list("kind", flat=True))[1:]


def alerts(kind: MessageKind) -> int:
    return Message.objects.filter(kind=kind).count()


@pytest.mark.parametrize(("minutes", "alerted"), [(14, 1), (15, 2)])
def test_getting_worse_is_written_down_each_time_and_alerts_again_after_a_quarter_of_an_hour(
    lead: Lead, minutes: int, alerted: int
) -> None:
    at = database_now()
    for moment in (at, at + timedelta(minutes=minutes)):
        note_got_worse(lead=lead, page=own(lead), at=moment)
    assert kinds(lead) == [EventKind.GOT_WORSE] * 2
    assert alerts(MessageKind.CALLER_IS_WORSE) == alerted
    assert lead.requests.count() == 1


def test_getting_worse_alerts_whatever_was_asked_before(lead: Lead) -> None:
    at = database_now()
    ask_for_sooner_call(lead=lead, page=own(lead), at=at)
    note_got_worse(lead=lead, page=own(lead), at=at)
    assert alerts(MessageKind.CALLER_IS_WORSE) == 1


def test_getting_worse_alerts_also_on_a_lead_that_is_over(site: Site, coordinator: User) -> None:
    over = LeadFactory(site=site, closed=True)
    note_got_worse(lead=over, page=own(over), at=database_now())
    assert alerts(MessageKind.CALLER_IS_WORSE) == 1


def test_a_logged_attempt_settles_that_it_has_got_worse(lead: Lead, coordinator: User) -> None:
    note_got_worse(lead=lead, page=own(lead), at=database_now())
    attempt = Try(lead.caller, ContactMethod.CALL, ContactOutcome.NO_ANSWER, two_way=False)
    log_attempt(lead=lead, by=coordinator, attempt=attempt, at=database_now())
    assert open_request(lead, RequestKind.WORSE) is None


def test_a_wish_for_a_sooner_call_alerts_staff_and_stands_on_the_lead(lead: Lead) -> None:
    assert ask_for_sooner_call(lead=lead, page=own(lead), at=database_now())
    assert alerts(MessageKind.CALLER_WANTS_SOONER) == 1
    assert kinds(lead) == [EventKind.ASKED_SOONER]
    assert open_request(lead, RequestKind.SOONER)


@pytest.mark.parametrize(("minutes", "alerted"), [(59, 1), (61, 2)])
def test_it_can_be_asked_once_an_hour(lead: Lead, minutes: int, alerted: int) -> None:
    at = database_now()
    ask_for_sooner_call(lead=lead, page=own(lead), at=at)
    again = ask_for_sooner_call(lead=lead, page=own(lead), at=at + timedelta(minutes=minutes))
    assert (again, alerts(MessageKind.CALLER_WANTS_SOONER)) == (alerted == 2, alerted)
    assert CallerRequest.objects.count() == 1


def test_a_logged_attempt_settles_it(lead: Lead, coordinator: User) -> None:
    ask_for_sooner_call(lead=lead, page=own(lead), at=database_now())
    attempt = Try(lead.caller, ContactMethod.CALL, ContactOutcome.NO_ANSWER, two_way=False)
    log_attempt(lead=lead, by=coordinator, attempt=attempt, at=database_now())
    assert open_request(lead, RequestKind.SOONER) is None
    assert CallerRequest.objects.get().settled_by == coordinator


def test_a_lead_that_is_over_alerts_nobody(site: Site) -> None:
    over = LeadFactory(site=site, closed=True)
    assert not ask_for_sooner_call(lead=over, page=own(over), at=database_now())
    assert not Message.objects.exists()


def test_whoever_asks_us_to_stop_is_contacted_in_no_way_from_then_on(lead: Lead, coordinator: User) -> None:
    at = database_now()
    acknowledge_enquiry(lead=lead, key="one", promise=CallPromise(at), at=at)
    stop_contact(lead=lead, page=own(lead), at=at)
    caller = Person.objects.get(pk=lead.caller_id)
    assert caller.stopped_at == at
    assert not any(caller.allows(method) for method in ContactMethod)
    assert Message.objects.get(kind=MessageKind.ENQUIRY_ACKNOWLEDGEMENT).state == MessageState.CANCELLED
    attempt = Try(caller, ContactMethod.CALL, ContactOutcome.SPOKE, two_way=True)
    with pytest.raises(ContactNotSafe, match="asked us to stop"):
        log_attempt(lead=lead, by=coordinator, attempt=attempt, at=at)
    assert alerts(MessageKind.CALLER_REQUEST) == 1


def test_asked_twice_it_is_one_request(lead: Lead) -> None:
    for _ in range(2):
        stop_contact(lead=lead, page=own(lead), at=database_now())
        ask_for_erasure(lead=lead, page=own(lead), at=database_now())
    assert CallerRequest.objects.count() == 2
    assert kinds(lead) == [EventKind.ASKED_TO_STOP, EventKind.ASKED_TO_ERASE]


def test_rules_cannot_be_changed_past_a_stop(lead: Lead, coordinator: User) -> None:
    stop_contact(lead=lead, page=own(lead), at=database_now())
    ways = SafeWays(may_call=True, may_voicemail=False, may_text=False, may_email=False)
    with pytest.raises(ContactNotSafe):
        change_contact_rules(lead=lead, by=coordinator, person=lead.caller, ways=ways, at=database_now())


def test_a_caller_may_change_their_mind(lead: Lead) -> None:
    stop_contact(lead=lead, page=own(lead), at=database_now())
    resume_contact(lead=lead, at=database_now())
    caller = Person.objects.get(pk=lead.caller_id)
    assert (caller.allows(ContactMethod.CALL), caller.allows(ContactMethod.TEXT)) == (True, False)
    assert open_request(lead, RequestKind.STOP) is None
    assert kinds(lead)[-1] == EventKind.MAY_CONTACT_AGAIN


def test_a_colleague_says_how_they_know_of_it(lead: Lead, coordinator: User) -> None:
    stop_contact(lead=lead, page=own(lead), at=database_now())
    with pytest.raises(ReasonTooShort):
        resume_contact(lead=lead, by=coordinator, reason="yes", at=database_now())
    resume_contact(lead=lead, by=coordinator, reason="She rang us herself", at=database_now())
    assert lead.events.get(kind=EventKind.MAY_CONTACT_AGAIN).note == "She rang us herself"


def test_erasure_is_due_within_a_month_of_the_sites_own_day(lead: Lead) -> None:
    late_evening = datetime.fromisoformat("2027-06-30T23:30:00+00:00")  # 1 July in London
    request = ask_for_erasure(lead=lead, page=own(lead), at=late_evening)
    assert request.due_date == date(2027, 8, 1)
    assert "Due by 1 August 2027." in event_details(lead.events.get(kind=EventKind.ASKED_TO_ERASE))
    assert Lead.objects.filter(pk=lead.pk).exists()


@pytest.mark.parametrize(
    ("asked", "due"),
    [("2027-01-31", "2027-02-28"), ("2028-01-30", "2028-02-29"), ("2027-12-05", "2028-01-05")],
)
def test_a_month_is_counted_as_the_law_does(asked: str, due: str) -> None:
    assert a_month_after(date.fromisoformat(asked)) == date.fromisoformat(due)


@given(st.dates(date(2020, 1, 1), date(2090, 1, 1)))
def test_a_month_is_28_to_31_days(day: date) -> None:
    assert 28 <= (a_month_after(day) - day).days <= 31


def test_settling_says_what_was_done(lead: Lead, coordinator: User) -> None:
    ask_for_erasure(lead=lead, page=own(lead), at=database_now())
    settle: dict[str, Any] = {"lead": lead, "kind": RequestKind.ERASE, "by": coordinator}
    with pytest.raises(ReasonTooShort):
        settle_request(**settle, outcome="done", at=database_now())
    settle_request(**settle, outcome="Erased, and told her so", at=database_now())
    with pytest.raises(NoSuchRequest):
        settle_request(**settle, outcome="Erased, and told her so", at=database_now())
    assert CallerRequest.objects.get().outcome == "Erased, and told her so"


def test_a_request_from_a_later_page_says_that_it_is_unverified(lead: Lead) -> None:
    stop_contact(lead=lead, page=Page("7KX3-9QF2", opened_lead=False), at=database_now())
    event = lead.events.get(kind=EventKind.ASKED_TO_STOP)
    assert event_details(event) == ["From the page of a later message, 7KX3-9QF2: unverified."]
    assert not CallerRequest.objects.get().is_verified


def test_closing_the_pages_is_on_the_timeline(lead: Lead, coordinator: User) -> None:
    at = database_now()
    close_pages(lead=lead, by=coordinator, at=at)
    assert Lead.objects.get(pk=lead.pk).pages_closed_at == at
    assert lead.events.get(kind=EventKind.PAGE_CLOSED).by == coordinator


def copy(lead: Lead, at: datetime) -> bool:
    link = "http://testserver/received/AaID.x/"
    return send_copy(lead=lead, page=own(lead), promise=CallPromise(at), link=link, at=at)


def test_a_copy_goes_by_e_mail_once_an_hour(lead: Lead) -> None:
    at = database_now()
    assert [copy(lead, at), copy(lead, at), copy(lead, at + timedelta(hours=1))] == [True, False, True]
    assert {message.to for message in Message.objects.all()} == {ADA}
    assert lead.events.filter(kind=EventKind.COPY_ASKED).count() == 2


def test_no_copy_goes_where_e_mail_is_not_safe(site: Site) -> None:
    unsafe = LeadFactory(site=site, caller=PersonFactory(email=ADA, may_email=False))
    with pytest.raises(NotSafeToSend):
        copy(unsafe, database_now())
    assert not Message.objects.exists()
