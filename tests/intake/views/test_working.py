"""The page that says whether it works, and since when it does not."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from crm.enums import AlarmKind, Level
from crm.models import Site, User
from crm.services.alerts import alert_staff
from intake.models import Audit, CanaryRun
from jobs.models import Heartbeat
from jobs.services.periodic import beat
from tests.clock import DatabaseClock
from tests.factories import AlarmFactory, LeadFactory, MembershipFactory, SiteFactory
from tests.intake.canaries import ended
from tests.pages import text_of
from tests.servers import NOWHERE

pytestmark = pytest.mark.django_db
URL = "/desk/working/"
MINUTE = timedelta(minutes=1)


def wrong(check: str, count: int = 1, seconds: float = 0.0, what: str = "") -> list[dict[str, Any]]:
    return [{"check": check, "count": count, "seconds": seconds, "what": what}]


@pytest.fixture
def at(database_clock: DatabaseClock, settings: Any) -> datetime:
    """A Monday afternoon that stands still; canaries are on, and everything is at work."""
    settings.CANARY_MINUTES = 5
    database_clock.stop()
    at = database_clock.move_to(datetime.fromisoformat("2027-03-01T14:30:20+00:00"))
    for name in ("beat", "dispatch", "watch"):
        beat(name=name, at=at)
    return at


def main_of(client: Client) -> str:
    html = client.get(URL).content.decode()
    return html.partition('<main id="main"')[2].partition("</main>")[0]


@pytest.fixture
def page(client: Client, manager: User) -> Any:
    client.force_login(manager)
    return lambda: text_of(client.get(URL))


class TestTheAuditor:
    def test_all_is_well(self, page: Any, at: datetime) -> None:
        Audit.objects.create(at=at - MINUTE, passed=True)
        assert "It works" in page()
        assert "Asked at 14:29:20" in page()

    def test_what_is_wrong_and_since_when(self, page: Any, at: datetime) -> None:
        Audit.objects.create(at=at - 9 * MINUTE, passed=True)
        for ago in (8, 7, 1):
            Audit.objects.create(at=at - ago * MINUTE, passed=False, failures=wrong("UNPLACED", 3, 600.0))
        said = page()
        assert "Something is wrong since 1 March, 14:22" in said
        assert "Leads that are in no queue: 3. The oldest since 1 March, 14:19." in said

    def test_work_that_is_late_is_named(self, page: Any, at: datetime) -> None:
        late = wrong("JOBS_LATE", 2, 99.0, "crm.tasks.escalate")
        Audit.objects.create(at=at, passed=False, failures=late)
        assert "crm.tasks.escalate" in page()

    def test_an_auditor_that_stopped(self, page: Any, at: datetime) -> None:
        """It passed when it last asked: that is no comfort."""
        Audit.objects.create(at=at - 4 * MINUTE, passed=True)
        assert "Nobody has asked since 1 March, 14:26" in page()
        assert "It works" not in page()

    def test_one_that_never_asked(self, page: Any, at: datetime) -> None:
        assert "Nobody has asked yet" in page()

    def test_what_was_wrong_is_one_row_for_what_lasted(
        self, client: Client, manager: User, at: datetime
    ) -> None:
        history = {
            90: "UNPLACED",
            89: "UNPLACED",
            88: "",
            60: "JOBS_DEAD",
            59: "JOBS_DEAD",
            58: "UNPLACED",
            57: "",
        }
        for ago, check in history.items():
            Audit.objects.create(
                at=at - ago * MINUTE, passed=not check, failures=wrong(check) if check else []
            )
        client.force_login(manager)
        rows = client.get(URL).context["failed"]
        moments = [(row.since, row.until, row.count) for row in rows]
        ago = [at - minutes * MINUTE for minutes in (58, 57, 60, 58, 90, 88)]
        assert moments == [(ago[0], ago[1], 1), (ago[2], ago[3], 2), (ago[4], ago[5], 2)]

    def test_what_only_another_release_asks_is_named_as_it_is(self, page: Any, at: datetime) -> None:
        for ago in (3, 1):
            Audit.objects.create(at=at - ago * MINUTE, passed=False, failures=wrong("OF_LATER", 2, 60.0))
        assert page().count("A check of another release (OF_LATER)") == 2, "now, and in the day's list"


class TestAlarms:
    """The page is not green beside an alarm."""

    @pytest.fixture(autouse=True)
    def _passed(self, at: datetime) -> None:
        Audit.objects.create(at=at - MINUTE, passed=True)

    @pytest.mark.parametrize("here", [True, False])
    def test_one_of_ones_site_or_of_all_is_named_and_leads_to_the_alarms(
        self, client: Client, manager: User, site: Site, at: datetime, here: bool
    ) -> None:
        AlarmFactory(kind=AlarmKind.NO_CHANNEL, site=site if here else None, since=at - 5 * MINUTE)
        client.force_login(manager)
        main = main_of(client)
        where = "Harbour House" if here else "All sites"
        assert f"An alarm goes on Somebody on call cannot be told. {where}, since 1 March, 14:25." in text_of(
            main
        )
        assert 'href="/desk/alarms/"' in main
        assert "notice--alarm" in main
        assert "It works" not in main

    def test_one_of_another_site_is_none_of_theirs(self, client: Client, manager: User, at: datetime) -> None:
        AlarmFactory(kind=AlarmKind.NO_CHANNEL, site=SiteFactory())
        client.force_login(manager)
        assert "It works" in main_of(client)

    def test_a_process_that_is_silent_needs_no_row(self, client: Client, manager: User, at: datetime) -> None:
        beat(name="dispatch", at=at - MINUTE)
        client.force_login(manager)
        main = main_of(client)
        assert "The dispatcher has stopped. All sites, since" in text_of(main)
        assert "It works" not in main

    def test_neither_is_it_beside_a_red_screen(
        self, client: Client, manager: User, site: Site, at: datetime
    ) -> None:
        lead = LeadFactory(site=site, level=Level.U1)
        alert_staff(lead=lead, key=str(lead.pk), at=at - 6 * MINUTE)
        client.force_login(manager)
        main = main_of(client)
        main = text_of(main)
        assert "Nobody answers An urgent lead waits for an answer, and managers have been told." in main
        assert lead.reference in main
        assert "It works" not in main

    def test_what_the_auditor_found_is_not_said_twice(
        self, client: Client, manager: User, at: datetime
    ) -> None:
        Audit.objects.create(at=at, passed=False, failures=wrong("UNALERTED", 3, 600.0))
        AlarmFactory(kind=AlarmKind.AUDIT_FAILED, site=None, since=at)
        client.force_login(manager)
        main = text_of(main_of(client))
        assert "Urgent leads of which nobody was told: 3." in main
        assert "An alarm goes on" not in main

    def test_promises_that_are_past_are_said_to_be_peoples(
        self, client: Client, manager: User, site: Site, at: datetime
    ) -> None:
        LeadFactory(site=site, level=Level.U1, received_at=at - 60 * MINUTE, due_at=at - 30 * MINUTE)
        client.force_login(manager)
        main = text_of(main_of(client))
        assert "no background work is late" in main
        assert "What waits is for people: 1 urgent lead is past the promised time" in main


class TestWhatReadyzKnows:
    """The auditor passed a moment ago, and there is no alarm yet."""

    @pytest.fixture(autouse=True)
    def _passed(self, at: datetime) -> None:
        Audit.objects.create(at=at, passed=True)

    def test_a_broker_that_does_not_answer_is_said_at_once(self, page: Any, settings: Any) -> None:
        assert "It works" in page()
        settings.CELERY_BROKER_URL = NOWHERE
        said = page()
        assert "It works" not in said
        assert "Something is wrong now The broker (Valkey or Redis) does not answer. Alerts go out up" in said

    @pytest.mark.parametrize(
        ("name", "words"),
        [
            ("beat", "The background work has not begun."),
            ("dispatch", "The dispatcher has not begun."),
            ("watch", "Nothing watches over the desk."),
        ],
    )
    def test_a_process_that_never_was(self, page: Any, name: str, words: str) -> None:
        Heartbeat.objects.filter(name=name).delete()
        assert f"Something is wrong now {words}" in page()

    def test_an_enquiry_that_waits_before_the_auditor_comes_round(
        self, page: Any, at: datetime, site: Site
    ) -> None:
        LeadFactory(site=site, unrouted=True, received_at=at - 2 * MINUTE)
        assert "A lead has been in no queue for more than a minute." in page()
        Audit.objects.create(at=at, passed=False, failures=wrong("UNPLACED", 1, 120.0))
        assert "A lead has been in no queue" not in page()

    def test_what_an_alarm_says_is_not_said_twice(self, page: Any, at: datetime, settings: Any) -> None:
        settings.CELERY_BROKER_URL = NOWHERE
        for name in ("beat", "watch"):
            beat(name=name, at=at - 5 * MINUTE)
        what = "the broker (Valkey or Redis) does not answer"
        AlarmFactory(kind=AlarmKind.BEAT_SILENT, site=None, since=at - 5 * MINUTE, what=what)
        said = page()
        assert "Something is wrong now" not in said
        assert f"The background work does not answer: {what}." in said


class TestTheHeartbeat:
    def test_none_is_said(self, page: Any, at: datetime, settings: Any) -> None:
        settings.HEARTBEAT_URL = ""
        assert "There is none. If this machine or its network dies, nobody is told." in page()

    def test_when_it_was_taken(self, page: Any, at: datetime, settings: Any) -> None:
        settings.HEARTBEAT_URL = "https://heart.example/secret"
        Audit.objects.create(at=at - MINUTE, passed=True, pinged_at=at - MINUTE)
        said = page()
        assert "took the latest ping at 1 March, 14:29:20" in said
        assert "secret" not in said

    def test_one_that_fails(self, page: Any, at: datetime, settings: Any) -> None:
        settings.HEARTBEAT_URL = "https://heart.example/secret"
        Audit.objects.create(at=at - 2 * MINUTE, passed=True, pinged_at=at - 2 * MINUTE)
        Audit.objects.create(at=at - MINUTE, passed=True, ping_error="TimeoutError")
        said = page()
        assert "did not take the latest ping: TimeoutError" in said
        assert "at 1 March, 14:28, it did" in said

    def test_one_that_was_not_told_yet(self, page: Any, at: datetime, settings: Any) -> None:
        settings.HEARTBEAT_URL = "https://heart.example/secret"
        assert "has not been told yet" in page()


class TestTheCanary:
    def test_a_day_of_it(self, client: Client, manager: User, at: datetime) -> None:
        for ago in (1, 6, 11, 300):
            ended(at - ago * MINUTE)
        ended(at - 16 * MINUTE, missed="ALERTED")
        ended(at - 25 * 60 * MINUTE, missed="FORM")
        client.force_login(manager)
        response = client.get(URL)
        hours = response.context["flights"].hours
        assert len(hours) == 24
        assert [(hour.begins_at.hour, hour.came, hour.missed) for hour in hours if hour.came] == [
            (9, 1, 0),
            (14, 3, 1),
        ]
        assert "4 came through, 1 missed" in text_of(response)
        assert "Usually 0.5 seconds from form to alert" in text_of(response)

    def test_misses_in_a_row_are_one_outage(self, page: Any, at: datetime) -> None:
        ended(at - 40 * MINUTE)
        ended(at - 35 * MINUTE, missed="FORM", reason="TimeoutError")
        ended(at - 34 * MINUTE, missed="PLACED")
        ended(at - 33 * MINUTE)
        said = page()
        assert "Monday, 13:55 Monday, 13:57 2 Form, Queue TimeoutError" in said

    def test_one_that_goes_on(self, page: Any, at: datetime) -> None:
        ended(at - MINUTE, missed="PLACED")
        said = page()
        assert "The latest did not come through in time: Queue." in said
        assert "The public forms ask callers to ring as well. Another is sent at once" in said
        assert "still" in said
        ended(at, missed="PLACED")
        said = page()
        assert "The latest did not come through: Queue." in said
        assert "Another is sent at once" not in said

    def test_none_for_too_long(self, page: Any, at: datetime) -> None:
        ended(at - 20 * MINUTE)
        assert "None has been sent for too long." in page()

    def test_the_latest_stage_by_stage(self, page: Any, at: datetime) -> None:
        run = ended(at - MINUTE)
        CanaryRun.objects.filter(pk=run.pk).update(placed_at=None, alerted_at=None, missed="PLACED")
        assert "Form 0.5 s Lead 0.5 s Queue not reached Alert not reached" in page()

    def test_times_since_the_start_never_fall(self, page: Any, at: datetime) -> None:
        """The form's answer comes when the lead is there already."""
        begun = at - MINUTE
        seconds = {"form": 0.6, "lead": 0.4, "placed": 0.5, "alerted": 0.9}
        run = ended(begun)
        CanaryRun.objects.filter(pk=run.pk).update(
            **{f"{stage}_at": begun + timedelta(seconds=after) for stage, after in seconds.items()}
        )
        assert "Form 0.4 s Lead 0.4 s Queue 0.5 s Alert 0.9 s" in page()

    def test_switched_off_is_said(self, page: Any, at: datetime, settings: Any) -> None:
        settings.CANARY_MINUTES = 0
        assert "They are switched off" in page()

    def test_none_yet(self, page: Any, at: datetime) -> None:
        assert "The first is sent within two minutes of the start." in page()


