"""An alert goes on until somebody answers: on the database's clock, whatever fails, and never as a storm."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from crm.alert_steps import SHIPPED, Line, Plan, Step
from crm.enums import AlertLevel, AwayReason, EventKind, Level, Queue, ReasonCode, Role, Who
from crm.models import Absence, Lead, LeadEvent, Site, User
from crm.services.absences import go_away
from crm.services.alert_policies import NewPlan, set_alert_plan
from crm.services.alerts import alert_staff
from crm.services.escalating import run_step, sweep_escalations
from crm.services.levels import Change, raise_level
from crm.services.queues import claim_lead, release_lead, return_lapsed_lease
from crm.services.unattended import UNPLACED, flag_unattended_leads
from crm.tasks import escalate
from jobs.kinds import kind_named
from jobs.models import Job
from jobs.services.running import run_job
from notifications.catalogue import MessageKind
from notifications.enums import ChannelName, MessageState
from notifications.models import Escalation, Message
from notifications.selectors import open_escalation
from notifications.services.delivery import deliver
from notifications.services.rendering import render_message
from tests.clock import DatabaseClock
from tests.factories import LeadFactory, MembershipFactory, ShiftFactory, StaffChannelFactory

SECOND = timedelta(seconds=1)


def member(site: Site, name: str, role: Role = Role.COORDINATOR, **more: Any) -> User:
    email = f"{name}@threshold.example"
    return MembershipFactory(site=site, role=role, user__email=email, user__full_name=name, **more).user


def on_shift(user: User, site: Site, on_call: int | None = None) -> None:
    ShiftFactory(user=user, site=site, on_call=on_call)


@pytest.fixture
def noon(database_clock: DatabaseClock) -> datetime:
    """Half an hour later it is the same day still. Whoever is on shift comes after it."""
    database_clock.stop()
    return database_clock.move_to(database_clock.now().replace(hour=12, minute=0))


@pytest.fixture
def staff(site: Site) -> dict[str, User]:
    """Two at the desk, two on call, one who only gets alerts, a manager who gets none by default."""
    people = {name: member(site, name, gets_alerts=name == "desk") for name in ("desk", "first", "second")}
    people["listed"] = member(site, "listed")
    people["manager"] = member(site, "manager", Role.MANAGER, gets_alerts=False)
    on_shift(people["desk"], site)
    on_shift(people["first"], site, on_call=1)
    on_shift(people["second"], site, on_call=2)
    return people


def begin(site: Site, at: datetime, level: Level = Level.E1) -> Lead:
    lead = LeadFactory(site=site, level=level, received_at=at)
    alert_staff(lead=lead, key=str(lead.pk), at=at)
    return lead


def told(lead: Lead) -> list[str]:
    """The names of those who were written to, in the order of the messages."""
    messages = Message.objects.filter(about=lead.pk).order_by("created_at", "id")
    return [message.to.partition("@")[0] for message in messages]


def told_at(at: datetime) -> set[str]:
    return {message.to.partition("@")[0] for message in Message.objects.filter(created_at=at)}


def run_due_jobs(at: datetime) -> None:
    """Run what is due on the database's clock, as the dispatcher would have workers do."""
    kind = kind_named("crm.tasks.escalate")
    for job in Job.objects.filter(kind=kind.name, done_at=None, due_at__lte=at).order_by("due_at"):
        run_job(job=job.pk, kind=kind)


