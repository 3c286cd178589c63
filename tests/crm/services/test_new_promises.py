"""A new promise counts from its own moment: however long a clock stood before, and whoever was reached."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from crm.enums import (
    Band,
    ContactMethod,
    ContactOutcome,
    EventKind,
    Level,
    PauseKind,
    PauseReason,
    Queue,
    ReasonCode,
)
from crm.models import Lead, Site, User
from crm.selectors.counts import desk_counts
from crm.services.call_backs import WishedCall, set_call_back
from crm.services.contact import Try, log_attempt
from crm.services.levels import Change, raise_level
from crm.services.merging import merge_leads, unmerge_leads
from crm.services.pauses import Pause, end_pause, pause_lead
from crm.services.placements import record_placement
from crm.services.queues import take_next
from jobs.clock import database_now
from tests.crm.services.test_placements import decision
from tests.factories import LeadFactory

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def stop_clock(lead: Lead, by: User, at: datetime, hours: int) -> Lead:
    pause = Pause(PauseKind.CLOCK, PauseReason.ASKED_LATER, at + hours * HOUR)
    return pause_lead(lead=lead, by=by, pause=pause, at=at)


def speak(lead: Lead, by: User, at: datetime) -> None:
    spoke = Try(lead.caller, ContactMethod.CALL, ContactOutcome.SPOKE, two_way=True)
    log_attempt(lead=lead, by=by, attempt=spoke, at=at)


def raise_to(lead: Lead, by: User, level: Level, at: datetime) -> Lead:
    raise_level(lead=lead, by=by, change=Change(level, ReasonCode.TOLD_ON_CALL), at=at)
    return Lead.objects.get(pk=lead.pk)


def enquire_again(lead: Lead, level: Level, at: datetime) -> Lead:
    again = replace(decision(lead, level, is_repeat=True), received_at=at)
    return record_placement(lead=lead, decision=again, at=at)


@pytest.mark.parametrize("how", ["raised", "enquired again"])
def test_the_time_for_which_the_clock_stood_is_not_added_to_a_new_promise(
    site: Site, coordinator: User, how: str
) -> None:
    at, lead = database_now(), LeadFactory(site=site, level=Level.P2)
    stop_clock(lead, coordinator, at, 100)
    later = at + 101 * HOUR
    lead = (
        raise_to(lead, coordinator, Level.U1, later)
        if how == "raised"
        else enquire_again(lead, Level.U1, later)
    )
    assert lead.clock_ends_at == lead.due_at == later + 30 * MINUTE
    assert lead.is_overdue(later + 31 * MINUTE)
    speak(lead, coordinator, later + 31 * MINUTE)
    assert lead.events.get(kind=EventKind.FIRST_CONTACT).data["within_target"] is False


def test_a_later_promise_leaves_the_earlier_one_and_its_stopped_clock(site: Site, coordinator: User) -> None:
    at, lead = database_now(), LeadFactory(site=site, level=Level.U3)
    lead = stop_clock(lead, coordinator, at, 2)
    ends = lead.clock_ends_at
    lead = enquire_again(lead, Level.U3, at + 20 * HOUR)
    assert (lead.clock_ends_at, lead.due_at) == (ends, ends)


@pytest.mark.parametrize("stopped", ["survivor", "duplicate", "both"])
def test_of_two_merged_leads_the_clock_that_ends_first_counts(
    site: Site, coordinator: User, stopped: str
) -> None:
    at = database_now()
    leads = {"survivor": LeadFactory(site=site), "duplicate": LeadFactory(site=site, level=Level.U1)}
    for name, lead in leads.items():
        if stopped in {name, "both"}:
            leads[name] = stop_clock(lead, coordinator, at, 10)
    ends = min(lead.clock_ends_at for lead in leads.values())
    merge_leads(**leads, by=coordinator, at=at + 11 * HOUR)
    leads["survivor"].refresh_from_db()
    assert leads["survivor"].clock_ends_at == leads["survivor"].due_at == ends


@pytest.mark.parametrize("sooner", ["survivor", "duplicate"])
def test_parted_again_each_clock_ends_when_it_did(site: Site, coordinator: User, sooner: str) -> None:
    at = database_now()
    survivor = stop_clock(LeadFactory(site=site, level=Level.U2), coordinator, at, 10)
    duplicate = LeadFactory(site=site, level=Level.U1 if sooner == "duplicate" else Level.U3)
    later = at + 11 * HOUR
    merge_leads(duplicate=duplicate, survivor=survivor, by=coordinator, at=later)
    unmerge_leads(duplicate=duplicate, by=coordinator, at=later, reason="They are two people after all.")
    for lead in (survivor, duplicate):
        ends = lead.clock_ends_at
        lead.refresh_from_db()
        assert (lead.clock_ends_at, lead.due_at) == (ends, ends)


@pytest.mark.parametrize("how", ["raised", "enquired again"])
def test_whoever_was_reached_and_is_worse_now_is_given_at_once_and_counts_when_late(
    site: Site, coordinator: User, how: str
) -> None:
    at, lead = database_now(), LeadFactory(site=site, level=Level.U3)
    speak(lead, coordinator, at - HOUR)
    lead = raise_to(lead, coordinator, Level.E1, at) if how == "raised" else enquire_again(lead, Level.E1, at)
    assert (lead.band, lead.due_at) == (Band.TOP, at + 5 * MINUTE)
    assert desk_counts(user=coordinator, at=at + 4 * MINUTE).warned == 1
    assert desk_counts(user=coordinator, at=at + 6 * MINUTE).overdue == 1
    assert take_next(by=coordinator, queue=Queue.URGENT, at=at) == lead


def test_a_late_follow_up_is_nobodys_first_call(site: Site, coordinator: User) -> None:
    at, lead = database_now(), LeadFactory(site=site, level=Level.U1)
    speak(lead, coordinator, at - 30 * HOUR)
    counts = desk_counts(user=coordinator, at=at)
    assert (counts.overdue, counts.warned) == (0, 0)


def test_a_pause_that_begins_after_another_says_that_the_first_was_over(
    site: Site, coordinator: User
) -> None:
    """Also where the job that says so comes too late."""
    at, lead = database_now(), LeadFactory(site=site, level=Level.P2)
    due = lead.due_at
    stop_clock(lead, coordinator, at, 1)
    lead = stop_clock(lead, coordinator, at + 2 * HOUR, 3)
    over = lead.events.get(kind=EventKind.CLOCK_GOES_ON)
    assert (over.occurred_at, over.by) == (at + HOUR, None)
    assert (lead.due_at, lead.clock_stopped_for) == (due + 4 * HOUR, 4 * HOUR)


def test_a_call_that_is_agreed_while_the_clock_stands_is_due_at_its_time(
    site: Site, coordinator: User
) -> None:
    at, lead = database_now(), LeadFactory(site=site, level=Level.P2)
    speak(lead, coordinator, at)
    stop_clock(lead, coordinator, at, 100)
    call = WishedCall(lead.caller, at + 50 * HOUR)
    set_call_back(lead=lead, by=coordinator, wish=call, at=at + HOUR)
    lead.refresh_from_db()
    assert (lead.due_at, lead.pause) == (call.due_at, ""), "nothing moves it when the clock goes on"


def test_a_snooze_goes_on_when_a_call_is_agreed(site: Site, coordinator: User) -> None:
    at, lead = database_now(), LeadFactory(site=site, level=Level.P2)
    speak(lead, coordinator, at)
    pause = Pause(PauseKind.SNOOZE, PauseReason.TRY_AGAIN, at + 3 * HOUR)
    pause_lead(lead=lead, by=coordinator, pause=pause, at=at)
    set_call_back(lead=lead, by=coordinator, wish=WishedCall(lead.caller, at + 9 * HOUR), at=at)
    end_pause(lead=lead, by=coordinator, at=at + HOUR)
    lead.refresh_from_db()
    assert lead.due_at == at + 9 * HOUR
