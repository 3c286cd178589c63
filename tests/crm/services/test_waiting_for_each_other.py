"""Two who lock the same leads and people wait for each other in one order, and so never for ever."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from time import monotonic, sleep

import pytest
from django.db import connection, transaction

from crm.enums import CallerRole, LeadChannel
from crm.models import Lead, LeadMerge, LeadReference, Person, Site, User
from crm.references import new_reference
from crm.services.additions import add_to_lead
from crm.services.caller_requests import Page, stop_contact
from crm.services.leads import NewEnquiry, open_or_join_lead
from crm.services.locking import locked, locked_itself
from crm.services.merging import merge_leads
from crm.services.people import PersonDetails
from crm.services.text_stops import honour_stop
from jobs.clock import database_now
from tests.factories import LeadFactory, PersonFactory
from tests.factories.phone import NUMBER
from vault.tokens import phone_tokens

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 20  # seconds
IS_WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"
ADA = {"name": "Ada", "phone": NUMBER, "phone_e164": NUMBER, "may_call": True}


def while_locked(lead: Lead, others: Callable[[], object], then: Callable[[], object]) -> None:
    """Lock a lead; let another connection begin, until it waits for that; go on, and let it end, too."""
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            locked_itself(lead)
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
        with connection.cursor() as cursor:
            cursor.execute(IS_WAITING)
            if cursor.fetchone()[0]:
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
