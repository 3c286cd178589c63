"""The auditor: each thing that may go wrong is found, and the heartbeat hears of us only when nothing is."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from crm.canary import CANARY_SITE
from crm.enums import AlarmKind, EventKind, Level, Queue
from crm.models import Alarm, Lead, Site
from crm.services.alerts import alert_staff
from crm.services.canary import canary_site
from intake.models import Audit, Enquiry
from intake.selectors.audit import EVERY
from intake.services.audit import delete_old_audits, run_audit
from jobs.clock import database_now
from jobs.kinds import kind_named
from jobs.models import Job
from jobs.services.enqueue import enqueue_job
from notifications.channels import http
from notifications.enums import MessageState, Why
from notifications.models import Escalation, Message
from tests.clock import DatabaseClock
from tests.factories import AlarmFactory, LeadEventFactory, LeadFactory, MembershipFactory
from tests.factories.enquiries import submission
from tests.notifications.conftest import serve as serve  # noqa: PLC0414  a fixture
from tests.notifications.peers.server import Provider, Reply

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
WAY_BACK = timedelta(hours=2)
Make = Callable[[Site, datetime], object]


def stranded(site: Site, at: datetime) -> object:
    said = submission(site)
    return Enquiry.objects.create(
        reference="7KX3-9QF2",
        idempotency_key=said.idempotency_key,
        fingerprint=said.fingerprint,
        site=site,
        channel="WEB",
        form_version="urgent-2",
        answers=said.answers.to_dict(),
        contact=said.contact.to_dict(),
        received_at=at - 61 * SECOND,
    )


def unplaced(site: Site, at: datetime) -> object:
    return LeadFactory(site=site, level=None, queue=Queue.UNROUTED, received_at=at - 151 * SECOND)


def urgent(site: Site, at: datetime, **more: Any) -> Lead:
    return LeadFactory(site=site, level=Level.U1, placed_at=at - 61 * SECOND, **more)


def alerted(site: Site, at: datetime) -> Lead:
    MembershipFactory(site=site)
    lead = urgent(site, at)
    alert_staff(lead=lead, key=str(lead.pk), at=at - 61 * SECOND)
    return lead


def alert_failed(site: Site, at: datetime) -> object:
    alerted(site, at)
    return Message.objects.update(state=MessageState.FAILED, failed_at=at)


def answered_by_nobody(site: Site, at: datetime) -> object:
    alerted(site, at)
    Message.objects.update(state=MessageState.CANCELLED)
    Job.objects.all().delete()
    return Escalation.objects.update(red_at=at - 120 * SECOND)


def job(kind: str, late: float, **more: Any) -> Make:
    def make(site: Site, at: datetime) -> object:
        known = "intake.tasks.place_lead" if kind.startswith("of.") else kind
        enqueue_job(kind=known, subject=None, due_at=at - late * SECOND, dedupe_key=str(uuid4()))
        return Job.objects.update(**more, kind=kind)

    return make


def job_dead(site: Site, at: datetime) -> object:
    return job("intake.tasks.place_lead", 1, dead_at=at)(site, at)


@pytest.fixture
def at(database_clock: DatabaseClock) -> datetime:
    """Now, when an audit was made a minute ago, on a clock that stands still."""
    database_clock.stop()
    now = database_clock.now()
    Audit.objects.create(at=now - 60 * SECOND, passed=True)
    return now


FAILURES = [
    ("STRANDED", stranded),
    ("UNPLACED", unplaced),
    ("UNALERTED", urgent),
    ("ALERTS_WAITING", alerted),
    ("ALERTS_FAILED", alert_failed),
    ("UNANSWERED", answered_by_nobody),
    ("JOBS_LATE", job("intake.tasks.place_lead", 41)),
    ("JOBS_LATE", job("notifications.tasks.deliver_message", 326)),
    ("JOBS_LATE", job("intake.tasks.delete_expired_drafts", 331)),
    ("JOBS_LATE", job("intake.tasks.place_lead", 71, queue="placing")),
    ("JOBS_LATE", job("of.the.next_release", 1000, queue="of-the-next")),
    ("JOBS_DEAD", job_dead),
]


class TestWhatItFinds:
    def test_nothing_wrong_passes(self, site: Site, at: datetime) -> None:
        audit = run_audit(at=at)
        assert (audit.passed, audit.failures) == (True, [])
        assert not Alarm.objects.exists()

    @pytest.mark.parametrize(("check", "make"), FAILURES)
    def test_each_thing_that_may_be_wrong(self, site: Site, at: datetime, check: str, make: Make) -> None:
        make(site, at)
        audit = run_audit(at=at)
        assert not audit.passed
        assert check in {failure["check"] for failure in audit.failures}
        assert not Alarm.objects.exists()
        run_audit(at=at + EVERY)
        assert Alarm.objects.get(ended_at=None).kind == AlarmKind.AUDIT_FAILED

    @pytest.mark.parametrize(
        "make",
        [
            job("intake.tasks.place_lead", 39),
            job("intake.tasks.place_lead", 69, queue="placing"),
            job("notifications.tasks.deliver_message", 320),
            job("intake.tasks.delete_expired_drafts", 325),
            job("intake.tasks.place_lead", 3600, done_at=None, due_at=datetime(2099, 1, 1).astimezone()),
        ],
        ids=["placing", "placing what can wait", "a message", "routine", "put off"],
    )
    def test_work_within_its_bound_is_not_late(self, site: Site, at: datetime, make: Make) -> None:
        make(site, at)
        assert run_audit(at=at).passed

    def test_says_how_many_for_how_long_and_names_nobody(self, site: Site, at: datetime) -> None:
        unplaced(site, at), unplaced(site, at)
        job("crm.tasks.escalate", 100)(site, at)
        found = {failure["check"]: failure for failure in run_audit(at=at).failures}
        assert (found["UNPLACED"]["count"], found["UNPLACED"]["seconds"]) == (2, 151.0)
        assert found["JOBS_LATE"]["what"] == "crm.tasks.escalate"
        assert set(found["UNPLACED"]) == {"check", "count", "seconds", "what"}

    @pytest.mark.parametrize(
        "change",
        [{"first_contact_at": True}, {"placed_at": WAY_BACK * 13}, {"placed_at": 30 * SECOND}],
        ids=["somebody has called", "yesterday's", "just placed"],
    )
    def test_not_every_urgent_lead_needs_an_alert(
        self, site: Site, at: datetime, change: dict[str, Any]
    ) -> None:
        lead = urgent(site, at)
        moments = {name: at if ago is True else at - ago for name, ago in change.items()}
        Lead.objects.filter(pk=lead.pk).update(**moments)
        assert run_audit(at=at).passed

    def test_one_of_which_people_were_told_needs_none(self, site: Site, at: datetime) -> None:
        LeadEventFactory(lead=urgent(site, at), kind=EventKind.ALERTED)
        assert run_audit(at=at).passed

    def test_who_has_had_too_many_may_wait(self, site: Site, at: datetime) -> None:
        alerted(site, at)
        Message.objects.update(why=Why.RECIPIENT_LIMIT, held_until=at + 60 * SECOND)
        Job.objects.all().delete()
        assert run_audit(at=at).passed

    def test_the_canarys_own_are_asked_of_the_canary(self, site: Site, at: datetime) -> None:
        nobodys = canary_site()
        stranded(nobodys, at), unplaced(nobodys, at), urgent(nobodys, at)
        alert_staff(lead=Lead.objects.filter(site=CANARY_SITE)[0], key="x", at=at - 400 * SECOND)
        Job.objects.all().delete()
        assert run_audit(at=at).failures == []

    def test_is_the_same_few_questions_for_ten_thousand(
        self, site: Site, at: datetime, django_assert_max_num_queries: Any
    ) -> None:
        for _ in range(30):
            unplaced(site, at)
        with django_assert_max_num_queries(24):
            run_audit(at=at)


class TestAlarm:
    def test_ends_when_all_is_well_again(self, site: Site, at: datetime) -> None:
        lead = unplaced(site, at)
        run_audit(at=at), run_audit(at=at + EVERY)
        Lead.objects.filter(pk=lead.pk).update(closed_at=at, stage="CLOSED", disposition="NOT_AN_ENQUIRY")
        run_audit(at=at + 60 * SECOND)
        assert Alarm.objects.get().ended_at == at + 60 * SECOND

    def test_names_what_was_found_last_in_words_of_staff(self, site: Site, at: datetime) -> None:
        urgent(site, at), urgent(site, at)
        run_audit(at=at), run_audit(at=at + EVERY)
        assert Alarm.objects.get().what == "urgent leads of which nobody was told (2)"
        job("intake.tasks.place_lead", 100)(site, at)
        run_audit(at=at + 2 * EVERY)
        named = Alarm.objects.get().what
        assert named == "urgent leads of which nobody was told (2), background work that is late"

    def test_what_comes_and_goes_between_two_audits_wakes_nobody(self, site: Site, at: datetime) -> None:
        for turn in range(4):
            lead = urgent(site, at)
            assert not run_audit(at=at + 2 * turn * EVERY).passed
            Lead.objects.filter(pk=lead.pk).update(first_contact_at=at)
            assert run_audit(at=at + (2 * turn + 1) * EVERY).passed
        assert not Alarm.objects.exists()

    @pytest.mark.parametrize(("make", "kind"), [(unplaced, "UNPLACED"), (answered_by_nobody, "UNANSWERED")])
    def test_what_has_an_alarm_of_its_own_raises_no_second_one(
        self, site: Site, at: datetime, make: Make, kind: str
    ) -> None:
        """The auditor raises one if whoever should have has not; and says that something is wrong anyway."""
        make(site, at)
        own = AlarmFactory(kind=kind, site=site, since=at)
        run_audit(at=at), run_audit(at=at + EVERY)
        assert list(Alarm.objects.all()) == [own]
        assert not Audit.objects.latest("at").passed
        Alarm.objects.all().delete()
        run_audit(at=at + 2 * EVERY)
        assert Alarm.objects.get().kind == AlarmKind.AUDIT_FAILED

    def test_until_a_minute_after_that_one_is_due_it_is_not_the_auditors(
        self, site: Site, at: datetime
    ) -> None:
        answered_by_nobody(site, at)
        Escalation.objects.update(red_at=at - 119 * SECOND)
        LeadFactory(site=site, level=None, queue=Queue.UNROUTED, received_at=at - 149 * SECOND)
        assert run_audit(at=at).passed

    def test_is_not_raised_right_after_a_start(self, site: Site, at: datetime) -> None:
        """What came while we were away may be done within the next minute."""
        Audit.objects.update(at=at - WAY_BACK)
        unplaced(site, at)
        for seconds in (0, 20, 40):
            assert not run_audit(at=at + seconds * SECOND).passed
        assert not Alarm.objects.exists()
        run_audit(at=at + 60 * SECOND)
        assert Alarm.objects.exists()


class TestHeartbeat:
    @pytest.fixture
    def heartbeat(self, serve: Any, settings: Any) -> Provider:
        server: Provider = serve(Provider)
        settings.HEARTBEAT_URL, settings.HEARTBEAT_TIMEOUT = f"{server.url}/ping/abc", 1
        return server

    def test_hears_of_us_when_all_is_well(self, site: Site, at: datetime, heartbeat: Provider) -> None:
        heartbeat.then(Reply(200, b"OK"))
        audit = run_audit(at=at)
        assert [(each.method, each.path) for each in heartbeat.asked] == [("GET", "/ping/abc")]
        assert (audit.pinged_at, audit.ping_error) == (at, "")

    @pytest.mark.parametrize(("check", "make"), FAILURES)
    def test_hears_nothing_when_anything_is_wrong(
        self, site: Site, at: datetime, heartbeat: Provider, check: str, make: Make
    ) -> None:
        make(site, at)
        assert run_audit(at=at).pinged_at is None
        assert heartbeat.asked == []

    def test_is_told_every_twenty_seconds_and_no_more_when_no_alert_gets_out(
        self, site: Site, at: datetime, heartbeat: Provider
    ) -> None:
        """All ways out are down: it hears nothing any more 60 seconds after the first try (F14)."""
        heartbeat.always(Reply(200))
        assert kind_named("intake.tasks.run_audit").every == EVERY.total_seconds()
        began = at + 7 * SECOND
        MembershipFactory(site=site)
        lead = LeadFactory(site=site, level=Level.U1, placed_at=began)
        told: list[float] = []
        for seconds in range(0, 121, 20):
            if seconds == 20:
                alert_staff(lead=lead, key=str(lead.pk), at=began)
            if run_audit(at=at + seconds * SECOND).pinged_at:
                told.append(seconds)
        assert told == [0, 20, 40], "withheld from 60 s on, 53 s after the alert began"

    @pytest.mark.parametrize(
        ("answer", "error"),
        [
            (Reply(500), "HTTP 500"),
            (Reply(404), "HTTP 404"),
            (Reply(302, headers={"Location": "https://elsewhere.example/"}), "HTTP 302"),
            ("hang", "TimeoutError"),
            ("drip", "TimeoutError"),
            ("lost", "RemoteDisconnected"),
            ("garbage", "BadStatusLine"),
        ],
        ids=["500", "404", "moved", "hangs", "drips", "hangs up", "garbage"],
    )
    def test_one_that_fails_is_noted_and_tried_again(
        self, site: Site, at: datetime, heartbeat: Provider, answer: str | Reply, error: str
    ) -> None:
        heartbeat.then(answer, Reply(200))
        first = run_audit(at=at)
        assert (first.passed, first.pinged_at, first.ping_error) == (True, None, error)
        for seconds in (20, 40):
            assert not run_audit(at=at + seconds * SECOND).pinged_at, "it may hang: once a minute is enough"
        assert run_audit(at=at + 60 * SECOND).pinged_at
        assert not Alarm.objects.exists()

    def test_nobody_at_home_is_noted(self, site: Site, at: datetime, settings: Any) -> None:
        settings.HEARTBEAT_URL, settings.OUTGOING_LOOPBACK = "https://127.0.0.1:9/ping", True
        assert run_audit(at=at).ping_error == "ConnectionRefusedError"

    @pytest.mark.parametrize(
        "url", ["https://127.0.0.1/ping", "https://169.254.169.254/", "https://10.0.0.8/"]
    )
    def test_never_leads_into_our_own_network(
        self, site: Site, at: datetime, settings: Any, url: str
    ) -> None:
        settings.HEARTBEAT_URL = url
        assert run_audit(at=at).ping_error == "AddressRefused"

    def test_without_an_address_nothing_is_sent(self, site: Site, at: datetime, settings: Any) -> None:
        settings.HEARTBEAT_URL = ""
        audit = run_audit(at=at)
        assert (audit.passed, audit.pinged_at, audit.ping_error) == (True, None, "")

    @pytest.mark.django_db(transaction=True)
    def test_is_pinged_outside_every_transaction(
        self, site: Site, heartbeat: Provider, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What a slow heartbeat holds up must not hold a row of the table."""
        heartbeat.then(Reply(200))
        Audit.objects.create(at=database_now() - 60 * SECOND, passed=True)
        seen: list[bool] = []
        monkeypatch.setattr(
            "notifications.channels.http._target",
            lambda url, then=http._target: (seen.append(connection.in_atomic_block), then(url))[1],
        )
        run_audit(at=database_now())
        assert seen == [False]


def test_what_was_found_is_deleted_after_two_weeks(site: Site, at: datetime) -> None:
    Audit.objects.create(at=at - timedelta(days=15), passed=True)
    delete_old_audits(at=at)
    assert [each.at for each in Audit.objects.all()] == [at - 60 * SECOND]
