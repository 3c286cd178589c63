"""Keeping a lead, asking for one, handing it over, and taking it over."""

from datetime import timedelta

import pytest

from crm.enums import AwayReason, EventKind, Level
from crm.leases import lease_of
from crm.models import Lead, Site, User
from crm.refusals import (
    AskedAlready,
    LeadIsOver,
    NobodyHasIt,
    NothingAsked,
    NotYoursToKeep,
    ReasonTooShort,
    YouHaveIt,
)
from crm.selectors.asks import ASK_STANDS_FOR, open_asks
from crm.services.absences import go_away
from crm.services.contact import add_note
from crm.services.handing import ask_for_lead, decline_ask, hand_over, keep_lead, take_over
from crm.services.levels import Change, raise_level
from crm.services.queues import claim_lead, release_lead
from jobs.clock import database_now
from jobs.models import Job
from tests.factories import LeadFactory, MembershipFactory

MINUTE = timedelta(minutes=1)
WHY = "Their mother rings me back in a minute."


@pytest.fixture
def robin(site: Site) -> User:
    return MembershipFactory(site=site, user__full_name="Robin Example").user


@pytest.fixture
def lead(site: Site, coordinator: User) -> Lead:
    """A lead that the coordinator has just taken."""
    return claim_lead(lead=LeadFactory(site=site), by=coordinator, at=database_now())


def kinds_of(lead: Lead) -> list[str]:
    return list(lead.events.order_by("occurred_at", "id").values_list("kind", flat=True))


def test_keep_lead_starts_the_lease_anew_and_says_so(lead: Lead, coordinator: User) -> None:
    at = database_now() + 15 * MINUTE
    lead = keep_lead(lead=lead, by=coordinator, at=at)
    assert lead.lease_until == at + lease_of(Level.U2)
    assert kinds_of(lead)[-1] == EventKind.LEASE_KEPT


def test_keep_lead_is_for_its_holder_while_they_have_it(lead: Lead, coordinator: User, robin: User) -> None:
    at = database_now()
    with pytest.raises(NotYoursToKeep):
        keep_lead(lead=lead, by=robin, at=at)
    with pytest.raises(NotYoursToKeep):
        keep_lead(lead=lead, by=coordinator, at=at + lease_of(Level.U2) + MINUTE)


def test_a_lapsed_lease_keeps_nobody_from_writing(lead: Lead, coordinator: User) -> None:
    at = database_now() + lease_of(Level.U2) + MINUTE
    note = add_note(lead=lead, by=coordinator, text="She called back.", at=at)
    assert note.note == "She called back."


@pytest.mark.parametrize(("level", "minutes"), [(Level.E1, 10), (Level.U3, 30), (Level.P2, 60)])
def test_each_level_has_its_own_lease(site: Site, coordinator: User, level: Level, minutes: int) -> None:
    at = database_now()
    lead = claim_lead(lead=LeadFactory(site=site, level=level), by=coordinator, at=at)
    assert lead.lease_until == at + minutes * MINUTE


def test_a_lead_that_is_raised_goes_back_sooner(site: Site, coordinator: User, clinician: User) -> None:
    at = database_now()
    lead = claim_lead(lead=LeadFactory(site=site, level=Level.P2), by=coordinator, at=at)
    raise_level(lead=lead, by=clinician, change=Change(Level.E1, "TOLD_ON_CALL", ""), at=at)
    lead.refresh_from_db()
    assert lead.lease_until == at + lease_of(Level.E1)
    assert Job.objects.filter(kind="crm.tasks.return_lease", due_at=lead.lease_until).exists()


def test_an_ask_is_shown_to_the_holder_until_they_answer(lead: Lead, coordinator: User, robin: User) -> None:
    at = database_now()
    ask = ask_for_lead(lead=lead, by=robin, note=" I know her. ", at=at)
    assert list(open_asks([lead], at)) == [ask]
    assert (ask.note, ask.by) == ("I know her.", robin)
    decline_ask(lead=lead, by=coordinator, asked=ask.pk, at=at)
    assert not open_asks([lead], at).exists()
    assert kinds_of(lead)[-2:] == [EventKind.ASKED_FOR, EventKind.ASK_DECLINED]