class TestSteps:
    def test_who_is_told_at_once_at_two_minutes_and_at_five(
        self, site: Site, staff: dict[str, User], database_clock: DatabaseClock
    ) -> None:
        """RELIABILITY F24: exactly then, to the second, on the database's clock, without waiting for it."""
        database_clock.stop()
        start = database_clock.now()
        lead = begin(site, start)
        seen = {0: told_at(start)}
        for second in (118, 119, 120, 121, 122, 298, 299, 300, 301, 599, 600, 601, 900):
            at = database_clock.move_to(start + second * SECOND)
            run_due_jobs(at)
            seen[second] = told_at(at)
        assert {second: names for second, names in seen.items() if names} == {
            0: {"desk", "first"},
            120: {"desk", "listed", "second"},
            300: {"first", "manager", "second"},
            600: {"first", "manager", "second"},
            900: {"first", "manager", "second"},
        }
        assert Escalation.objects.get(about=lead.pk).round == 2

    def test_a_job_that_runs_twice_or_too_early_tells_nobody_again(
        self, site: Site, staff: dict[str, User], database_clock: DatabaseClock
    ) -> None:
        start = database_clock.now()
        lead = begin(site, start)
        chain = Escalation.objects.get(about=lead.pk)
        for second in (1, 119, 120, 120, 121):
            escalate(subject=chain.pk, at=start + second * SECOND)
        assert sorted(told(lead)) == ["desk", "desk", "first", "listed", "second"]

    def test_each_step_has_its_own_job_and_a_lost_one_is_swept(
        self, site: Site, staff: dict[str, User]
    ) -> None:
        start = LeadFactory().received_at
        lead = begin(site, start)
        chain = Escalation.objects.get(about=lead.pk)
        job = Job.objects.get(kind="crm.tasks.escalate")
        assert (job.subject, job.due_at, job.queue) == (chain.pk, start + 120 * SECOND, "urgent")
        assert job.dedupe_key.startswith(f"escalate:{chain.pk}:0:0:")
        assert sweep_escalations(at=start + 129 * SECOND) == 0
        assert sweep_escalations(at=start + 130 * SECOND) == 1
        assert "second" in told(lead)

    def test_whoever_has_the_lead_is_told_instead_of_the_shift(
        self, site: Site, staff: dict[str, User]
    ) -> None:
        lead = LeadFactory(site=site, level=Level.U1, taken=True, owner=staff["listed"])
        alert_staff(lead=lead, key="k", at=lead.received_at)
        assert sorted(told(lead)) == ["first", "listed"]

    def test_people_away_inactive_or_gone_are_not_told(self, site: Site, staff: dict[str, User]) -> None:
        at = LeadFactory().received_at
        Absence.objects.create(
            user=staff["desk"], reason=AwayReason.BREAK, away_at=at, marked_by=staff["desk"]
        )
        User.objects.filter(pk=staff["first"].pk).update(is_active=False)
        staff["second"].memberships.all().delete()
        lead = begin(site, at)
        assert told(lead) == ["listed"]  # of the second step: the first found nobody
        event = lead.events.get(kind=EventKind.ALERT_STEP)
        assert event.data["instead"] == 2
        run_step(escalation=Escalation.objects.get().pk, at=at + 120 * SECOND)
        assert told(lead) == ["listed", "listed"]  # its own time has not moved

    def test_if_everybody_is_away_they_are_told_all_the_same(self, site: Site) -> None:
        only, at = member(site, "only"), LeadFactory().received_at
        Absence.objects.create(user=only, reason=AwayReason.LEFT, away_at=at, marked_by=only)
        lead = begin(site, at)
        assert told(lead) == ["only"]
        assert lead.events.get(kind=EventKind.ALERT_STEP).data["only_away"]

    @pytest.mark.parametrize(
        ("level", "ways"), [(Level.U1, {"VOICE", "SMS", "EMAIL"}), (Level.U3, {"EMAIL"})]
    )
    def test_and_that_by_every_way_unless_it_can_wait(
        self, site: Site, settings: Any, level: Level, ways: set[str]
    ) -> None:
        settings.SMS_CHANNEL = settings.VOICE_CHANNEL = "file"
        only, at = member(site, "only"), LeadFactory().received_at
        for channel in (ChannelName.SMS, ChannelName.VOICE):
            StaffChannelFactory(user=only, channel=channel)
        Absence.objects.create(user=only, reason=AwayReason.LEFT, away_at=at, marked_by=only)
        lead = begin(site, at, level)
        assert set(Message.objects.filter(about=lead.pk).values_list("channel", flat=True)) == ways

    def test_with_nobody_at_all_every_screen_is_red_at_once(self, site: Site) -> None:
        at = LeadFactory().received_at
        lead = begin(site, at)
        assert (told(lead), Escalation.objects.get(about=lead.pk).red_at) == ([], at)

    def test_nobody_is_told_twice_in_one_step_by_the_same_channel(self, site: Site) -> None:
        both = member(site, "both")
        on_shift(both, site, on_call=2)
        at = LeadFactory().received_at
        lead = begin(site, at, Level.U1)
        run_step(escalation=Escalation.objects.get().pk, at=at + 120 * SECOND)
        assert told(lead) == [
            "both",
            "both",
        ]  # once as the stand-in, once in the step: on call and on the list