class TestWhoMaySeeIt:
    def test_whoever_looks_after_the_machine(self, client: Client, coordinator: User) -> None:
        client.force_login(coordinator)
        assert client.get(URL).status_code == 403
        User.objects.filter(pk=coordinator.pk).update(is_staff=True)
        assert client.get(URL).status_code == 200

    def test_a_manager_of_any_site(self, client: Client) -> None:
        client.force_login(MembershipFactory(role="MANAGER").user)
        assert client.get(URL).status_code == 200

    def test_nobody_else(self, client: Client) -> None:
        assert client.get(URL).status_code == 302
        client.force_login(MembershipFactory(role="CLINICIAN").user)
        assert client.get(URL).status_code == 403

    def test_it_is_for_reading(self, client: Client, manager: User) -> None:
        client.force_login(manager)
        assert client.post(URL).status_code == 405


@pytest.mark.parametrize("rows", [1, 30])
def test_asks_the_database_as_often_for_a_long_day(
    client: Client, manager: User, at: datetime, rows: int, django_assert_max_num_queries: Any
) -> None:
    for ago in range(rows):
        ended(at - ago * MINUTE, missed="FORM" if ago % 2 else "")
        Audit.objects.create(
            at=at - ago * MINUTE, passed=ago % 2 == 0, failures=wrong("UNPLACED") * (ago % 2)
        )
    client.force_login(manager)
    client.get(URL)
    with django_assert_max_num_queries(24) as asked:
        client.get(URL)
    _asked.setdefault("queries", len(asked))
    assert len(asked) == _asked["queries"]


_asked: dict[str, int] = {}
