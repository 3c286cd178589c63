"""Who would stand elsewhere by other weights."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from crm.enums import EventKind, Level, Queue
from crm.models import Lead, Site, User
from crm.ordering import Standing, Weights
from crm.selectors.order_preview import Waiting, compare, waiting_last_month, waiting_now
from jobs.clock import database_now
from jobs.ids import uuid7
from tests.crm.test_ordering import STANDINGS, WEIGHTS
from tests.factories import LeadEventFactory, LeadFactory, PlacementFactory

AT = datetime(2027, 1, 4, 9, tzinfo=UTC)
NOTHING = Weights(0, 0, 0, 0, 0, 0)
URGENT = st.sampled_from([level for level in Level if level.queue == Queue.URGENT])


def _someone(level: Level, minutes: int, standing: Standing) -> Waiting:
    return Waiting("ABCD-2345", level, AT + timedelta(minutes=minutes), standing, uuid7())


WAITING = st.builds(_someone, URGENT, st.integers(-300, 300), STANDINGS)


def waiting(minutes: int, level: Level = Level.U2, **standing: object) -> Waiting:
    due = AT + timedelta(minutes=minutes)
    return Waiting(f"U{minutes:03}", level, due, Standing(**standing), uuid7())  # type: ignore[arg-type]


@settings(max_examples=60)
@given(st.lists(WAITING, max_size=8), WEIGHTS, WEIGHTS)
def test_every_lead_has_one_place_before_and_after(
    leads: list[Waiting], before: Weights, after: Weights
) -> None:
    found = compare("All", leads, before, after)
    places = range(1, len(leads) + 1)
    assert {move.before for move in found.moves} == {move.after for move in found.moves} <= set(places)
    assert sum(move.by for move in found.moves) == 0
    assert found.moved == len(found.moves)
    assert all(abs(one.by) >= abs(next_.by) for one, next_ in pairwise(found.moves))


@given(st.lists(WAITING, max_size=8), WEIGHTS)
def test_the_same_weights_move_nobody(leads: list[Waiting], weights: Weights) -> None:
    assert compare("All", leads, weights, weights).moves == []


def test_a_heavier_weight_moves_up_whom_it_is_about() -> None:
    first, second, again = waiting(10), waiting(20), waiting(30, enquiries=2)
    found = compare("All", [first, second, again], NOTHING, Weights(20, 0, 0, 0, 0, 0))
    assert [(move.reference, move.before, move.after, move.why) for move in found.moves] == [
        ("U030", 3, 1, "enquired again (counts more)"),
        *[
            (each.reference, place, place + 1, "others move past it")
            for place, each in ((1, first), (2, second))
        ],
    ]


def test_what_moves_a_lead_is_said_and_not_what_stays_as_it_was() -> None:
    today, other, again = (
        waiting(10, timing="now"),
        waiting(11),
        waiting(20, timing="now", tries=1),
    )
    found = compare("All", [today, other, again], Weights(0, 0, 0, 10, 0, 1), Weights(0, 0, 0, 0, 0, 1))
    assert {move.reference: move.why for move in found.moves} == {
        "U020": "wants to start today (counts less)",
        "U011": "others fall behind it",
    }


def test_an_emergency_is_never_overtaken() -> None:
    emergency, again = waiting(60, Level.E2), waiting(0, enquiries=4, is_worse=True)
    assert compare("All", [emergency, again], NOTHING, Weights(25, 25, 25, 25, 25, 25)).moved == 0


@pytest.mark.django_db
def test_the_present_queue_is_whoever_waits_to_hear_from_us(
    site: Site, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    lead = LeadFactory(site=site, enquiry_count=2, attempt_count=3, timing="now")
    LeadFactory(site=site, level=Level.P1)
    LeadFactory(site=site, contacted=True, band=5)
    LeadFactory(site=site, closed=True)
    LeadFactory()
    with django_assert_num_queries(1):
        (found,) = waiting_now(site, Queue.URGENT)
    assert (found.lead, found.due_at, found.standing) == (lead.pk, lead.due_at, Standing(2, 3, timing="now"))


@pytest.mark.django_db
def test_last_months_leads_stand_as_they_did_before_they_were_reached(
    site: Site, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    at = database_now()
    received, reached = at - timedelta(days=3), at - timedelta(days=2)
    lead = LeadFactory(site=site, received_at=received, first_contact_at=reached, attempt_count=9)
    _happened(lead, EventKind.REPEAT_ENQUIRY, received + timedelta(hours=1))
    _happened(lead, EventKind.CONTACT_ATTEMPTED, received + timedelta(hours=2))
    for kind in (EventKind.CONTACT_ATTEMPTED, EventKind.GOT_WORSE):
        _happened(lead, kind, reached)
    LeadFactory(site=site, received_at=at - timedelta(days=31))
    LeadFactory(site=site, review=True)
    with django_assert_num_queries(3):
        (found,) = waiting_last_month(site, at)
    assert (found.lead, found.standing) == (lead.pk, Standing(enquiries=2, tries=1))


@pytest.mark.django_db
def test_last_months_leads_have_the_level_that_they_had_before_they_were_reached(site: Site) -> None:
    at = database_now()
    received, reached = at - timedelta(days=3), at - timedelta(days=2)
    lead = LeadFactory(site=site, received_at=received, first_contact_at=reached, level=Level.P2)
    lead.level, lead.queue = Level.U1, Queue.URGENT
    lead.respond_by = received + timedelta(hours=2)  # whatever raising it afterwards made of the promise
    lead.save()
    _placed(lead, Level.P1, received + timedelta(hours=3))
    _placed(lead, Level.U1, reached + timedelta(minutes=30))
    (found,) = waiting_last_month(site, at)
    assert (found.level, found.due_at) == (Level.P1, received + timedelta(hours=3, minutes=1440))


@pytest.mark.django_db
def test_what_a_person_raised_before_counts_from_then(site: Site, coordinator: User) -> None:
    at = database_now()
    received, reached = at - timedelta(days=3), at - timedelta(days=2)
    lead = LeadFactory(site=site, received_at=received, first_contact_at=reached, level=Level.P2)
    _placed(lead, Level.U2, received + timedelta(hours=1), by=coordinator)
    _placed(lead, Level.U3, reached + timedelta(minutes=30), by=coordinator)
    (found,) = waiting_last_month(site, at)
    assert (found.level, found.due_at) == (Level.U2, received + timedelta(hours=3))


@pytest.mark.django_db
def test_a_lead_that_was_reached_before_it_was_placed_counts_as_it_is_known_today(site: Site) -> None:
    at = database_now()
    lead = LeadFactory(site=site, level=Level.U3, received_at=at, first_contact_at=at)
    (found,) = waiting_last_month(site, database_now())
    assert (found.level, found.due_at) == (Level.U3, lead.respond_by)


def _placed(lead: Lead, level: Level, at: datetime, by: User | None = None) -> None:
    PlacementFactory(lead=lead, level=level, queue=level.queue, decided_at=at, decided_by=by)


def _happened(lead: Lead, kind: EventKind, at: datetime) -> None:
    LeadEventFactory(lead=lead, kind=kind, occurred_at=at)