class TestNews:
    def test_the_same_key_begins_once(self, site: Site, coordinator: User) -> None:
        lead = LeadFactory(site=site)
        for _ in range(2):
            alert_staff(lead=lead, key="one", at=lead.received_at)
        assert len(told(lead)) == 1

    def test_news_tell_whoever_knows_already_and_do_not_begin_the_time_anew(
        self, site: Site, staff: dict[str, User]
    ) -> None:
        at = LeadFactory().received_at
        lead = begin(site, at)
        alert_staff(lead=lead, key="again", at=at + 290 * SECOND)
        assert sorted(told(lead)) == ["desk", "desk", "first", "first", "listed", "second"]
        run_step(escalation=Escalation.objects.get().pk, at=at + 300 * SECOND)
        assert sorted(told(lead)[-3:]) == ["first", "manager", "second"]

    def test_a_more_severe_level_takes_over_with_its_own_steps(
        self, site: Site, staff: dict[str, User]
    ) -> None:
        at = LeadFactory().received_at
        lead = begin(site, at, Level.U3)
        change = Change(Level.E1, ReasonCode.TOLD_ON_CALL)
        raise_level(lead=lead, by=staff["desk"], change=change, at=at + 400 * SECOND)
        chain = Escalation.objects.get(about=lead.pk)
        assert (chain.level, chain.red_at, chain.next_at) == ("E1", at + 300 * SECOND, at + 600 * SECOND)
        assert told_at(at + 400 * SECOND) == {"desk", "first", "listed", "second", "manager"}

    def test_being_routed_is_no_news_unless_it_is_worse_than_was_said(
        self, site: Site, coordinator: User
    ) -> None:
        lead = LeadFactory(site=site, unrouted=True)
        flag_unattended_leads(wait=UNPLACED, at=lead.received_at + 70 * SECOND)
        for level, messages in ((Level.U2, 1), (Level.E1, 2)):
            Lead.objects.filter(pk=lead.pk).update(
                level=level, queue=Queue.URGENT, placed_at=lead.received_at
            )
            lead.refresh_from_db()
            alert_staff(lead=lead, key=f"routed {level}", at=lead.received_at + 80 * SECOND)
            assert len(told(lead)) == messages

    def test_whoever_knew_less_hears_it_even_if_it_has_to_gather(self, site: Site, coordinator: User) -> None:
        lead = LeadFactory(site=site, unrouted=True)
        flag_unattended_leads(wait=UNPLACED, at=lead.received_at + 61 * SECOND)
        at = lead.received_at + 130 * SECOND
        begin(site, at - 10 * SECOND)  # another alert: work has begun again
        Lead.objects.filter(pk=lead.pk).update(level=Level.E1, queue=Queue.URGENT, placed_at=at)
        lead.refresh_from_db()
        alert_staff(lead=lead, key="placed", at=at)
        assert len(told(lead)) == 1
        run_step(escalation=Escalation.objects.get(about=lead.pk).pk, at=at + 6 * SECOND)
        assert told(lead) == [told(lead)[0]] * 2
        assert (
            Message.objects.filter(about=lead.pk).latest("created_at").kind == MessageKind.URGENT_LEAD_ALERT
        )


