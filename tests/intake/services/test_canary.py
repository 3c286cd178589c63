"""An enquiry of our own goes the whole way: over the network, through the jobs, to the sink."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.core.signing import BadSignature, Signer
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from crm.canary import CANARY_SITE
from crm.enums import AlarmKind, Disposition, Queue, Stage
from crm.models import Alarm, Lead, LeadEvent, Membership, Person, Placement, Site
from crm.services.canary import canary_site
from intake.canary_token import canary_token
from intake.enums import CanaryStage
from intake.models import CanaryRun, Enquiry
from intake.remembered import forget
from intake.selectors.canary import BOUNDS, canary_state, please_call
from intake.services import screening
from intake.services.audit import run_audit
from intake.services.canary import SEND, SOON, delete_old_canaries, follow_canary, send_canary, settle_alarm
from intake.services.oddities import odd_counts
from intake.services.reconciliation import reconcile
from intake.services.submission import submit_enquiry
from jobs.clock import database_now
from jobs.durable import Postpone
from jobs.kinds import kind_named
from jobs.models import Job
from jobs.services.running import run_job
from notifications.enums import EscalationEnd
from notifications.models import Escalation, Message
from tests.clock import DatabaseClock
from tests.factories import SiteFactory, UserFactory
from tests.factories.enquiries import submission
from tests.intake.canaries import ended, fly, send

NOBODY_THERE = "http://127.0.0.1:9"
Post = Callable[[str, str], HttpResponse]


def follow_late(clock: DatabaseClock, *, seconds: float) -> CanaryRun:
    """See how far it has come when so much time has gone by."""
    run = CanaryRun.objects.get()
    follow_canary(run_id=run.pk, at=clock.advance(seconds=seconds))
    run.refresh_from_db()
    return run


def _signed_by_us(trap: str) -> bool:
    try:
        return bool(Signer(salt="intake.time-trap").unsign(trap))
    except BadSignature:
        return False


@pytest.fixture
def house(transactional_db: None, live_server: LiveServer, settings: Any) -> Site:
    """The site that takes enquiries; canaries go to the running web server."""
    settings.CANARY_MINUTES, settings.CANARY_URL = 5, live_server.url
    settings.BASE_URL = live_server.url
    call_command("load_content")
    return SiteFactory(name="Harbour House", slug="harbour-house", is_default=True, phone="01632 960 180")


class TestTheWholeWay:
    def test_comes_through_and_every_stage_has_its_time(self, house: Site) -> None:
        run = fly()
        assert (run.missed, run.reason) == ("", "")
        assert run.came_through
        assert run.begun_at < run.form_at
        assert run.lead_at <= run.placed_at <= run.alerted_at <= run.ended_at

    def test_what_it_leaves_is_a_closed_urgent_lead_of_nobody(self, house: Site) -> None:
        fly()
        lead = Lead.objects.get()
        assert (lead.site_id, lead.queue, lead.stage) == (CANARY_SITE, Queue.URGENT, Stage.CLOSED)
        assert lead.disposition == Disposition.NOT_AN_ENQUIRY
        assert Escalation.objects.get().ended_why == EscalationEnd.OVER
        assert Message.objects.get().to == "canary@sink.invalid"
        assert not Lead.objects.filter(site=house).exists()

    def test_the_next_one_is_sent_after_five_minutes(
        self, house: Site, database_clock: DatabaseClock
    ) -> None:
        fly()
        send(database_clock.advance(seconds=4 * 60))
        assert CanaryRun.objects.count() == 1
        send(database_clock.advance(seconds=60))
        assert CanaryRun.objects.count() == 2

    def test_two_of_them_are_two_leads(self, house: Site, database_clock: DatabaseClock) -> None:
        fly()
        database_clock.advance(seconds=300)
        assert fly().came_through
        assert Lead.objects.count() == 2

    def test_none_is_sent_right_after_a_start(self, house: Site, database_clock: DatabaseClock) -> None:
        """The web server may not answer yet, and nobody wants an alarm for that."""
        send_canary(at=database_now())
        run_audit(at=database_clock.advance(seconds=1))
        send_canary(at=database_now())
        assert not CanaryRun.objects.exists()
        send_canary(at=database_clock.advance(seconds=60))
        assert CanaryRun.objects.exists()

    def test_none_is_sent_when_they_are_off(self, house: Site, settings: Any) -> None:
        settings.CANARY_MINUTES = 0
        send(database_now())
        assert not CanaryRun.objects.exists()
        assert not canary_state(database_now()).is_on


class TestMissed:
    def test_no_web_server_is_missed_at_the_form(
        self, house: Site, settings: Any, monkeypatch: pytest.MonkeyPatch, database_clock: DatabaseClock
    ) -> None:
        monkeypatch.setitem(BOUNDS, CanaryStage.FORM, timedelta(seconds=4))
        settings.CANARY_URL = NOBODY_THERE
        send(database_now())
        run = follow_late(database_clock, seconds=5)
        assert (run.missed, run.reason) == ("FORM", "ConnectionRefusedError")
        assert Alarm.objects.get(ended_at=None).kind == AlarmKind.CANARY_LATE
        again = Job.objects.get(dedupe_key=f"after missed:{run.pk}")
        assert (again.kind, again.due_at) == (SEND, run.ended_at + SOON)

    def test_no_worker_is_missed_at_the_queue_and_put_away(
        self, house: Site, database_clock: DatabaseClock
    ) -> None:
        send(database_now())
        run = follow_late(database_clock, seconds=31)
        assert run.missed == "PLACED"
        assert run.lead_at
        assert not run.placed_at
        assert not Lead.objects.get().is_open

    def test_mail_that_lies_is_missed_at_the_alert(self, house: Site, database_clock: DatabaseClock) -> None:
        send(database_now())
        place = Job.objects.get(kind="intake.tasks.place_lead")
        run_job(job=place.pk, kind=kind_named(place.kind))
        assert follow_late(database_clock, seconds=31).missed == "ALERTED"
        assert Escalation.objects.get().ended_at

    def test_within_the_bound_it_is_waited_for(self, house: Site) -> None:
        send(database_now())
        run = CanaryRun.objects.get()
        with pytest.raises(Postpone):
            follow_canary(run_id=run.pk, at=database_now())

    def test_another_one_is_sent_a_minute_later_and_ends_the_alarm(
        self, house: Site, database_clock: DatabaseClock
    ) -> None:
        ended(database_now(), missed="FORM", reason="HTTP 503")
        settle_alarm(at=database_now())
        assert Alarm.objects.filter(ended_at=None).exists()
        assert please_call()
        database_clock.advance(seconds=61)
        assert fly().came_through
        forget()
        assert not please_call()
        assert not Alarm.objects.filter(ended_at=None).exists()

    def test_none_for_too_long_is_late(self, house: Site, database_clock: DatabaseClock) -> None:
        """The dispatcher has died: nobody sends any, and nobody notes it."""
        ended(database_now())
        database_clock.advance(seconds=5 * 60 + 89)
        assert not canary_state(database_now()).is_late
        database_clock.advance(seconds=2)
        assert canary_state(database_now()).is_late

    @pytest.mark.parametrize("got_there", [True, False])
    def test_one_that_nobody_follows_was_missed(
        self, house: Site, database_clock: DatabaseClock, got_there: bool
    ) -> None:
        """The form is sent by one group of workers, and followed by another, which stands still."""
        database_clock.stop()
        at = database_clock.now()
        for ago in (7, 2):
            begun_at = at - timedelta(minutes=ago)
            CanaryRun.objects.create(begun_at=begun_at, form_at=begun_at if got_there else None)
        assert not canary_state(at).is_alarm  # the latest may still come through
        state = canary_state(at + timedelta(seconds=1))
        assert (state.is_late, state.is_alarm) == (True, True)
        assert state.stage == ("PLACED" if got_there else "FORM")

    def test_what_comes_after_it_was_given_up_is_put_away(
        self, house: Site, database_clock: DatabaseClock
    ) -> None:
        site = canary_site()
        late = submit_enquiry(submission=submission(site), at=database_now()).enquiry.lead
        database_clock.advance(seconds=121)
        send(database_now())
        late.refresh_from_db()
        assert not late.is_open

    def test_a_form_of_somebody_else_gets_nothing(
        self, house: Site, monkeypatch: pytest.MonkeyPatch, settings: Any
    ) -> None:
        """CANARY_URL leads to another Threshold: it would be an ordinary enquiry there."""
        monkeypatch.setitem(BOUNDS, CanaryStage.FORM, timedelta(seconds=4))
        monkeypatch.setattr(screening, "_signer", Signer(key="theirs", salt="intake.time-trap"))
        monkeypatch.setattr("intake.services.canary.is_own_trap", _signed_by_us)
        send(database_now())
        assert CanaryRun.objects.get().reason == "NotOurForm"
        assert not Enquiry.objects.exists()


def test_a_desk_that_takes_no_enquiries_is_missed_at_the_form(
    house: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No site takes the public forms' enquiries: callers get a 503, and so must we."""
    monkeypatch.setitem(BOUNDS, CanaryStage.FORM, timedelta(seconds=4))
    Site.objects.update(is_default=False)
    send(database_now())
    assert CanaryRun.objects.get().reason == "HTTP 503"