def test_one_asks_once_until_there_is_an_answer(lead: Lead, coordinator: User, robin: User) -> None:
    at = database_now()
    ask = ask_for_lead(lead=lead, by=robin, note="", at=at)
    with pytest.raises(AskedAlready):
        ask_for_lead(lead=lead, by=robin, note="", at=at)
    decline_ask(lead=lead, by=coordinator, asked=ask.pk, at=at)
    ask_for_lead(lead=lead, by=robin, note="", at=at)


def test_only_a_lead_that_a_colleague_has_is_asked_for(lead: Lead, coordinator: User, robin: User) -> None:
    at = database_now()
    with pytest.raises(YouHaveIt):
        ask_for_lead(lead=lead, by=coordinator, note="", at=at)
    release_lead(lead=lead, by=coordinator, at=at)
    with pytest.raises(NobodyHasIt):
        ask_for_lead(lead=lead, by=robin, note="", at=at)
    with pytest.raises(LeadIsOver):
        ask_for_lead(lead=LeadFactory(site=lead.site, closed=True), by=robin, note="", at=at)


def test_hand_over_gives_the_lead_to_whoever_asked(lead: Lead, coordinator: User, robin: User) -> None:
    at = database_now()
    ask = ask_for_lead(lead=lead, by=robin, note="", at=at)
    lead = hand_over(lead=lead, by=coordinator, asked=ask.pk, at=at + MINUTE)
    assert (lead.owner, lead.lease_until) == (robin, at + MINUTE + lease_of(Level.U2))
    assert kinds_of(lead)[-2:] == [EventKind.HANDED_OVER, EventKind.CLAIMED]
    assert lead.events.get(kind=EventKind.HANDED_OVER).by == coordinator


def test_an_ask_is_void_once_the_lead_has_changed_hands(lead: Lead, coordinator: User, robin: User) -> None:
    at = database_now()
    ask = ask_for_lead(lead=lead, by=robin, note="", at=at)
    release_lead(lead=lead, by=coordinator, at=at)
    claim_lead(lead=lead, by=coordinator, at=at + MINUTE)
    with pytest.raises(NothingAsked):
        hand_over(lead=lead, by=coordinator, asked=ask.pk, at=at + MINUTE)


def test_an_ask_is_void_when_it_is_old_or_its_person_is_away(
    lead: Lead, coordinator: User, robin: User, manager: User
) -> None:
    at = database_now()
    ask_for_lead(lead=lead, by=robin, note="", at=at)
    asked = ask_for_lead(lead=lead, by=manager, note="", at=at)
    go_away(user=robin, reason=AwayReason.BREAK, by=robin, at=at)
    assert list(open_asks([lead], at + MINUTE)) == [asked]
    keep_lead(lead=lead, by=coordinator, at=at + 15 * MINUTE)
    assert not open_asks([lead], at + ASK_STANDS_FOR).exists()


def test_take_over_needs_a_reason_which_stays(lead: Lead, coordinator: User, robin: User) -> None:
    at = database_now()
    with pytest.raises(ReasonTooShort):
        take_over(lead=lead, by=robin, reason="because", at=at)
    lead = take_over(lead=lead, by=robin, reason=WHY, at=at)
    assert lead.owner == robin
    event = lead.events.get(kind=EventKind.TAKEN_OVER)
    assert (event.note, event.by, event.data) == (WHY, robin, {"owner": str(coordinator.pk)})


def test_nobody_takes_over_what_nobody_has(site: Site, robin: User) -> None:
    with pytest.raises(NobodyHasIt):
        take_over(lead=LeadFactory(site=site), by=robin, reason=WHY, at=database_now())
    mine = claim_lead(lead=LeadFactory(site=site), by=robin, at=database_now())
    with pytest.raises(YouHaveIt):
        take_over(lead=mine, by=robin, reason=WHY, at=database_now())
