""" "Take next" keeps to when people may be called, as long as somebody else is due."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from crm.contactable import contactable
from crm.enums import Band, Level, Queue
from crm.models import Lead, Site, User
from crm.safe_times import A_WEEK, slot_at
from crm.services.call_backs import WishedCall, set_call_back
from crm.services.contact_rules import SafeWays, change_contact_rules
from crm.services.pauses import bring_back
from crm.services.queues import take_next
from jobs.clock import database_now
from tests.factories import LeadFactory, MembershipFactory, PersonFactory, SiteFactory

pytestmark = pytest.mark.django_db
NO_WAY = dict.fromkeys(("may_call", "may_voicemail", "may_text", "may_email", "may_post"), False)


def not_now(site: Site, at: datetime) -> list[int]:
    """Return safe times that leave out the present half hour only."""
    return [slot for slot in range(A_WEEK) if slot != slot_at(at, site.time_zone)]


def lead_of(site: Site, *, late: bool = False, level: Level = Level.U2, **person: Any) -> Lead:
    at = database_now()
    received = at - timedelta(hours=3) if late else at - timedelta(minutes=20)
    return LeadFactory(site=site, level=level, received_at=received, caller=PersonFactory(**person))


@pytest.mark.parametrize("unsafe", ["hours", "stopped", "no contact", "no way"])
def test_somebody_who_may_not_be_called_now_is_passed_over_while_another_is_due(
    site: Site, coordinator: User, unsafe: str
) -> None:
    at = database_now()
    rules: dict[str, dict[str, Any]] = {
        "hours": {"safe_slots": not_now(site, at)},
        "stopped": {"stopped_at": at},
        "no contact": {"no_contact": True},
        "no way": NO_WAY,
    }
    passed_over = lead_of(site, late=True, **rules[unsafe])
    other = lead_of(site)
    assert take_next(by=coordinator, queue=Queue.URGENT, at=at) == other
    assert take_next(by=coordinator, queue=Queue.URGENT, at=at) == passed_over, "late, so a person decides"
    assert take_next(by=coordinator, queue=Queue.URGENT, at=at) is None


def test_nobody_is_given_somebody_who_can_wait_for_their_safe_time(site: Site, coordinator: User) -> None:
    at = database_now()
    lead = lead_of(site, safe_slots=not_now(site, at))
    assert take_next(by=coordinator, queue=Queue.URGENT, at=at) is None
    assert take_next(by=coordinator, queue=Queue.URGENT, at=at + timedelta(minutes=30)) == lead


def test_an_emergency_that_may_not_be_called_now_is_given_when_nothing_else_is_due(
    site: Site, coordinator: User
) -> None:
    at = database_now()
    lead = lead_of(site, level=Level.E2, safe_slots=not_now(site, at))
    assert take_next(by=coordinator, queue=Queue.URGENT, at=at) == lead


@pytest.mark.parametrize("slots", [None, [], "now"])
def test_what_only_a_person_can_read_stands_in_nobodys_way(site: Site, coordinator: User, slots: Any) -> None:
    at = database_now()
    safe = [slot_at(at, site.time_zone)] if slots == "now" else slots
    lead = lead_of(site, safe_slots=safe)
    assert take_next(by=coordinator, queue=Queue.URGENT, at=at) == lead


def test_safe_times_are_those_of_the_leads_own_site(coordinator: User, site: Site) -> None:
    far = MembershipFactory(user=coordinator, site=SiteFactory(time_zone="Asia/Kathmandu")).site
    at = database_now()
    there = slot_at(at, far.time_zone)
    lead = lead_of(far, safe_slots=[there])
    lead_of(site, safe_slots=[there])
    assert take_next(by=coordinator, queue=Queue.URGENT, at=at) == lead


def test_safe_times_that_a_coordinator_writes_down_count_at_once(site: Site, coordinator: User) -> None:
    at, lead = database_now(), lead_of(site)
    ways = SafeWays(True, False, False, False, safe_times="after 6pm")
    change_contact_rules(lead=lead, by=coordinator, person=lead.caller, ways=ways, at=at)
    lead.caller.refresh_from_db()
    assert lead.caller.safe_slots is not None
    assert {slot % 48 for slot in lead.caller.safe_slots} == set(range(36, 48))


def test_a_row_says_whether_they_may_be_called(site: Site) -> None:
    at = database_now().replace(hour=12, minute=10)
    zone, noon = "UTC", slot_at(at, "UTC")
    said = {
        "May be called now": {"safe_slots": None},
        "First read what they said about contact": {"safe_slots": []},
        "Not now: safe from 13:00": {"safe_slots": [noon + 2]},
        f"Not now: safe from 12:00 on {at + timedelta(days=1):%A}": {"safe_slots": [(noon + 48) % A_WEEK]},
        "Must not be contacted": {"stopped_at": at},
        "No safe way to reach them": NO_WAY,
        "Only by text messages": NO_WAY | {"may_text": True},
    }
    for words, rules in said.items():
        assert contactable(PersonFactory(**rules), at, zone).words == words


def test_bringing_back_what_is_not_set_aside_changes_nothing(site: Site) -> None:
    lead = LeadFactory(site=site)
    events = lead.events.count()
    bring_back(lead, database_now())
    assert lead.events.count() == events


@pytest.mark.parametrize(("level", "given"), [(Level.E2, True), (Level.U2, False)])
def test_no_call_after_the_promise_holds_an_emergency_back_that_nobody_has_reached(
    site: Site, coordinator: User, level: Level, given: bool
) -> None:
    at = database_now()
    lead = lead_of(site, level=level)
    wish = WishedCall(lead.caller, at + timedelta(hours=8))
    set_call_back(lead=lead, by=coordinator, wish=wish, at=at)
    taken = take_next(by=coordinator, queue=Queue.URGENT, at=at + timedelta(seconds=1))
    assert taken == (lead if given else None)


def test_whom_we_spoke_with_is_called_when_it_was_agreed(site: Site, coordinator: User) -> None:
    at = database_now()
    lead = LeadFactory(site=site, level=Level.E2, contacted=True, band=Band.FOLLOW_UP)
    wish = WishedCall(lead.caller, at + timedelta(hours=8))
    set_call_back(lead=lead, by=coordinator, wish=wish, at=at)
    assert take_next(by=coordinator, queue=Queue.URGENT, at=at + timedelta(seconds=1)) is None
