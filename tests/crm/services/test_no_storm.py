"""After an outage of a provider nobody's pocket is flooded, and nobody is told what is no longer so."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from config.servers.ports import free_port
from crm.enums import Level, Role
from crm.models import Lead, Site, User
from crm.services.acknowledging import acknowledge
from crm.services.alerts import alert_staff
from crm.services.escalating import run_step
from crm.services.unkept_answers import alert_anew
from jobs.kinds import kind_named
from jobs.models import OPEN, Job
from jobs.services.running import run_job
from notifications.catalogue import MessageKind
from notifications.enums import MessageState, Why
from notifications.models import Escalation, Message
from notifications.selectors import failed_messages, waiting_alerts
from notifications.services.rendering import render_message
from tests.clock import DatabaseClock
from tests.factories import LeadFactory, MembershipFactory
from tests.notifications.smtp import FakeSmtp

MINUTE = timedelta(minutes=1)
KINDS = ("crm.tasks.escalate", "notifications.tasks.deliver_message")


@pytest.fixture
def manager_only(site: Site) -> User:
    """A site at which the only person to tell is a manager, by e-mail."""
    return MembershipFactory(site=site, role=Role.MANAGER, user__email="morgan@threshold.example").user


@pytest.fixture
def mail(settings: Any) -> Iterator[FakeSmtp]:
    """A mail server that nobody can reach: EMAIL_PORT is set to its port by whoever ends the outage."""
    with FakeSmtp() as server:
        settings.EMAIL_CHANNEL, settings.EMAIL_HOST, settings.EMAIL_PORT = "smtp", "127.0.0.1", free_port()
        yield server


def begin(site: Site, at: datetime, level: Level = Level.U1) -> Lead:
    lead = LeadFactory(site=site, level=level, received_at=at)
    alert_staff(lead=lead, key=str(lead.pk), at=at)
    return lead


def work(clock: DatabaseClock) -> None:
    """Run everything that is due, until nothing is."""
    for _ in range(30):
        due = Job.objects.filter(OPEN, kind__in=KINDS, due_at__lte=clock.now())
        if not (jobs := list(due.order_by("due_at"))):
            return
        for job in jobs:
            run_job(job=job.pk, kind=kind_named(job.kind))


def outage(clock: DatabaseClock, *, minutes: int) -> None:
    """Let time go by while no mail server answers."""
    for _ in range(minutes * 2):
        work(clock)
        clock.advance(by=MINUTE / 2)


def recover(clock: DatabaseClock, mail: FakeSmtp, settings: Any) -> list[str]:
    """Let the mail server be found again; return what was sent then of all that waited: its subjects."""
    settings.EMAIL_PORT, since = mail.port, clock.now()
    for _ in range(12 * 2):  # pauses between tries are ten minutes at the most
        work(clock)
        clock.advance(by=MINUTE / 2)
    waited = Message.objects.filter(state=MessageState.SENT, created_at__lte=since)
    assert len(mail.received) == Message.objects.filter(state=MessageState.SENT).count()
    return [render_message(message).subject for message in waited.order_by("created_at")]


@pytest.mark.django_db(transaction=True)
class TestOutageOfAProvider:
    def test_of_one_lead_one_message_is_sent_not_one_a_step(
        self, site: Site, manager_only: User, database_clock: DatabaseClock, mail: FakeSmtp, settings: Any
    ) -> None:
        database_clock.stop()
        lead = begin(site, database_clock.now())
        outage(database_clock, minutes=26)
        assert Message.objects.filter(about=lead.pk).count() >= 6  # a step each five minutes
        subjects = recover(database_clock, mail, settings)
        assert len(subjects) == 1
        assert lead.reference in subjects[0]
        unsent = Message.objects.filter(about=lead.pk).exclude(state=MessageState.SENT)
        assert set(unsent.values_list("state", "why")) == {(MessageState.CANCELLED, Why.NEWER)}

    def test_of_many_leads_one_summary_is_sent(
        self, site: Site, manager_only: User, database_clock: DatabaseClock, mail: FakeSmtp, settings: Any
    ) -> None:
        database_clock.stop()
        leads = []
        for _ in range(8):
            leads.append(begin(site, database_clock.now()))
            outage(database_clock, minutes=2)
        outage(database_clock, minutes=10)
        ended = database_clock.now()
        subjects = recover(database_clock, mail, settings)
        by_name = Message.objects.filter(state=MessageState.SENT, kind=MessageKind.URGENT_LEAD_ALERT)
        assert not by_name.filter(created_at__lt=ended - MINUTE).exists()  # the last minute's are news
        assert "8 urgent leads wait for an answer" in subjects
        assert Escalation.objects.filter(ended_at=None).count() == len(leads)  # it goes on


def test_a_second_summary_in_the_same_minute_is_not_swallowed(
    site: Site, manager_only: User, database_clock: DatabaseClock
) -> None:
    """Five leads are told together, and answered; forty seconds later three others are told together."""
    database_clock.stop()
    start = database_clock.now().replace(second=5, microsecond=0) + MINUTE
    first, then = [], []
    for found, count in ((first, 5), (then, 3)):
        found.extend(
            LeadFactory(site=site, level=Level.U1, received_at=start - 10 * MINUTE) for _ in range(count)
        )
    for lead in first:
        alert_staff(lead=lead, key=str(lead.pk), at=start)
    step_of(first, start + MINUTE / 6)
    for lead in first:
        acknowledge(lead=lead, by=manager_only, at=start + MINUTE / 3)
    for lead in then:
        alert_staff(lead=lead, key=str(lead.pk), at=start + MINUTE / 2)
    step_of(then, start + MINUTE / 2 + MINUTE / 10)
    told = Message.objects.filter(created_at__gte=start + MINUTE / 2)
    summaries = told.filter(kind=MessageKind.ALERT_SUMMARY)
    assert [each.context["leads"] for each in summaries] in (["2"], ["3"])


def test_a_summary_of_what_can_wait_says_nothing_for_what_cannot(
    site: Site, manager_only: User, database_clock: DatabaseClock
) -> None:
    """Nothing is placed: four calm leads are told of, and in the same minute three that may be urgent."""
    database_clock.stop()
    start = database_clock.now().replace(second=5, microsecond=0) + MINUTE
    for can_wait, count, at in ((True, 4, start), (False, 3, start + MINUTE / 3)):
        leads = LeadFactory.create_batch(
            count, site=site, unrouted=True, can_wait=can_wait, received_at=start - 10 * MINUTE
        )
        for lead in leads:
            alert_staff(lead=lead, key=str(lead.pk), at=at, kind=MessageKind.LEAD_NOT_ROUTED)
        step_of(leads, at + MINUTE / 10)
    summaries = Message.objects.filter(kind=MessageKind.ALERT_SUMMARY).order_by("created_at")
    assert [each.context["leads"] for each in summaries] == ["3", "3"]  # the very first by its name


def step_of(leads: list[Lead], at: datetime) -> None:
    for chain in Escalation.objects.filter(about__in=[lead.pk for lead in leads], next_at__lte=at):
        run_step(escalation=chain.pk, at=at)


@pytest.mark.django_db(transaction=True)
def test_a_summary_of_what_has_been_answered_is_not_sent(
    site: Site, manager_only: User, database_clock: DatabaseClock, mail: FakeSmtp, settings: Any
) -> None:
    database_clock.stop()
    start = database_clock.now()
    leads = [begin(site, start) for _ in range(3)]
    Message.objects.all().delete()
    at = database_clock.move_to(start + 20 * MINUTE)
    step_of(leads, at)
    assert Message.objects.get().kind == MessageKind.ALERT_SUMMARY
    for lead in leads:
        acknowledge(lead=lead, by=manager_only, at=at)
    assert recover(database_clock, mail, settings) == []
    assert (Message.objects.get().state, Message.objects.get().why) == (MessageState.CANCELLED, Why.ANSWERED)


@pytest.mark.django_db(transaction=True)
def test_what_is_not_sent_because_of_an_answer_says_so(site: Site, manager_only: User) -> None:
    lead = LeadFactory(site=site, level=Level.U1)
    alert_staff(lead=lead, key="k", at=lead.received_at)
    acknowledge(lead=lead, by=manager_only, at=lead.received_at + MINUTE)
    assert set(Message.objects.values_list("state", "why")) == {(MessageState.CANCELLED, Why.ANSWERED)}


def test_what_failed_of_an_answered_alert_is_no_alarm_any_more(site: Site, manager_only: User) -> None:
    """By one way it did not get through, by another somebody answered: the banner goes, the page keeps it."""
    lead = LeadFactory(site=site, level=Level.U1)
    alert_staff(lead=lead, key="k", at=lead.received_at)
    Message.objects.update(state=MessageState.FAILED, failed_at=lead.received_at, why="SMTP 550")
    assert waiting_alerts().count() == 1
    acknowledge(lead=lead, by=manager_only, at=lead.received_at + MINUTE)
    assert waiting_alerts().count() == 0
    assert failed_messages().count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_alert_that_begins_anew_does_not_wait_behind_a_full_pocket(
    site: Site, manager_only: User, database_clock: DatabaseClock, mail: FakeSmtp, settings: Any
) -> None:
    """The lead lost its holder: its new alert is as urgent as the first, however much they have had."""
    database_clock.stop()
    settings.EMAIL_PORT, settings.RECIPIENT_LIMITS = mail.port, {"EMAIL": (3, 3600)}
    lead = begin(site, database_clock.now(), Level.E1)
    work(database_clock)
    acknowledge(lead=lead, by=manager_only, at=database_clock.now())
    for _ in range(4):
        begin(site, database_clock.now())
    work(database_clock)
    lead.refresh_from_db()
    sent = len(mail.received)
    alert_anew(lead=lead, at=database_clock.advance(seconds=5))
    work(database_clock)
    assert len(mail.received) == sent + 1
    assert lead.reference in mail.received[-1].subject
