"""A lease ends at its very moment, sooner when it gets more urgent, and says why and by whom."""

from datetime import datetime, timedelta

import pytest

from crm.enums import (
    ContactMethod,
    ContactOutcome,
    EndOfLease,
    EventKind,
    Level,
    PauseKind,
    PauseReason,
    Queue,
    ReasonCode,
)
from crm.leases import is_ending, is_held, lease_of
from crm.models import Lead, Site, User
from crm.services.call_backs import WishedCall, set_call_back
from crm.services.contact import Try, log_attempt
from crm.services.levels import Change, raise_level
from crm.services.merging import merge_leads
from crm.services.pauses import Pause, pause_lead
from crm.services.placements import record_placement
from crm.services.queues import claim_lead, take_next
from crm.services.returning import return_leads_of
from jobs.clock import database_now
from jobs.models import Job
from tests.crm.services.test_placements import decision
from tests.factories import LeadFactory

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def give(lead: Lead, to: User, at: datetime) -> Lead:
    return claim_lead(lead=lead, by=to, at=at)


def returns_at(lead: Lead, at: datetime) -> bool:
    """Return whether a job takes the lead back at that moment."""
    return Job.objects.filter(kind="crm.tasks.return_lease", subject=lead.pk, due_at=at).exists()


@pytest.mark.parametrize("how", ["raised", "placed", "merged"])
def test_a_lead_that_gets_more_urgent_is_held_for_the_time_of_its_new_level(
    site: Site, coordinator: User, how: str
) -> None:
    at, lead = database_now(), LeadFactory(site=site, level=Level.P2)
    give(lead, coordinator, at)
    if how == "raised":
        change = Change(Level.E1, ReasonCode.TOLD_ON_CALL)
        raise_level(lead=lead, by=coordinator, change=change, at=at + MINUTE)
    elif how == "placed":
        record_placement(lead=lead, decision=decision(lead, Level.E1, is_repeat=True), at=at + MINUTE)
    else:
        duplicate = LeadFactory(site=site, level=Level.E1)
        merge_leads(duplicate=duplicate, survivor=lead, by=coordinator, at=at + MINUTE)
    lead.refresh_from_db()
    assert (lead.owner, lead.lease_until) == (coordinator, at + MINUTE + lease_of(Level.E1))
    assert returns_at(lead, lead.lease_until)


def test_a_lease_that_ends_sooner_anyhow_is_left_as_it_is(site: Site, coordinator: User) -> None:
    at, lead = database_now(), LeadFactory(site=site, level=Level.P2)
    ends = give(lead, coordinator, at).lease_until
    change, later = Change(Level.E1, ReasonCode.TOLD_ON_CALL), at + 55 * MINUTE
    raise_level(lead=lead, by=coordinator, change=change, at=later)
    lead.refresh_from_db()
    assert lead.lease_until == ends


def test_at_the_moment_of_its_end_nobody_has_a_lead(site: Site, coordinator: User, manager: User) -> None:
    at, lead = database_now(), LeadFactory(site=site)
    ends = give(lead, coordinator, at).lease_until
    assert ends
    lead.refresh_from_db()
    assert (is_held(lead, ends - MINUTE), is_held(lead, ends)) == (True, False)
    assert take_next(by=manager, queue=Queue.URGENT, at=ends - MINUTE) is None
    taken = take_next(by=manager, queue=Queue.URGENT, at=ends)
    assert taken == lead
    assert taken.owner == manager


def test_its_holder_is_warned_from_the_last_third_of_a_lease_on(site: Site, coordinator: User) -> None:
    at, lead = database_now(), LeadFactory(site=site, level=Level.U3)
    lead = give(lead, coordinator, at)
    assert [is_ending(lead, at + minutes * MINUTE) for minutes in (19, 20)] == [False, True]


@pytest.mark.parametrize("ran_out", [True, False])
def test_who_took_a_lead_back_is_said_unless_it_went_back_by_itself(
    site: Site, coordinator: User, manager: User, ran_out: bool
) -> None:
    at, lead = database_now(), LeadFactory(site=site)
    ends = give(lead, coordinator, at).lease_until
    assert ends
    later = ends + MINUTE if ran_out else at + MINUTE
    return_leads_of(user=coordinator, why=EndOfLease.AWAY, by=manager, at=later)
    ended = lead.events.get(kind=EventKind.LEASE_ENDED)
    assert (ended.by, ended.occurred_at) == ((None, ends) if ran_out else (manager, later))


def test_nobody_brought_back_what_came_back_by_itself(site: Site, coordinator: User, manager: User) -> None:
    at, lead = database_now(), LeadFactory(site=site)
    pause = Pause(PauseKind.SNOOZE, PauseReason.TRY_AGAIN, at + MINUTE)
    pause_lead(lead=lead, by=coordinator, pause=pause, at=at)
    give(lead, manager, at + 2 * MINUTE)
    back = lead.events.get(kind=EventKind.SNOOZE_ENDED)
    assert (back.by, back.occurred_at) == (None, at + MINUTE)


def test_a_call_that_is_due_is_given_although_it_was_tried_minutes_ago(site: Site, coordinator: User) -> None:
    at, lead = database_now(), LeadFactory(site=site, level=Level.U3)
    vain = Try(lead.caller, ContactMethod.CALL, ContactOutcome.NO_ANSWER, two_way=False)
    log_attempt(lead=lead, by=coordinator, attempt=vain, at=at)
    call = WishedCall(lead.caller, at + 6 * MINUTE)
    set_call_back(lead=lead, by=coordinator, wish=call, at=at)
    assert take_next(by=coordinator, queue=Queue.URGENT, at=at) is None
    assert take_next(by=coordinator, queue=Queue.URGENT, at=at + MINUTE) == lead, "five minutes before"
