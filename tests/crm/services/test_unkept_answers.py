"""Who says "I have it" and falls asleep does not silence an alert."""

from datetime import datetime, timedelta

import pytest

from crm.enums import ContactMethod, ContactOutcome, EventKind, Level, Queue
from crm.leases import answer_end, lease_of
from crm.models import Lead, LeadEvent, Site, User
from crm.services.acknowledging import acknowledge, acknowledge_as_told
from crm.services.alerts import alert_staff
from crm.services.contact import Try, log_attempt
from crm.services.escalating import start_escalation
from crm.services.queues import claim_lead, release_lead, return_lapsed_lease
from crm.services.unkept_answers import alert_unless_kept
from jobs.kinds import kind_named
from jobs.models import Job
from jobs.services.running import run_job
from notifications.catalogue import MessageKind
from notifications.enums import Acknowledgement
from notifications.models import Escalation
from notifications.selectors import open_escalation
from tests.clock import DatabaseClock
from tests.factories import LeadFactory

CHECK = "crm.tasks.check_answer"


@pytest.fixture
def clock(database_clock: DatabaseClock) -> DatabaseClock:
    database_clock.stop()
    return database_clock


@pytest.fixture
def lead(site: Site, coordinator: User, clock: DatabaseClock) -> Lead:
    """An alerted lead, for which the coordinator has said "I have it"."""
    lead = LeadFactory(site=site, level=Level.U1, received_at=clock.now())
    alert_staff(lead=lead, key=str(lead.pk), at=clock.now())
    acknowledge(lead=lead, by=coordinator, at=clock.advance(seconds=30))
    return lead


def check(clock: DatabaseClock, *, after: timedelta) -> None:
    """Let time pass, and run the check if it is due, as the dispatcher would."""
    at = clock.advance(by=after)
    for job in Job.objects.filter(kind=CHECK, done_at=None, due_at__lte=at):
        run_job(job=job.pk, kind=kind_named(CHECK))


def lapses(lead: Lead) -> int:
    return LeadEvent.objects.filter(lead=lead, kind=EventKind.ANSWER_LAPSED).count()


def begun(lead: Lead) -> list[datetime]:
    return list(
        Escalation.objects.filter(about=lead.pk).order_by("started_at").values_list("started_at", flat=True)
    )


def test_it_begins_again_when_a_lease_would_be_over(lead: Lead, clock: DatabaseClock) -> None:
    check(clock, after=lease_of(lead.level) - timedelta(seconds=1))
    assert open_escalation(lead.pk) is None
    check(clock, after=timedelta(seconds=1))
    assert begun(lead)[1:] == [clock.now()]
    assert lead.events.get(kind=EventKind.ANSWER_LAPSED).data["minutes"] == 20
    assert lead.events.filter(kind=EventKind.ALERT_STEP).count() == 2


def test_it_does_so_again_for_each_answer_and_once_for_each(
    lead: Lead, manager: User, clock: DatabaseClock
) -> None:
    check(clock, after=lease_of(lead.level))
    first = Escalation.objects.earliest("started_at")
    alert_unless_kept(escalation=first.pk, at=clock.now())
    assert (len(begun(lead)), lapses(lead)) == (2, 1)
    acknowledge(lead=lead, by=manager, at=clock.advance(seconds=10))
    alert_unless_kept(escalation=first.pk, at=clock.now())
    assert len(begun(lead)) == 2, "the first answer was spoken for"
    lead.refresh_from_db()
    check(clock, after=answer_end(lead, clock.now()) - clock.now())
    assert (len(begun(lead)), lapses(lead)) == (3, 2)


@pytest.mark.parametrize("outcome", [ContactOutcome.NO_ANSWER, ContactOutcome.SPOKE])
def test_whoever_tried_to_call_has_kept_it(
    lead: Lead, coordinator: User, clock: DatabaseClock, outcome: ContactOutcome
) -> None:
    attempt = Try(lead.caller, ContactMethod.CALL, outcome, two_way=outcome == ContactOutcome.SPOKE)
    log_attempt(lead=lead, by=coordinator, attempt=attempt, at=clock.advance(seconds=60))
    check(clock, after=lease_of(lead.level))
    assert (len(begun(lead)), lapses(lead)) == (1, 0)


def test_whoever_took_it_is_held_to_the_lease(lead: Lead, coordinator: User, clock: DatabaseClock) -> None:
    claim_lead(lead=lead, by=coordinator, at=clock.advance(by=lease_of(lead.level) - timedelta(minutes=1)))
    check(clock, after=timedelta(minutes=2))
    assert open_escalation(lead.pk) is None
    at = clock.advance(by=lease_of(lead.level))
    return_lapsed_lease(lead_id=lead.pk, at=at)
    assert begun(lead)[1:] == [at]
    assert lapses(lead) == 0, "the lease has said so already"


