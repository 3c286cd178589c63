"""Whatever people do with two leads: each has at most one owner, who is not away, and every lease ends."""

from collections.abc import Callable
from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.enums import AwayReason, ContactMethod, ContactOutcome, EndOfLease, EventKind, Level, Queue
from crm.leases import is_held, lease_of
from crm.models import Absence, Lead, LeadEvent, User
from crm.refusals import Refusal
from crm.selectors.asks import open_asks
from crm.services.absences import come_back, go_away
from crm.services.contact import Try, add_note, log_attempt
from crm.services.handing import ask_for_lead, decline_ask, hand_over, keep_lead, take_over
from crm.services.levels import Change, raise_level
from crm.services.queues import claim_lead, release_lead, return_lapsed_lease, take_next
from crm.services.returning import return_leads_of
from crm.services.shifts import end_shift
from jobs.clock import database_now
from jobs.models import Job
from tests.factories import LeadFactory, MembershipFactory, PersonFactory, ShiftFactory, SiteFactory

LONGEST_LEASE = lease_of(Level.P2)
GIVES_THE_LEAD = {"take", "claim", "take_over"}
TAKES_AWAY = {EventKind.RELEASED, EventKind.LEASE_ENDED, EventKind.HANDED_OVER, EventKind.TAKEN_OVER}
Act = Callable[["Desk", Lead, User], object]


class Desk:
    """Two leads, three people, and a clock that only goes forward."""

    def __init__(self) -> None:
        self.at = database_now()
        site = SiteFactory()
        self.people = [MembershipFactory(site=site).user for _ in range(3)]
        caller = PersonFactory(may_call=True)
        self.leads = [LeadFactory(site=site, level=level, caller=caller) for level in (Level.U1, Level.P2)]

    def take(self, lead: Lead, who: User) -> object:
        return take_next(by=who, queue=Queue(lead.queue), at=self.at)

    def claim(self, lead: Lead, who: User) -> object:
        return claim_lead(lead=lead, by=who, at=self.at)

    def release(self, lead: Lead, who: User) -> object:
        return release_lead(lead=lead, by=who, at=self.at)

    def keep(self, lead: Lead, who: User) -> object:
        return keep_lead(lead=lead, by=who, at=self.at)

    def ask(self, lead: Lead, who: User) -> object:
        return ask_for_lead(lead=lead, by=who, note="", at=self.at)

    def answer(self, lead: Lead, who: User) -> object:
        ask = open_asks([lead], self.at).first()
        return ask and hand_over(lead=lead, by=who, asked=ask.pk, at=self.at)

    def decline(self, lead: Lead, who: User) -> object:
        ask = open_asks([lead], self.at).first()
        return ask and decline_ask(lead=lead, by=who, asked=ask.pk, at=self.at)

    def take_over(self, lead: Lead, who: User) -> object:
        return take_over(lead=lead, by=who, reason="They rang me directly.", at=self.at)

    def attempt(self, lead: Lead, who: User) -> object:
        tried = Try(lead.caller, ContactMethod.CALL, ContactOutcome.NO_ANSWER, two_way=False)
        return log_attempt(lead=lead, by=who, attempt=tried, at=self.at)

    def note(self, lead: Lead, who: User) -> object:
        return add_note(lead=lead, by=who, text="A note", at=self.at)

    def worse(self, lead: Lead, who: User) -> object:
        return raise_level(lead=lead, by=who, change=Change(Level.E1, "TOLD_ON_CALL", ""), at=self.at)

    def away(self, lead: Lead, who: User) -> object:
        return go_away(user=who, reason=AwayReason.BREAK, by=who, at=self.at)

    def back(self, lead: Lead, who: User) -> object:
        return come_back(user=who, by=who, at=self.at)

    def sign_out(self, lead: Lead, who: User) -> object:
        return return_leads_of(user=who, why=EndOfLease.SIGNED_OUT, by=who, at=self.at)

    def go_home(self, lead: Lead, who: User) -> object:
        shift = ShiftFactory(
            site=lead.site, user=who, starts_at=self.at - timedelta(seconds=1), ends_at=self.at
        )
        return end_shift(shift_id=shift.pk, at=self.at)

    def lapse(self, lead: Lead, who: User) -> object:
        return return_lapsed_lease(lead_id=lead.pk, at=self.at)

    def wait(self, lead: Lead, who: User) -> object:
        self.at += timedelta(minutes=12)
        return None


NAMES = [name for name in vars(Desk) if not name.startswith("_")]
ACTIONS = st.lists(st.tuples(st.sampled_from(NAMES), st.integers(0, 1), st.integers(0, 2)), max_size=25)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(actions=ACTIONS)
def test_a_lead_has_one_owner_at_most_and_every_lease_ends(
    db: None, actions: list[tuple[str, int, int]]
) -> None:
    desk = Desk()
    for name, which, number in actions:
        desk.at += timedelta(seconds=1)
        before = [_holder(lead, desk.at) for lead in _fresh(desk)]
        refused = _was_refused(desk, name, desk.leads[which], desk.people[number])
        leads = _fresh(desk)
        _check_no_theft(name, desk, before, leads, desk.people[number])
        _check_leases(leads, desk.at)
        assert not (name in {"note", "attempt"} and refused)
    _check_history(desk)


def _was_refused(desk: Desk, name: str, lead: Lead, who: User) -> bool:
    try:
        getattr(desk, name)(lead, who)
    except Refusal:
        return True
    return False


def _fresh(desk: Desk) -> list[Lead]:
    return [Lead.objects.get(pk=lead.pk) for lead in desk.leads]


def _holder(lead: Lead, at: datetime) -> object:
    return lead.owner_id if is_held(lead, at) else None


def _check_no_theft(name: str, desk: Desk, before: list[object], leads: list[Lead], who: User) -> None:
    """A lead that somebody holds goes to another by being handed over or taken over, and in no other way."""
    for was, lead in zip(before, leads, strict=True):
        now = _holder(lead, desk.at)
        if was and now and was != now:
            assert name in {"take_over", "answer"}
        if now and was != now and name in GIVES_THE_LEAD:
            assert now == who.pk


def _check_leases(leads: list[Lead], at: datetime) -> None:
    for lead in leads:
        if lead.owner_id is None:
            assert (lead.claimed_at, lead.lease_until) == (None, None)
            continue
        assert lead.lease_until is not None
        assert lead.lease_until <= at + LONGEST_LEASE
        assert not Absence.objects.filter(user=lead.owner_id, back_at=None).exists()
        jobs = Job.objects.filter(kind="crm.tasks.return_lease", subject=lead.pk, done_at=None)
        assert jobs.filter(due_at__lte=lead.lease_until).exists()


def _check_history(desk: Desk) -> None:
    """The history tells who had each lead: taken and gone take turns, and a last "taken" is the owner."""
    for lead in _fresh(desk):
        events = LeadEvent.objects.filter(lead=lead, kind__in={EventKind.CLAIMED, *TAKES_AWAY})
        kinds = list(events.order_by("occurred_at", "id").values_list("kind", flat=True))
        taken = [kind == EventKind.CLAIMED for kind in kinds]
        assert taken == [place % 2 == 0 for place in range(len(taken))]
        assert bool(lead.owner_id) == (bool(taken) and taken[-1])