class TestToken:
    """A mark that only we can make, for one form, for five minutes."""

    @pytest.fixture
    def post(self, house: Site, client: Client) -> Post:
        return lambda key, token: client.post(
            "/urgent/",
            {
                "enquirer": "self",
                "free_text": "I cannot go on",
                "phone": "07700 900 123",
                "idempotency_key": key,
                "canary": token,
            },
        )

    def test_ours_is_the_canarys(self, post: Post) -> None:
        key = str(uuid4())
        post(key, canary_token(key, database_now()))
        assert Enquiry.objects.get().site_id == CANARY_SITE

    @pytest.mark.parametrize(
        "forge",
        [
            lambda key, at: "",
            lambda key, at: "on",
            lambda key, at: f"{key}.{int(at.timestamp())}",
            lambda key, at: canary_token(key, at)[:-1] + "x",
            lambda key, at: canary_token(str(uuid4()), at),
            lambda key, at: canary_token(key, at - timedelta(minutes=6)),
            lambda key, at: Signer(salt="intake.received", sep=".").sign(f"{key}.{int(at.timestamp())}"),
        ],
        ids=["none", "a word", "unsigned", "changed", "of another form", "old", "of another use"],
    )
    def test_whoever_makes_one_up_is_an_ordinary_caller(self, post: Post, house: Site, forge: Any) -> None:
        key = str(uuid4())
        assert post(key, forge(key, database_now())).status_code == 302
        assert Enquiry.objects.get().site == house

    def test_one_token_makes_one_enquiry(self, post: Post) -> None:
        key = str(uuid4())
        token = canary_token(key, database_now())
        post(key, token), post(key, token)
        assert Enquiry.objects.count() == 1


