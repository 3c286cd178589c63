"""Two who lock the same leads and people wait for each other in one order, and so never for ever."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from time import monotonic, sleep

import pytest
from django.db import connection, transaction

from crm.enums import (
    AwayReason,
    BulkAction,
    CallDirection,
    CallEnding,
    CallerRole,
    CallState,
    EndOfLease,
    LeadChannel,
    Queue,
)
from crm.models import Absence, Lead, LeadMerge, LeadReference, Person, PhoneCall, Site, User
from crm.references import new_reference
from crm.refusals import NothingAsked
from crm.services.absences import go_away
from crm.services.additions import add_to_lead
from crm.services.bulk import Wanted, do_to_many
from crm.services.caller_requests import Page, stop_contact
from crm.services.handing import ask_for_lead, hand_over
from crm.services.leads import NewEnquiry, open_or_join_lead
from crm.services.locking import locked, locked_itself, one_act_at_a_time
from crm.services.merging import merge_leads
from crm.services.people import PersonDetails
from crm.services.phone_calls import Heard, note_call
from crm.services.phone_pairs import one_at_a_time
from crm.services.queues import claim_lead, take_next
from crm.services.returning import return_leads_of
from crm.services.text_stops import honour_stop
from crm.telephony.news import CallNews
from jobs.clock import database_now
from notifications.channels.base import Stopped
from notifications.enums import DeliveryOutcome, MessageState
from notifications.hooks.receipts import Receipt, ReceiptState
from notifications.models import Delivery, Message
from notifications.services.endings import record_failure
from notifications.services.outbox import recipient_token
from notifications.services.receipts import note_receipts
from tests.at_once import somebody_waits
from tests.factories import LeadFactory, PersonFactory
from tests.factories.phone import NUMBER, PhoneLineFactory
from vault.tokens import phone_tokens

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 60  # seconds
ADA = {"name": "Ada", "phone": NUMBER, "phone_e164": NUMBER, "may_call": True}


def while_locked(lead: Lead, others: Callable[[], object], then: Callable[[], object]) -> None:
    """Lock a lead; let another connection begin, until it waits for that; go on, and let it end, too."""
    while_held(partial(locked_itself, lead), others, then)


def while_held(hold: Callable[[], object], others: Callable[[], object], then: Callable[[], object]) -> None:
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            hold()
            future = pool.submit(_and_hang_up, others)
            _wait_until_it_waits(future)
            then()
        future.result(timeout=PATIENCE)


def _and_hang_up(work: Callable[[], object]) -> None:
    try:
        work()
    finally:
        connection.close()


def _wait_until_it_waits(future: "Future[None]") -> None:
    until = monotonic() + PATIENCE
    while monotonic() < until and not future.done():
        if somebody_waits():
            return
        sleep(0.01)
    raise AssertionError("the other one did not wait")


def ada(**more: object) -> Person:
    return PersonFactory(
        name="Ada", phone=NUMBER, phone_e164=NUMBER, search_tokens=phone_tokens(NUMBER), **more
    )


def enquiry(site: Site, **more: object) -> NewEnquiry:
    at = database_now()
    values = {"reference": new_reference(), "site": site, "channel": LeadChannel.WEB, "call_by": at}
    values |= {"caller_role": CallerRole.SELF, "caller": PersonDetails(**ADA), "patient": None}
    return NewEnquiry(**(values | more), received_at=at)


def is_stopped(lead: Lead) -> bool:
    return Person.objects.get(pk=lead.caller_id).stopped_at is not None


def test_a_stop_by_text_waits_for_a_stop_on_the_page(site: Site) -> None:
    lead = LeadFactory(site=site, caller=ada())
    page = Page(enquiry=lead.reference, opened_lead=True)
    while_locked(
        lead,
        lambda: transaction.atomic(honour_stop)(number=NUMBER, at=database_now()),
        lambda: stop_contact(lead=lead, page=page, at=database_now()),
    )
    assert is_stopped(lead)


def test_a_stop_by_text_waits_for_more_answers_and_is_not_lost_in_them(site: Site) -> None:
    lead = LeadFactory(site=site, caller=ada())
    while_locked(
        lead,
        lambda: transaction.atomic(honour_stop)(number=NUMBER, at=database_now()),
        lambda: add_to_lead(lead_id=lead.pk, addition=enquiry(site, is_watched=True)),
    )
    assert is_stopped(lead)


def test_more_answers_that_wait_for_a_stop_do_not_undo_it(site: Site) -> None:
    lead = LeadFactory(site=site, caller=ada())
    while_locked(
        lead,
        lambda: add_to_lead(lead_id=lead.pk, addition=enquiry(site, is_watched=True)),
        lambda: honour_stop(number=NUMBER, at=database_now()),
    )
    assert is_stopped(lead)


def test_a_stop_by_text_waits_for_a_stop_on_the_page_of_a_merged_lead(site: Site, coordinator: User) -> None:
    survivor, duplicate = (LeadFactory(site=site, caller=ada()) for _ in range(2))
    merge_leads(duplicate=duplicate, survivor=survivor, by=coordinator, at=database_now())
    page = Page(enquiry=duplicate.reference, opened_lead=True)
    while_locked(
        duplicate,
        lambda: transaction.atomic(honour_stop)(number=NUMBER, at=database_now()),
        lambda: stop_contact(lead=duplicate, page=page, at=database_now()),
    )
    assert is_stopped(survivor)


def text_to(lead: Lead) -> Delivery:
    """Return the open try of a text to Ada that waits still."""
    at = database_now()
    message = Message.objects.create(
        kind="ENQUIRY_ACKNOWLEDGEMENT",
        channel="SMS",
        to=NUMBER,
        recipient=recipient_token(NUMBER),
        about=lead.pk,
        dedupe_key="text",
        created_at=at,
    )
    return Delivery.objects.create(message=message, started_at=at, provider_id="SM1")


def by_receipt(_: Delivery) -> None:
    stopped = Receipt("SM1", ReceiptState.STOPPED, "Twilio 21610")
    note_receipts(receipts=[stopped], provider="twilio", at=database_now())


def by_refusal(delivery: Delivery) -> None:
    record_failure(delivery, Stopped("Twilio 21610"))


@pytest.mark.parametrize(
    ("stop", "outcome"),
    [(by_receipt, DeliveryOutcome.UNDELIVERED), (by_refusal, DeliveryOutcome.PERMANENT_ERROR)],
)
def test_a_stop_that_a_provider_reports_waits_for_a_stop_on_the_page(
    site: Site, stop: Callable[[Delivery], None], outcome: str
) -> None:
    lead = LeadFactory(site=site, caller=ada())
    delivery, page = text_to(lead), Page(enquiry=lead.reference, opened_lead=True)
    while_locked(
        lead,
        partial(stop, delivery),
        lambda: stop_contact(lead=lead, page=page, at=database_now()),
    )
    delivery.refresh_from_db()
    assert (delivery.outcome, delivery.message.state) == (outcome, MessageState.CANCELLED)
    assert is_stopped(lead)


def test_an_enquiry_waits_for_the_merge_of_its_callers_leads_and_joins_what_is_left(
    site: Site, coordinator: User
) -> None:
    older, newer = (LeadFactory(site=site, caller=ada()) for _ in range(2))
    again = enquiry(site)
    while_locked(
        older,
        lambda: open_or_join_lead(enquiry=again, at=database_now()),
        lambda: merge_leads(duplicate=newer, survivor=older, by=coordinator, at=database_now()),
    )
    assert LeadMerge.objects.count() == 1
    lead = LeadReference.objects.get(reference=again.reference).lead
    with transaction.atomic():
        assert locked(lead).is_open
    older.refresh_from_db()
    assert older.enquiry_count == 3


def test_whoever_takes_the_next_lead_waits_for_what_is_done_to_them(site: Site, coordinator: User) -> None:
    """They are being marked as away: whoever takes a lead after that is back."""
    LeadFactory(site=site)
    while_held(
        partial(one_act_at_a_time, coordinator),
        lambda: take_next(by=coordinator, queue=Queue.URGENT, at=database_now()),
        lambda: go_away(user=coordinator, reason=AwayReason.BREAK, by=coordinator, at=database_now()),
    )
    assert Lead.objects.get().owner == coordinator
    assert not Absence.objects.filter(back_at=None).exists()


def test_whoever_signs_out_gives_back_what_they_are_just_taking(site: Site, coordinator: User) -> None:
    lead = LeadFactory(site=site)
    signing_out = {"user": coordinator, "why": EndOfLease.SIGNED_OUT, "by": coordinator}
    while_held(
        partial(one_act_at_a_time, coordinator),
        lambda: return_leads_of(**signing_out, at=database_now()),
        lambda: claim_lead(lead=lead, by=coordinator, at=database_now()),
    )
    assert Lead.objects.get().owner is None


def test_a_lead_is_not_handed_to_whoever_is_just_leaving(
    site: Site, coordinator: User, manager: User
) -> None:
    lead = LeadFactory(site=site)
    claim_lead(lead=lead, by=coordinator, at=database_now())
    ask = ask_for_lead(lead=lead, by=manager, note="", at=database_now())

    def give() -> None:
        with pytest.raises(NothingAsked):
            hand_over(lead=lead, by=coordinator, asked=ask.pk, at=database_now())

    def leave() -> None:
        locked_itself(lead)  # a person is locked before a lead, so nobody who waits for them has it
        go_away(user=manager, reason=AwayReason.LEFT, by=manager, at=database_now())

    while_held(partial(one_act_at_a_time, manager), give, leave)
    assert Lead.objects.get().owner == coordinator


def test_assigning_many_waits_for_the_colleague_before_it_locks_a_lead(
    site: Site, coordinator: User, manager: User
) -> None:
    lead = LeadFactory(site=site)
    wanted = Wanted(BulkAction.ASSIGN, to=coordinator)
    while_held(
        partial(one_act_at_a_time, coordinator),
        lambda: do_to_many(leads=[lead], wanted=wanted, by=manager, at=database_now()),
        lambda: claim_lead(lead=lead, by=coordinator, at=database_now()),
    )
    assert Lead.objects.get().owner == coordinator


def test_an_answered_call_waits_for_the_missed_one_of_its_number(site: Site) -> None:
    line, at = PhoneLineFactory(site=site), database_now()

    def note(state: CallState, minutes: int) -> PhoneCall:
        news = CallNews(state, CallDirection.IN, NUMBER, state, is_over=True)
        return note_call(heard=Heard.on(line, news.id), news=news, at=at + timedelta(minutes=minutes))

    while_held(
        partial(one_at_a_time, site, NUMBER),
        partial(note, CallState.CONNECTED, 1),
        partial(note, CallState.MISSED, 0),
    )
    assert PhoneCall.objects.get(state=CallState.MISSED).ending == CallEnding.PAIRED