class TestOtherSteps:
    """The level, or the site's steps, may change while an alert goes on."""

    def test_a_lead_that_was_lowered_goes_on_by_the_steps_of_its_level(
        self, site: Site, staff: dict[str, User]
    ) -> None:
        at = LeadFactory().received_at
        lead = begin(site, at, Level.U1)
        Lead.objects.filter(pk=lead.pk).update(level=Level.U3)
        run_step(escalation=Escalation.objects.get().pk, at=at + 120 * SECOND)
        chain = Escalation.objects.get()
        assert sorted(told(lead)) == ["desk", "first"]  # nobody else is due before half an hour has passed
        assert (chain.next_at, chain.red_at) == (at + 1800 * SECOND, at + 180 * 60 * SECOND)

    def test_a_step_that_moved_to_an_earlier_time_is_not_left_out(
        self, site: Site, staff: dict[str, User], manager: User
    ) -> None:
        at = LeadFactory().received_at
        lead = begin(site, at, Level.U1)
        chain = Escalation.objects.get()
        run_step(escalation=chain.pk, at=at + 120 * SECOND)
        managers = Step(240, (Line(Who.ROLE, role=Role.MANAGER),))
        plan = Plan((*SHIPPED[AlertLevel.U1].steps[:2], managers), 600)
        new = NewPlan(plan, "Managers sooner, please.", instead_of=0)
        set_alert_plan(site=site, level=AlertLevel.U1, by=manager, new=new, at=at + 250 * SECOND)
        run_step(escalation=chain.pk, at=at + 300 * SECOND)
        assert told(lead)[-2:] == ["manager", "morgan"]
        chain.refresh_from_db()
        assert chain.next_at == at + 840 * SECOND


class TestItBeginsAnew:
    """Whoever had the lead has it no more, and nobody has reached the caller."""

    def test_when_the_lease_has_run_out(self, site: Site, staff: dict[str, User]) -> None:
        lead = begin(site, LeadFactory().received_at)
        claim_lead(lead=lead, by=staff["listed"], at=lead.received_at + SECOND)
        lead.refresh_from_db()
        assert lead.lease_until
        before = len(told(lead))
        return_lapsed_lease(lead_id=lead.pk, at=lead.lease_until)
        assert sorted(told(lead)[before:]) == ["desk", "first", "listed", "manager", "second"]
        assert open_escalation(lead.pk)

    def test_when_they_are_away(self, site: Site, staff: dict[str, User]) -> None:
        lead = begin(site, LeadFactory().received_at)
        claim_lead(lead=lead, by=staff["listed"], at=lead.received_at)
        go_away(user=staff["listed"], reason=AwayReason.BREAK, by=staff["listed"], at=lead.received_at)
        assert open_escalation(lead.pk)

    def test_when_it_is_given_back_but_not_if_somebody_was_reached(
        self, site: Site, staff: dict[str, User]
    ) -> None:
        for reached in (False, True):
            lead = begin(site, LeadFactory().received_at)
            claim_lead(lead=lead, by=staff["desk"], at=lead.received_at)
            if reached:
                Lead.objects.filter(pk=lead.pk).update(first_contact_at=lead.received_at)
            release_lead(lead=lead, by=staff["desk"], at=lead.received_at + SECOND)
            assert bool(open_escalation(lead.pk)) != reached