class TestNobodys:
    def test_nobody_can_be_made_to_work_there(self, house: Site) -> None:
        manager = UserFactory()
        with pytest.raises(IntegrityError, match="nobody_works_at_canary_site"), transaction.atomic():
            Membership.objects.create(user=manager, site=canary_site(), role="MANAGER")

    def test_it_never_takes_the_public_forms(self, house: Site) -> None:
        house.is_default = False
        house.save()
        with pytest.raises(IntegrityError, match="canary_site_is_never_default"), transaction.atomic():
            Site.objects.filter(pk=canary_site().pk).update(is_default=True)

    def test_it_is_counted_nowhere(self, house: Site, settings: Any) -> None:
        settings.BUDGET_PER_FORM, before = 1, odd_counts()
        fly()
        assert reconcile().received == 0
        assert odd_counts() == before
        visitor = {"enquirer": "self", "free_text": "Help", "phone": "07700 900 123"}
        Client().post("/urgent/", visitor)
        assert "FORM_BUDGET" not in Enquiry.objects.get(site=house).flags


class TestPurge:
    def test_a_week_later_nothing_is_left(self, house: Site, database_clock: DatabaseClock) -> None:
        fly()
        real = submit_enquiry(submission=submission(house), at=database_now()).enquiry
        database_clock.advance(by=timedelta(days=6))
        assert delete_old_canaries(at=database_now()) == 0
        database_clock.advance(by=timedelta(days=2))
        assert delete_old_canaries(at=database_now()) == 1
        assert [each.pk for each in Enquiry.objects.all()] == [real.pk]
        assert [each.pk for each in Lead.objects.all()] == [real.lead_id]
        assert not Placement.objects.exists()
        assert not Escalation.objects.exists()
        assert set(LeadEvent.objects.values_list("lead", flat=True)) == {real.lead_id}
        assert Person.objects.count() == 1
        assert not CanaryRun.objects.exists()

    def test_the_history_of_everybody_else_stays(self, house: Site) -> None:
        real = submit_enquiry(submission=submission(house), at=database_now()).enquiry
        for rows in (LeadEvent.objects.filter(lead=real.lead_id), Enquiry.objects.filter(pk=real.pk)):
            with pytest.raises(IntegrityError, match="refused"), transaction.atomic():
                rows.delete()

    def test_not_even_the_canarys_is_edited(self, house: Site) -> None:
        fly()
        for rows in (LeadEvent.objects.all(), Placement.objects.all()):
            with pytest.raises(IntegrityError, match="refused"), transaction.atomic():
                rows.update(lead=None)