@pytest.mark.parametrize(
    "change", [{"queue": Queue.PREBOOKED, "level": Level.P1}, {"stage": "CLOSED"}], ids=["lowered", "closed"]
)
def test_what_needs_nobody_any_more_alerts_nobody(
    lead: Lead, clock: DatabaseClock, change: dict[str, str]
) -> None:
    if "stage" in change:
        change = change | {"closed_at": clock.now(), "disposition": "CHOSE_ANOTHER"}
    Lead.objects.filter(pk=lead.pk).update(**change)
    check(clock, after=lease_of(Level.U1))
    assert (len(begun(lead)), lapses(lead)) == (1, 0)


def test_taking_the_lead_leaves_nothing_to_check(site: Site, coordinator: User, clock: DatabaseClock) -> None:
    lead = LeadFactory(site=site, level=Level.U1, received_at=clock.now())
    alert_staff(lead=lead, key=str(lead.pk), at=clock.now())
    claim_lead(lead=lead, by=coordinator, at=clock.now())
    assert not Job.objects.filter(kind=CHECK).exists()


@pytest.mark.parametrize("how", [Acknowledgement.LINK, Acknowledgement.TEXT, Acknowledgement.VOICE])
def test_an_answer_from_afar_is_checked_too(
    site: Site, coordinator: User, clock: DatabaseClock, how: Acknowledgement
) -> None:
    lead = LeadFactory(site=site, level=Level.E1, received_at=clock.now())
    alert_staff(lead=lead, key=str(lead.pk), at=clock.now())
    chain = Escalation.objects.get(about=lead.pk)
    acknowledge_as_told(escalation=chain, by=coordinator, how=how, at=clock.now())
    check(clock, after=lease_of(Level.E1))
    assert lapses(lead) == 1


class TestGivenBack:
    """Whoever took it has it no more: it alerts as before, unless somebody has tried to call since."""

    @pytest.fixture(params=["pre-booked", "contacted before"])
    def worse(
        self, request: pytest.FixtureRequest, site: Site, coordinator: User, clock: DatabaseClock
    ) -> Lead:
        """A lead that is no new urgent one, whose caller said that it has got worse; somebody took it."""
        level = Level.P1 if request.param == "pre-booked" else Level.U1
        lead = LeadFactory(site=site, level=level, contacted=level == Level.U1)
        start_escalation(lead=lead, kind=MessageKind.CALLER_IS_WORSE, key="worse", at=clock.now())
        return claim_lead(lead=lead, by=coordinator, at=clock.advance(seconds=30))

    def test_a_caller_who_is_worse_is_alerted_of_again_when_the_lease_lapses(
        self, worse: Lead, clock: DatabaseClock
    ) -> None:
        return_lapsed_lease(lead_id=worse.pk, at=clock.advance(by=lease_of(worse.level)))
        again = open_escalation(worse.pk)
        assert again
        assert (again.kind, again.started_at) == ("CALLER_IS_WORSE", clock.now())
        assert worse.events.filter(kind=EventKind.ALERT_STEP).count() == 2

    def test_or_is_given_back_each_time(self, worse: Lead, coordinator: User, clock: DatabaseClock) -> None:
        for times in (2, 3):
            release_lead(lead=worse, by=coordinator, at=clock.advance(seconds=60))
            assert len(begun(worse)) == times
            worse = claim_lead(lead=worse, by=coordinator, at=clock.advance(seconds=60))

    @pytest.mark.parametrize("outcome", [ContactOutcome.NO_ANSWER, ContactOutcome.SPOKE])
    def test_but_not_once_somebody_has_tried(
        self, worse: Lead, coordinator: User, clock: DatabaseClock, outcome: ContactOutcome
    ) -> None:
        attempt = Try(worse.caller, ContactMethod.CALL, outcome, two_way=outcome == ContactOutcome.SPOKE)
        log_attempt(lead=worse, by=coordinator, attempt=attempt, at=clock.advance(seconds=60))
        Lead.objects.filter(pk=worse.pk).update(queue=Queue.PREBOOKED, level=Level.P1)
        release_lead(lead=worse, by=coordinator, at=clock.advance(seconds=60))
        assert open_escalation(worse.pk) is None

    def test_a_lead_that_is_not_routed_says_so_again(
        self, site: Site, coordinator: User, clock: DatabaseClock
    ) -> None:
        lead = LeadFactory(site=site, unrouted=True)
        start_escalation(lead=lead, kind=MessageKind.LEAD_NOT_ROUTED, key="unplaced", at=clock.now())
        claim_lead(lead=lead, by=coordinator, at=clock.now())
        release_lead(lead=lead, by=coordinator, at=clock.advance(seconds=60))
        again = open_escalation(lead.pk)
        assert again
        assert again.kind == "LEAD_NOT_ROUTED"
