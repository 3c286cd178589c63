"""An alert that begins again reaches more people than whoever let it lapse, no later than was promised."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from crm.enums import (
    AwayReason,
    CallDirection,
    CallState,
    EndOfLease,
    EventKind,
    Level,
    PauseKind,
    PauseReason,
    Role,
)
from crm.leases import answer_end
from crm.models import Absence, Lead, QuietHours, Site, User
from crm.services.acknowledging import acknowledge, acknowledge_as_told, answer_alert
from crm.services.escalating import run_step
from crm.services.pauses import Pause, pause_lead
from crm.services.queues import claim_lead, release_lead, return_lapsed_lease
from crm.services.returning import return_leads_of
from crm.services.unkept_answers import alert_unless_kept
from notifications.channels.push import shown_to_the_browser
from notifications.channels.spoken import call_script
from notifications.enums import Acknowledgement, ChannelName
from notifications.models import Escalation, Message
from notifications.selectors import open_escalation
from notifications.services.rendering import render_message
from tests.clock import DatabaseClock
from tests.crm.services.test_escalating import begin, member, on_shift, run_due_jobs, told_at
from tests.crm.services.test_unkept_answers import check
from tests.factories import LeadFactory, StaffChannelFactory
from tests.factories.phone import PhoneCallFactory

START = datetime(2026, 3, 3, 14, 2, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
EVERYBODY = {"desk", "first", "second", "listed", "manager"}


@pytest.fixture
def clock(database_clock: DatabaseClock) -> DatabaseClock:
    database_clock.stop()
    database_clock.move_to(START)
    return database_clock


@pytest.fixture
def staff(site: Site, clock: DatabaseClock) -> dict[str, User]:
    """Two at the desk and on call each, one who only gets alerts, a manager who gets none by default."""
    people = {name: member(site, name, gets_alerts=name == "desk") for name in ("desk", "first", "second")}
    people["listed"] = member(site, "listed")
    people["manager"] = member(site, "manager", Role.MANAGER, gets_alerts=False)
    on_shift(people["desk"], site)
    on_shift(people["first"], site, on_call=1)
    on_shift(people["second"], site, on_call=2)
    return people


@pytest.fixture
def alone(site: Site, clock: DatabaseClock) -> dict[str, User]:
    """A night: one person at the desk, and a manager at home."""
    manager = member(site, "manager", Role.MANAGER, gets_alerts=False)
    people = {"desk": member(site, "desk"), "manager": manager}
    on_shift(people["desk"], site)
    return people


def say(lead: Lead, by: User, clock: DatabaseClock, how: Acknowledgement = Acknowledgement.LINK) -> bool:
    chain = Escalation.objects.filter(about=lead.pk).latest("started_at", "pk")
    return acknowledge_as_told(escalation=chain, by=by, how=how, at=clock.now()).noted


def lapse(lead: Lead, clock: DatabaseClock) -> None:
    """Let an answer of this moment lapse, and run the check then, as the dispatcher would."""
    lead.refresh_from_db()
    check(clock, after=answer_end(lead, clock.now()) - clock.now())


class TestHowLongAnAnswerIsGood:
    @pytest.mark.parametrize(
        ("level", "after", "minutes"),
        [
            (Level.E1, 1, 4),  # the promise is sooner than the lease
            (Level.E1, 4, 2),  # nobody opens the desk within a minute
            (Level.E1, 30, 2),
            (Level.E2, 1, 14),
            (Level.U1, 0.5, 20),
            (Level.U1, 20, 10),
            (Level.U3, 1, 30),
        ],
    )
    def test_the_sooner_of_a_lease_and_the_promise(
        self,
        site: Site,
        staff: dict[str, User],
        clock: DatabaseClock,
        level: Level,
        after: float,
        minutes: int,
    ) -> None:
        lead = begin(site, clock.now(), level)
        said = clock.advance(seconds=after * 60)
        say(lead, staff["desk"], clock)
        check(clock, after=minutes * MINUTE - timedelta(seconds=1))
        assert open_escalation(lead.pk) is None
        check(clock, after=timedelta(seconds=1))
        again = open_escalation(lead.pk)
        assert again
        assert again.started_at == said + minutes * MINUTE

    def test_of_somebody_who_was_reached_before_as_long_as_the_level_allows(self, site: Site) -> None:
        lead = LeadFactory(site=site, level=Level.E1, contacted=True)
        at = lead.received_at + 300 * MINUTE
        assert answer_end(lead, at) == at + 5 * MINUTE


class TestWhomItTells:
    def test_those_told_before_the_next_step_and_for_an_emergency_the_managers_at_once(
        self, site: Site, staff: dict[str, User], clock: DatabaseClock
    ) -> None:
        lead = begin(site, clock.now(), Level.E1)
        clock.advance(seconds=60)
        say(lead, staff["desk"], clock)
        lapse(lead, clock)
        assert told_at(clock.now()) == EVERYBODY
        steps = lead.events.filter(kind=EventKind.ALERT_STEP).order_by("occurred_at")
        assert [each.data.get("up_to") for each in steps] == [None, 3]

    @pytest.mark.parametrize(("minutes", "told"), [(1, EVERYBODY - {"manager"}), (119, EVERYBODY)])
    def test_of_what_can_wait_two_hours_managers_only_when_the_promise_is_over(
        self, site: Site, staff: dict[str, User], clock: DatabaseClock, minutes: int, told: set[str]
    ) -> None:
        lead = begin(site, clock.now(), Level.U2)
        clock.advance(seconds=minutes * 60)
        say(lead, staff["desk"], clock)
        lapse(lead, clock)
        assert told_at(clock.now()) == told

    def test_at_night_the_manager_is_told_whoever_the_only_one_on_shift_is(
        self, site: Site, alone: dict[str, User], clock: DatabaseClock
    ) -> None:
        lead = begin(site, clock.now(), Level.E1)
        assert told_at(clock.now()) == {"desk"}
        say(lead, alone["desk"], clock)
        lapse(lead, clock)
        assert told_at(clock.now()) == {"desk", "manager"}

    def test_of_what_can_wait_as_many_steps_as_it_takes_to_find_somebody_else(
        self, site: Site, alone: dict[str, User], clock: DatabaseClock
    ) -> None:
        lead = begin(site, clock.now(), Level.U3)
        say(lead, alone["desk"], clock)
        lapse(lead, clock)
        assert told_at(clock.now()) == {"desk", "manager"}

    def test_if_all_others_are_away_they_are_told_all_the_same(
        self, site: Site, alone: dict[str, User], clock: DatabaseClock
    ) -> None:
        boss = alone["manager"]
        Absence.objects.create(user=boss, reason=AwayReason.BREAK, away_at=clock.now(), marked_by=boss)
        lead = begin(site, clock.now(), Level.E1)
        say(lead, alone["desk"], clock)
        lapse(lead, clock)
        assert told_at(clock.now()) == {"desk", "manager"}

    def test_a_manager_who_rests_is_woken(
        self, site: Site, staff: dict[str, User], clock: DatabaseClock, settings: Any
    ) -> None:
        settings.SMS_CHANNEL = "file"
        for name in ("first", "manager"):
            StaffChannelFactory(user=staff[name], channel=ChannelName.SMS)
        rest = {"begins": time(12), "ends": time(18), "time_zone": "Europe/London"}
        QuietHours.objects.create(user=staff["manager"], **rest)
        lead = begin(site, clock.now(), Level.E1)
        say(lead, staff["desk"], clock)
        lapse(lead, clock)
        texts = Message.objects.filter(channel=ChannelName.SMS, created_at=clock.now())
        assert set(texts.values_list("person", flat=True)) == {staff["first"].pk, staff["manager"].pk}

    def test_what_was_set_aside_alerts_nobody_until_it_is_back(
        self, site: Site, staff: dict[str, User], clock: DatabaseClock
    ) -> None:
        lead = begin(site, clock.now(), Level.U2)
        until = clock.now() + 60 * MINUTE
        aside = Pause(PauseKind.SNOOZE, PauseReason.ASKED_LATER, until)
        pause_lead(lead=lead, by=staff["desk"], pause=aside, at=clock.now())
        check(clock, after=20 * MINUTE)
        assert open_escalation(lead.pk) is None
        check(clock, after=59 * MINUTE)
        assert open_escalation(lead.pk) is None
        check(clock, after=MINUTE)
        again = open_escalation(lead.pk)
        assert again
        assert again.started_at == until + 20 * MINUTE

    def test_a_call_that_somebody_began_has_kept_it(
        self, site: Site, staff: dict[str, User], clock: DatabaseClock
    ) -> None:
        lead = begin(site, clock.now(), Level.E1)
        say(lead, staff["desk"], clock)
        PhoneCallFactory(
            site=site, lead=lead, direction=CallDirection.OUT, state=CallState.RINGING, started_at=clock.now()
        )
        lapse(lead, clock)
        assert open_escalation(lead.pk) is None


class TestGivenUp:
    """Somebody took it and let it lapse: whoever was told before is told again, above all managers."""

    @pytest.fixture
    def lead(self, site: Site, staff: dict[str, User], clock: DatabaseClock) -> Lead:
        """An emergency of which everybody has been told by now; the desk has taken it."""
        lead = begin(site, clock.now(), Level.E1)
        for seconds in (120, 180):
            run_due_jobs(clock.advance(seconds=seconds))
        return claim_lead(lead=lead, by=staff["desk"], at=clock.advance(seconds=30))

    def test_when_the_lease_lapses(self, lead: Lead, clock: DatabaseClock) -> None:
        at = clock.advance(by=10 * MINUTE)
        return_lapsed_lease(lead_id=lead.pk, at=at)
        assert told_at(at) == EVERYBODY

    def test_when_the_shift_ends(self, lead: Lead, staff: dict[str, User], clock: DatabaseClock) -> None:
        at = clock.advance(seconds=60)
        return_leads_of(user=staff["desk"], why=EndOfLease.SHIFT_ENDED, by=None, at=at)
        assert told_at(at) == EVERYBODY
        again = open_escalation(lead.pk)
        assert again
        assert again.red_at == at, "the managers knew, and the promise is over: it is red again"

    def test_whoever_gives_it_back_wakes_nobody_new(
        self, site: Site, staff: dict[str, User], clock: DatabaseClock
    ) -> None:
        lead = begin(site, clock.now(), Level.E1)
        claim_lead(lead=lead, by=staff["desk"], at=clock.advance(seconds=10))
        at = clock.advance(seconds=10)
        release_lead(lead=lead, by=staff["desk"], at=at)
        assert told_at(at) == {"desk", "first"}


class TestASecondAnswer:
    """Of whoever let it lapse: it is noted, and the others are told all the same."""

    @pytest.fixture
    def lead(self, site: Site, alone: dict[str, User], clock: DatabaseClock) -> Lead:
        lead = begin(site, clock.now(), Level.E1)
        say(lead, alone["desk"], clock)
        lapse(lead, clock)
        return lead

    @pytest.mark.parametrize("how", [Acknowledgement.LINK, Acknowledgement.TEXT, Acknowledgement.VOICE])
    def test_the_steps_go_on_until_somebody_else_answers(
        self, lead: Lead, alone: dict[str, User], clock: DatabaseClock, how: Acknowledgement
    ) -> None:
        began = clock.now()
        clock.advance(seconds=30)
        assert [say(lead, alone["desk"], clock, how) for _ in range(2)] == [True, True]
        noted = lead.events.filter(kind=EventKind.ACKNOWLEDGED, data__goes_on=True)
        assert [each.by for each in noted] == [alone["desk"]], "once an alert"
        run_due_jobs(clock.move_to(began + 5 * MINUTE))
        assert "manager" in told_at(clock.now())
        assert not say(lead, alone["manager"], clock)
        assert open_escalation(lead.pk) is None

    def test_at_the_desk_too(self, lead: Lead, alone: dict[str, User], clock: DatabaseClock) -> None:
        assert acknowledge(lead=lead, by=alone["desk"], at=clock.now()) is False
        assert Message.objects.filter(created_at=clock.now(), state="CANCELLED").count() == 0
        assert acknowledge(lead=lead, by=alone["manager"], at=clock.now()) is True

    def test_taking_it_is_more_than_a_word(
        self, lead: Lead, alone: dict[str, User], clock: DatabaseClock
    ) -> None:
        claim_lead(lead=lead, by=alone["desk"], at=clock.now())
        assert open_escalation(lead.pk) is None

    def test_whoever_tried_to_call_in_between_may_answer_again(
        self, lead: Lead, alone: dict[str, User], clock: DatabaseClock
    ) -> None:
        lead.attempts.create(
            by=alone["desk"],
            person=lead.caller,
            method="CALL",
            outcome="NO_ANSWER",
            two_way=False,
            attempted_at=clock.advance(seconds=10),
        )
        assert not say(lead, alone["desk"], clock)
        assert open_escalation(lead.pk) is None

    def test_an_old_check_does_not_begin_it_once_more(self, lead: Lead, clock: DatabaseClock) -> None:
        first = Escalation.objects.earliest("started_at")
        alert_unless_kept(escalation=first.pk, at=clock.advance(seconds=5))
        assert Escalation.objects.count() == 2

    def test_work_that_is_logged_ends_it_for_anybody(
        self, lead: Lead, alone: dict[str, User], clock: DatabaseClock
    ) -> None:
        lead.refresh_from_db()
        assert answer_alert(lead=lead, by=alone["desk"], how=Acknowledgement.CONTACT, at=clock.now())


class TestItsWords:
    @pytest.fixture
    def on_call(self, site: Site, clock: DatabaseClock, settings: Any) -> User:
        settings.SMS_CHANNEL = settings.VOICE_CHANNEL = settings.PUSH_CHANNEL = "file"
        settings.BASE_URL, settings.TEXT_ANSWERS = "https://help.example.org", True
        user = member(site, "first")
        on_shift(user, site, on_call=1)
        for channel in (ChannelName.SMS, ChannelName.VOICE, ChannelName.PUSH):
            StaffChannelFactory(user=user, channel=channel, added_at=clock.now())
        return user

    @pytest.mark.parametrize("level", [Level.E1, Level.E2, Level.U1, Level.U2])
    def test_every_channel_says_that_somebody_answered_and_nobody_called(
        self, site: Site, on_call: User, clock: DatabaseClock, level: Level
    ) -> None:
        lead = begin(site, clock.now(), level)
        clock.advance(seconds=70)
        say(lead, on_call, clock)
        lapse(lead, clock)
        words = "Answered at 14:03, nobody has called since"
        sent = {each.channel: each for each in Message.objects.filter(created_at=clock.now())}
        email, push = render_message(sent["EMAIL"]), render_message(sent["PUSH"])
        assert email.subject.startswith(f"2nd alert, waiting since 14:02. {words}. ")
        assert words in shown_to_the_browser(push)["title"]
        assert f"{words}. " in call_script(render_message(sent["VOICE"]))
        text = render_message(sent["SMS"]).text.strip()
        assert text.startswith(f"{words}. {lead.reference}: ")
        assert len(text.encode("ascii")) <= 160

    def test_its_later_steps_say_so_too(self, site: Site, on_call: User, clock: DatabaseClock) -> None:
        lead = begin(site, clock.now(), Level.E2)
        say(lead, on_call, clock)
        lapse(lead, clock)
        again = open_escalation(lead.pk)
        assert again
        run_step(escalation=again.pk, at=clock.advance(by=5 * MINUTE))
        subject = render_message(Message.objects.filter(channel="EMAIL").latest("created_at")).subject
        assert subject.startswith("3rd alert, ")
        assert "nobody has called since" in subject
