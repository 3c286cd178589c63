"""The summary of a day: at the site's own time, once, the latest only, with figures that lead somewhere."""

import re
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.enums import AlarmKind, EventKind, Level, Role
from crm.models import ClosedDate, Site, User
from crm.reports.day_summary import day_lines
from crm.selectors.day_summaries import DueSummary, due_summaries, due_summary
from crm.services.alerts import alert_staff
from crm.tasks import plan_summaries, summarise_day
from jobs.clock import database_now
from jobs.kinds import kind_named
from jobs.models import Job
from jobs.services.running import run_job
from notifications.catalogue import MessageKind
from notifications.enums import Acknowledgement, MessageState
from notifications.models import Message
from notifications.services.rendering import render_message
from tests.clock import DatabaseClock
from tests.crm.reports.past import event, past_lead
from tests.crm.reports.past_alerts import answer_in_vain, past_alert, past_message
from tests.factories import (
    AlarmFactory,
    LeadFactory,
    MembershipFactory,
    ShiftFactory,
    SiteFactory,
    UserFactory,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LONDON = ZoneInfo("Europe/London")
LINK = re.compile(r"https?://[^/\s]+(/\S+)")


def at_london(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, tzinfo=LONDON).astimezone(UTC)


MONDAY = date(2026, 6, 15)
MORNING = at_london(MONDAY, time(7, 30))


@pytest.fixture
def in_use(site: Site, manager: User) -> Site:
    """A site with a manager and one enquiry, a week ago."""
    past_lead(site, received_at=MORNING - 7 * DAY)
    return site


def tell(at: datetime) -> None:
    """Plan and write what is due, as the dispatcher and a worker do each minute."""
    plan_summaries(at=at)
    for job in Job.objects.filter(kind="crm.tasks.summarise_day", done_at=None):
        summarise_day(subject=job.subject, at=at)


def sent() -> list[str]:
    """What was sent so far, as "subject / first line"."""
    found = Message.objects.filter(kind=MessageKind.DAY_SUMMARY).order_by("created_at", "id")
    return [render_message(each).subject for each in found]


def lines(site: Site, at: datetime = MORNING) -> str:
    due = due_summary(site.pk, at)
    assert due is not None
    return day_lines(due, at)


class TestWhen:
    def test_at_half_past_seven_about_the_day_before(self, in_use: Site) -> None:
        tell(MORNING - timedelta(seconds=1))
        assert sent() == ["Harbour House: Saturday 13 June"]
        tell(MORNING)
        tell(MORNING + timedelta(minutes=1))
        assert sent()[1:] == ["Harbour House: Sunday 14 June"]

    def test_after_three_days_down_one_and_it_says_that_it_is_late(self, in_use: Site) -> None:
        tell(MORNING)
        for minute in range(5):
            tell(MORNING + 3 * DAY + 2 * HOUR + timedelta(minutes=minute))
        assert sent() == ["Harbour House: Sunday 14 June", "Harbour House: Wednesday 17 June"]
        first, late = Message.objects.order_by("created_at", "id")
        assert "This is late: it was due at 07:30 on Thursday 18 June." in render_message(late).text
        assert "late" not in render_message(first).text

    def test_weekends_and_bank_holidays_are_days_like_others(self, in_use: Site) -> None:
        ClosedDate.objects.create(site=in_use, date=MONDAY)
        for day in range(3):
            tell(MORNING + day * DAY)
        assert len(sent()) == 3

    @given(
        days=st.integers(0, 400),
        clock=st.times(),
        zone=st.sampled_from(["Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]),
    )
    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_each_day_is_due_once_whatever_the_clocks_do(
        self, in_use: Site, days: int, clock: time, zone: str
    ) -> None:
        Site.objects.filter(pk=in_use.pk).update(time_zone=zone, day_summary_at=clock)
        begin = datetime(2026, 1, 1, tzinfo=UTC) + days * DAY
        seen = [due_summary(in_use.pk, begin + hour * HOUR) for hour in range(0, 96, 1)]
        found = list(dict.fromkeys(due.day for due in seen if due))
        assert all(later - earlier == DAY for earlier, later in pairwise(found))
        assert 4 <= len(found) <= 6
        for due, hour in zip(seen, range(96), strict=True):
            assert due
            assert due.due_at <= begin + hour * HOUR < due.due_at + 26 * HOUR
            assert due.day < due.due_at.astimezone(ZoneInfo(zone)).date()

    @pytest.mark.parametrize(
        ("day", "clock"), [(date(2026, 3, 29), time(1, 30)), (date(2026, 10, 25), time(1, 30))]
    )
    def test_a_time_that_the_clocks_skip_or_repeat_comes_once(
        self, in_use: Site, day: date, clock: time
    ) -> None:
        Site.objects.filter(pk=in_use.pk).update(day_summary_at=clock)
        start = datetime.combine(day, time(), tzinfo=UTC)
        tell(start - HOUR)
        before = len(sent())
        for minute in range(0, 240, 10):
            tell(start + timedelta(minutes=minute))
        assert len(sent()) - before == 1

    @pytest.mark.django_db(transaction=True)
    def test_by_the_jobs_themselves_on_the_databases_clock(
        self, in_use: Site, database_clock: DatabaseClock
    ) -> None:
        database_clock.stop()
        database_clock.move_to(at_london(database_clock.now().date() + DAY, time(7, 29)))
        for minute in range(4):
            plan_summaries(at=database_clock.now())
            for job in Job.objects.filter(kind="crm.tasks.summarise_day", done_at=None):
                run_job(job=job.pk, kind=kind_named(job.kind))
            assert len(sent()) == (1 if minute == 0 else 2)  # the day before, then this one
            database_clock.advance(seconds=60)


class TestWhom:
    def test_each_manager_of_the_site_once(self, in_use: Site) -> None:
        second = MembershipFactory(site=in_use, role=Role.MANAGER).user
        MembershipFactory(site=in_use, role=Role.CLINICAL_LEAD)
        MembershipFactory(site=SiteFactory(), role=Role.MANAGER)
        tell(MORNING)
        assert {each.to for each in Message.objects.all()} == {"morgan@threshold.example", second.email}

    @pytest.mark.parametrize("change", [{"is_active": False}, {"wants_day_summary": False}])
    def test_nobody_who_has_left_or_wants_none(
        self, in_use: Site, manager: User, change: dict[str, bool]
    ) -> None:
        User.objects.filter(pk=manager.pk).update(**change)
        tell(MORNING)
        assert not Message.objects.exists()
        assert not Job.objects.filter(kind="crm.tasks.summarise_day").exists()

    def test_no_word_where_nothing_is_set_up(self, site: Site, manager: User) -> None:
        tell(MORNING)
        assert list(due_summaries(MORNING)) == []
        ShiftFactory(site=site, user=manager)
        tell(MORNING)
        assert len(sent()) == 1

    def test_none_that_was_due_before_the_site_was_there(self, in_use: Site) -> None:
        """Or the first deployment of a day would begin with an e-mail that says that it is late."""
        Site.objects.filter(pk=in_use.pk).update(day_summary_since=MORNING + 6 * HOUR)
        tell(MORNING + 6 * HOUR)
        assert not Message.objects.exists()
        tell(MORNING + DAY)
        assert sent() == ["Harbour House: Monday 15 June"]

    def test_a_new_site_begins_with_the_next_one(self, manager: User) -> None:
        site = Site.objects.create(slug="new", name="New House", phone="01632 960000")
        site.refresh_from_db()
        assert abs(site.day_summary_since - database_now()) < HOUR

    def test_none_where_no_time_is_set(self, in_use: Site) -> None:
        Site.objects.filter(pk=in_use.pk).update(day_summary_at=None)
        tell(MORNING)
        assert not Message.objects.exists()


class TestWhat:
    def test_a_day_in_figures(self, in_use: Site) -> None:
        day = MORNING - 20 * HOUR
        for minutes in (10, 20, 30, 40, 50):
            past_lead(in_use, level=Level.U2, received_at=day, minutes=minutes)
        past_lead(in_use, level=Level.P2, received_at=day, respond_by=MORNING - HOUR)
        past_lead(in_use, received_at=MORNING - 8 * DAY)
        lead = past_lead(in_use, level=Level.E1, received_at=day, minutes=3)
        past_alert(lead, how=Acknowledgement.DESK)
        text = lines(in_use)
        assert "New enquiries: 7\n" in text
        assert "Of them urgent: 6\n" in text
        assert "Time to first contact: half of 6 within 25 min" in text
        assert "Promises kept: 6 of 7" in text
        assert "Alerts: 1, 1 answered\n" in text

    def test_days_are_the_sites_own(self, in_use: Site) -> None:
        past_lead(in_use, received_at=at_london(MONDAY - DAY, time(0, 0)))
        past_lead(in_use, received_at=at_london(MONDAY, time(0, 0)))
        assert "New enquiries: 1\n" in lines(in_use)

    def test_a_few_times_are_not_called_typical(self, in_use: Site) -> None:
        past_lead(in_use, received_at=MORNING - 20 * HOUR, minutes=700)
        assert "Time to first contact: 1 person reached, too few" in lines(in_use)

    def test_what_waits_now(self, in_use: Site) -> None:
        event(LeadFactory(site=in_use, contacted=True, received_at=MORNING - 9 * DAY), EventKind.NOTE_ADDED)
        past_message(past_lead(in_use, received_at=MORNING - HOUR), state=MessageState.FAILED)
        past_message(past_lead(SiteFactory()), state=MessageState.FAILED)
        AlarmFactory(site=in_use, kind=AlarmKind.UNPLACED, since=MORNING - HOUR)
        AlarmFactory(site=SiteFactory(), kind=AlarmKind.NO_CHANNEL, since=MORNING - HOUR)
        alert_staff(lead=LeadFactory(site=in_use, level=Level.E1), key="k", at=MORNING)
        text = lines(in_use)
        assert "Longest wait for a first contact: 7 days" in text
        assert "Alarms: An enquiry is not routed, for 1 hour\n" in text
        assert "Messages that failed: 1\n" in text
        assert "Alerts that nobody has answered: 1\n" in text

    def test_who_is_on_call_and_when_nobody_is(self, in_use: Site) -> None:
        first = UserFactory(full_name="Ona Call")
        ShiftFactory(site=in_use, user=first, on_call=1, starts_at=MORNING - HOUR, ends_at=MORNING + 8 * HOUR)
        desk = {"starts_at": MORNING + 6 * HOUR, "ends_at": MORNING + 20 * HOUR}
        ShiftFactory(site=in_use, **desk)
        nameless = UserFactory(full_name="")
        late = {"starts_at": MORNING + 22 * HOUR, "ends_at": MORNING + 30 * HOUR}
        ShiftFactory(site=in_use, user=nameless, on_call=2, **late)
        text = lines(in_use)
        assert "On call: Ona Call, number 1, Mon 06:30 to Mon 15:30" in text
        assert "On call: somebody without a name here, number 2, Tue 05:30 to Tue 13:30" in text
        assert "Nobody on call, and nobody at the desk: Tue 03:30 to Tue 05:30\n" in text
        assert "@" not in text

    def test_hours_at_the_desk_are_no_gap_of_those_on_call(self, in_use: Site) -> None:
        night = {"starts_at": MORNING - 8 * HOUR, "ends_at": MORNING + HOUR}
        ShiftFactory(site=in_use, on_call=1, **night)
        ShiftFactory(site=in_use, starts_at=MORNING + HOUR, ends_at=MORNING + 30 * HOUR)
        assert "Nobody" not in lines(in_use).partition("THE NEXT 24 HOURS")[2]

    def test_where_nobody_is_ever_on_call_the_desk_counts(self, in_use: Site) -> None:
        ShiftFactory(site=in_use, starts_at=MORNING + 2 * HOUR, ends_at=MORNING + 30 * HOUR)
        assert "Nobody at the desk: Mon 07:30 to Mon 09:30\n" in lines(in_use)

    def test_broken_promises_of_urgent_leads_come_first(self, site: Site, manager: User) -> None:
        ShiftFactory(site=site, user=manager)
        assert "NOW\nUrgent leads past the promised time: none\n" in lines(site)
        for hours in (2, 5):
            late = {"received_at": MORNING - (hours + 1) * HOUR, "due_at": MORNING - hours * HOUR}
            LeadFactory(site=site, level=Level.U1, **late)
        LeadFactory(site=site, level=Level.P2, **late)
        LeadFactory(site=SiteFactory(), level=Level.U1, **late)
        words = "NOW\nUrgent leads past the promised time: 2; the longest by 5 hours\n"
        assert words in lines(site)

    def test_an_answer_that_nothing_followed_is_said(self, in_use: Site) -> None:
        lead = past_lead(in_use, level=Level.U1, received_at=MORNING - 20 * HOUR)
        answer_in_vain(lead, lead.received_at)
        assert "Alerts: 2, 1 answered; after 1 of them nobody called\n" in lines(in_use)

    def test_no_word_of_a_rota_where_there_is_none(self, in_use: Site) -> None:
        assert "NEXT 24 HOURS" not in lines(in_use)

    def test_every_link_opens_for_a_manager(self, in_use: Site, manager: User, client: Client) -> None:
        for minutes in (10, None):
            lead = past_lead(in_use, level=Level.U1, received_at=MORNING - 20 * HOUR, minutes=minutes)
            past_alert(lead, how=None)
        past_message(lead, state=MessageState.FAILED)
        AlarmFactory(site=in_use, kind=AlarmKind.UNPLACED, since=MORNING - HOUR)
        ShiftFactory(site=in_use, user=manager, on_call=1, starts_at=MORNING)
        tell(MORNING)
        client.force_login(manager)
        links = LINK.findall(render_message(Message.objects.get(kind=MessageKind.DAY_SUMMARY)).text)
        assert len(links) >= 10
        for link in links:
            assert client.get(link).status_code == 200, link

    def test_nothing_of_a_caller(self, in_use: Site) -> None:
        lead = past_lead(in_use, received_at=MORNING - 20 * HOUR, main_substance="ketamine")
        text = lines(in_use)
        assert not re.search(f"ketamine|{lead.caller.name}|{lead.caller.phone}", text)
        assert max(len(line) for line in text.splitlines() if "http" not in line) < 80

    def test_as_many_queries_on_a_busy_day(self, in_use: Site, django_assert_num_queries: object) -> None:
        due = DueSummary(in_use, MONDAY - DAY, MORNING)
        for number in range(20):
            lead = past_lead(in_use, received_at=MORNING - 20 * HOUR, minutes=5)
            past_alert(lead)
            if number in (0, 19):
                with django_assert_num_queries(8):  # type: ignore[operator]
                    day_lines(due, MORNING)
