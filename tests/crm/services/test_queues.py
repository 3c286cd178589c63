"""Taking, giving back, and leases that end by themselves."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.enums import EventKind, Level, Queue, Stage
from crm.leases import RETRY_AFTER, lease_of
from crm.models import Lead, Site, User
from crm.refusals import LeadAlreadyClaimed, LeadIsOver, NotYours, Refusal
from crm.services.queues import claim_lead, release_lead, return_lapsed_lease, take_next
from jobs.clock import database_now
from jobs.models import Job
from tests.factories import ContactAttemptFactory, LeadFactory, MembershipFactory, SiteFactory

MINUTE = timedelta(minutes=1)


def kinds_of(lead: Lead) -> list[str]:
    return list(
        lead.events.exclude(kind=EventKind.ALERT_STEP)
        .order_by("occurred_at", "id")
        .values_list("kind", flat=True)
    )


def test_take_next_gives_the_emergency_before_what_has_waited_longer(site: Site, coordinator: User) -> None:
    at = database_now()
    LeadFactory(site=site, level=Level.U1, received_at=at - timedelta(hours=3))
    emergency = LeadFactory(site=site, level=Level.E1, received_at=at)
    assert take_next(by=coordinator, queue=Queue.URGENT, at=at) == emergency


def test_take_next_gives_the_lead_that_is_due_first(site: Site, coordinator: User) -> None:
    at = database_now()
    LeadFactory(site=site, level=Level.U2)
    soonest = LeadFactory(site=site, level=Level.U3, received_at=at - timedelta(hours=5))
    assert take_next(by=coordinator, queue=Queue.URGENT, at=at) == soonest


def test_take_next_notes_the_claim_and_starts_a_lease(site: Site, coordinator: User) -> None:
    at = database_now()
    LeadFactory(site=site)
    lead = take_next(by=coordinator, queue=Queue.URGENT, at=at)
    assert lead is not None
    assert (lead.owner, lead.claimed_at, lead.lease_until) == (coordinator, at, at + lease_of(Level.U2))
    assert kinds_of(lead)[-1] == EventKind.CLAIMED
    job = Job.objects.get(kind="crm.tasks.return_lease")
    assert (job.subject, job.due_at) == (lead.pk, lead.lease_until)


def test_take_next_takes_what_nobody_has_placed_in_time_as_urgent(site: Site, coordinator: User) -> None:
    at = database_now()
    LeadFactory(site=site, unrouted=True, received_at=at - timedelta(seconds=59))
    assert take_next(by=coordinator, queue=Queue.URGENT, at=at) is None
    late = LeadFactory(site=site, unrouted=True, received_at=at - timedelta(seconds=61))
    assert take_next(by=coordinator, queue=Queue.URGENT, at=at) == late


def test_take_next_passes_over_leads_of_colleagues_other_sites_and_the_past(
    site: Site, coordinator: User
) -> None:
    LeadFactory(site=site, taken=True)
    LeadFactory(site=site, closed=True)
    LeadFactory(site=site, stage=Stage.ADMITTED)
    LeadFactory(site=site, level=Level.P1)
    LeadFactory()
    assert take_next(by=coordinator, queue=Queue.URGENT, at=database_now()) is None


def test_take_next_takes_a_lead_whose_lease_has_run_out(site: Site, coordinator: User) -> None:
    at = database_now()
    lead = LeadFactory(site=site, taken=True, lease_until=at - MINUTE)
    forgetful = lead.owner
    assert take_next(by=coordinator, queue=Queue.URGENT, at=at) == lead
    ended = lead.events.get(kind=EventKind.LEASE_ENDED)
    assert (ended.data, ended.occurred_at) == ({"owner": str(forgetful.pk), "why": "RAN_OUT"}, at - MINUTE)


def test_take_next_leaves_a_lead_be_that_was_tried_minutes_ago(site: Site, coordinator: User) -> None:
    at = database_now()
    lead = LeadFactory(site=site)
    ContactAttemptFactory(lead=lead, attempted_at=at)
    assert take_next(by=coordinator, queue=Queue.URGENT, at=at + RETRY_AFTER - MINUTE) is None
    assert take_next(by=coordinator, queue=Queue.URGENT, at=at + RETRY_AFTER) == lead


def test_take_next_hands_out_a_follow_up_only_when_it_is_due(site: Site, coordinator: User) -> None:
    at = database_now()
    lead = LeadFactory(site=site, contacted=True, due_at=at + MINUTE)
    assert take_next(by=coordinator, queue=Queue.URGENT, at=at) is None
    assert take_next(by=coordinator, queue=Queue.URGENT, at=at + MINUTE) == lead


@pytest.mark.parametrize("queue", [Queue.PREBOOKED, Queue.REVIEW, Queue.UNROUTED])
def test_take_next_works_in_every_queue(site: Site, coordinator: User, queue: Queue) -> None:
    leads = {
        Queue.PREBOOKED: LeadFactory(site=site, level=Level.P2),
        Queue.REVIEW: LeadFactory(site=site, review=True),
        Queue.UNROUTED: LeadFactory(site=site, unrouted=True),
    }
    at = database_now()
    lead = take_next(by=coordinator, queue=queue, at=at)
    assert lead == leads[queue]
    assert lead is not None
    assert lead.lease_until == at + lease_of(lead.level)


def test_claim_lead_refuses_the_slower_coordinator(site: Site, coordinator: User, manager: User) -> None:
    at = database_now()
    lead = LeadFactory(site=site)
    claim_lead(lead=lead, by=coordinator, at=at)
    with pytest.raises(LeadAlreadyClaimed, match="Casey Coordinator has this lead now"):
        claim_lead(lead=lead, by=manager, at=at)
    lead.refresh_from_db()
    assert lead.owner == coordinator


def test_claim_lead_renews_ones_own_lease_without_a_second_event(site: Site, coordinator: User) -> None:
    at = database_now()
    lead = LeadFactory(site=site)
    claim_lead(lead=lead, by=coordinator, at=at)
    again = claim_lead(lead=lead, by=coordinator, at=at + MINUTE)
    assert again.lease_until == at + MINUTE + lease_of(Level.U2)
    assert kinds_of(lead).count(EventKind.CLAIMED) == 1


@pytest.mark.parametrize("state", [{"closed": True}, {"stage": Stage.ADMITTED}])
def test_claim_lead_refuses_a_lead_that_is_over(
    site: Site, coordinator: User, state: dict[str, object]
) -> None:
    with pytest.raises(LeadIsOver):
        claim_lead(lead=LeadFactory(site=site, **state), by=coordinator, at=database_now())


def test_release_lead_puts_it_back(site: Site, coordinator: User) -> None:
    lead = LeadFactory(site=site, taken=True, owner=coordinator)
    lead = release_lead(lead=lead, by=coordinator, at=database_now())
    assert (lead.owner, lead.claimed_at, lead.lease_until) == (None, None, None)
    assert kinds_of(lead)[-1] == EventKind.RELEASED


def test_release_lead_is_for_its_owner_or_a_manager(site: Site, coordinator: User, manager: User) -> None:
    at = database_now()
    lead = LeadFactory(site=site, taken=True)
    with pytest.raises(NotYours):
        release_lead(lead=lead, by=coordinator, at=at)
    assert release_lead(lead=lead, by=manager, at=at, may_release_others=True).owner is None
    with pytest.raises(NotYours):
        release_lead(lead=lead, by=manager, at=at, may_release_others=True)


def test_return_lapsed_lease_returns_the_lead_when_the_lease_is_over(site: Site) -> None:
    at = database_now()
    lead = LeadFactory(site=site, taken=True, lease_until=at + MINUTE)
    assert return_lapsed_lease(lead_id=lead.pk, at=at) == at + MINUTE
    assert return_lapsed_lease(lead_id=lead.pk, at=at + MINUTE) is None
    lead.refresh_from_db()
    assert lead.owner is None
    assert kinds_of(lead)[-1] == EventKind.LEASE_ENDED


def test_return_lapsed_lease_has_nothing_to_do_after_a_release(site: Site) -> None:
    lead = LeadFactory(site=site)
    assert return_lapsed_lease(lead_id=lead.pk, at=database_now()) is None
    assert EventKind.LEASE_ENDED not in kinds_of(lead)


ACTIONS = st.lists(
    st.tuples(st.sampled_from(["take", "claim", "release", "lapse", "wait"]), st.integers(0, 2)), max_size=12
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(actions=ACTIONS)
def test_a_lead_has_at_most_one_owner_whatever_people_do(db: None, actions: list[tuple[str, int]]) -> None:
    """A model of one lead: the holder of a live lease is the only one who can have it."""
    site = SiteFactory()
    people = [MembershipFactory(site=site).user for _ in range(3)]
    lead, at = LeadFactory(site=site), database_now()
    holder, until = None, at
    for action, number in actions:
        who = people[number]
        at += timedelta(minutes=15) if action == "wait" else timedelta(seconds=1)
        if until <= at:
            holder = None
        may = holder in {None, who}
        if action in {"take", "claim"} and _try(action, lead, who, at):
            assert may
            holder, until = who, at + lease_of(Level.U2)
        elif action == "release" and _try(action, lead, who, at):
            holder = None
        elif action == "lapse":
            return_lapsed_lease(lead_id=lead.pk, at=at)
        lead.refresh_from_db()
        live = lead.owner if lead.lease_until and lead.lease_until > at else None
        assert live == holder


def _try(action: str, lead: Lead, who: User, at: object) -> bool:
    try:
        if action == "take":
            return take_next(by=who, queue=Queue.URGENT, at=at) is not None
        {"claim": claim_lead, "release": release_lead}[action](lead=lead, by=who, at=at)
    except Refusal:
        return False
    return True