class TestItsEnd:
    def test_what_needs_no_answer_any_more_is_told_to_nobody(
        self, site: Site, staff: dict[str, User]
    ) -> None:
        at = LeadFactory().received_at
        lead = begin(site, at)
        Lead.objects.filter(pk=lead.pk).update(queue=Queue.PREBOOKED, level=Level.P1)
        before = len(told(lead))
        run_step(escalation=Escalation.objects.get().pk, at=at + 120 * SECOND)
        chain = Escalation.objects.get()
        assert (len(told(lead)), chain.ended_why, chain.acknowledged_at) == (before, "LOWERED", None)
        assert lead.events.filter(kind=EventKind.ALERT_ENDED).exists()

    def test_an_alert_that_was_answered_is_not_sent_any_more(
        self, site: Site, staff: dict[str, User]
    ) -> None:
        at = LeadFactory().received_at
        lead = begin(site, at)
        claim_lead(lead=lead, by=staff["desk"], at=at + SECOND)
        messages = Message.objects.filter(about=lead.pk)
        assert {message.state for message in messages} == {MessageState.CANCELLED}

    def test_one_that_was_queued_meanwhile_is_looked_at_again_before_it_goes(
        self, site: Site, staff: dict[str, User]
    ) -> None:
        at = LeadFactory().received_at
        lead = begin(site, at)
        Escalation.objects.update(ended_at=at, ended_why="OVER")
        message = Message.objects.filter(about=lead.pk)[0]
        deliver(message=message.pk, at=at)
        message.refresh_from_db()
        assert (message.state, message.deliveries.count()) == (MessageState.CANCELLED, 0)


class TestNoStorm:
    def test_after_half_an_hour_of_outage_each_person_gets_one_message(
        self, noon: datetime, site: Site, staff: dict[str, User], database_clock: DatabaseClock
    ) -> None:
        leads = [begin(site, noon + n * SECOND, Level.U1) for n in range(12)]
        Message.objects.all().delete()
        at = database_clock.move_to(noon + timedelta(minutes=30))
        run_due_jobs(at)
        sweep_escalations(at=at)
        assert sorted(message.to for message in Message.objects.all()) == sorted(
            f"{name}@threshold.example" for name in ("desk", "first", "listed", "second", "manager")
        )
        mail = render_message(Message.objects.all()[0])
        began = noon.astimezone(ZoneInfo(site.time_zone))
        assert mail.subject == f"12 urgent leads wait for an answer, the longest since {began:%H:%M}"
        assert all(lead.events.filter(kind=EventKind.ALERT_STEP).count() == 2 for lead in leads)
        ahead = set(Escalation.objects.values_list("next_at", flat=True))
        assert all(at < moment <= at + 300 * SECOND for moment in ahead)

    def test_a_single_late_lead_is_told_of_by_its_name(
        self, site: Site, staff: dict[str, User], database_clock: DatabaseClock
    ) -> None:
        database_clock.stop()
        lead = begin(site, database_clock.now())
        at = database_clock.advance(by=timedelta(hours=6))
        run_due_jobs(at)
        assert told_at(at) == {"desk", "first", "listed", "second", "manager"}
        assert {message.kind for message in Message.objects.filter(created_at=at, about=lead.pk)} == {
            MessageKind.URGENT_LEAD_ALERT
        }

    def test_leads_that_the_rules_come_to_late_gather(
        self, site: Site, staff: dict[str, User], database_clock: DatabaseClock
    ) -> None:
        """Workers stood still: when they are back, thirty leads are flagged, then placed."""
        database_clock.stop()
        at = database_clock.now()
        received = at - timedelta(minutes=29)
        leads = [LeadFactory(site=site, unrouted=True, received_at=received) for _ in range(30)]
        flag_unattended_leads(wait=UNPLACED, at=at)
        for lead in leads:
            Lead.objects.filter(pk=lead.pk).update(level=Level.U1, queue=Queue.URGENT, placed_at=at)
            lead.refresh_from_db()
            alert_staff(lead=lead, key=f"placed {lead.pk}", at=at)
        run_due_jobs(database_clock.advance(seconds=6))
        got = [message.to for message in Message.objects.all()]
        assert {got.count(address) for address in got} == {2}  # the first by its name, then one for 29
        assert sorted(set(got)) == ["desk@threshold.example", "first@threshold.example"]
        assert LeadEvent.objects.filter(kind=EventKind.ALERT_STEP).values("lead").distinct().count() == 30
