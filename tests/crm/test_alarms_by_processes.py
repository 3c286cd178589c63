"""Whoever is left raises the alarm and has it sent: real processes, database, broker and mail server."""

import signal
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from celery import current_app

from config.servers.ports import free_port
from crm.enums import AlarmKind, Level, Queue, Role
from crm.models import Alarm
from jobs.clock import database_now
from jobs.models import Heartbeat
from jobs.services.periodic import beat
from notifications.enums import MessageKind, MessageState
from notifications.models import Message
from tests.factories import LeadFactory, MembershipFactory, SiteFactory
from tests.notifications.smtp import FakeSmtp
from tests.processes import Process, manage, places_of_the_test, wait_until, worker

pytestmark = pytest.mark.django_db(transaction=True)
Start = Callable[..., Process]


@pytest.fixture
def start(tmp_path: Path, broker: Any, smtp: FakeSmtp) -> Iterator[Start]:
    """Return a function that starts a process of the product; alarms there wait for a second only."""
    env = places_of_the_test() | smtp.environment | {"ALARM_UNWATCHED_AFTER": "1"}
    started: list[Process] = []

    def start(name: str, command: list[str], **more: str) -> Process:
        started.append(Process(name, command, env=env | more, folder=tmp_path))
        return started[-1].start()

    yield start
    for process in started:
        process.kill()


@pytest.fixture
def manager() -> str:
    """A site where an urgent lead waits and nobody watches; return its manager's address."""
    site = SiteFactory()
    member = MembershipFactory(site=site, role=Role.MANAGER)
    LeadFactory(site=site, level=Level.U1, queue=Queue.URGENT)
    return member.user.email


def is_told(kind: AlarmKind) -> bool:
    sent = Message.objects.filter(kind=MessageKind.ALARM, state=MessageState.SENT)
    titles = [message.context["lines"] for message in sent]
    named = str(kind.label)[1:]  # the first letter is a small one behind the name of a site
    return Alarm.objects.filter(kind=kind).exists() and any(named in title for title in titles)


def test_without_a_broker_or_worker_the_dispatcher_raises_it_and_has_it_sent(
    start: Start, smtp: FakeSmtp, manager: str
) -> None:
    start("dispatcher", manage("dispatch"), BROKER_URL=f"redis://127.0.0.1:{free_port()}/0")
    wait_until(lambda: is_told(AlarmKind.NOBODY_WATCHING), what="the alarm")
    assert {received.to for received in smtp.received} == {manager}


def test_without_a_dispatcher_beats_ticks_have_it_raised_and_sent(
    start: Start, smtp: FakeSmtp, manager: str
) -> None:
    beat(name="dispatch", at=database_now() - timedelta(minutes=1))
    start("worker", worker("urgent", "alerts", "routine", name="worker")).wait_for_output("ready.")

    def told() -> bool:
        current_app.send_task("jobs.tasks.nudge", queue="routine")
        return is_told(AlarmKind.DISPATCHER_SILENT)

    wait_until(told, what="the alarm")
    assert {received.to for received in smtp.received} == {manager}


def test_a_dispatcher_that_was_stopped_writes_down_that_it_was(start: Start, manager: str) -> None:
    """Frozen as a machine that sleeps: by the time that it goes on, everything looks well again."""
    dispatcher = start("dispatcher", manage("dispatch"))
    wait_until(lambda: Heartbeat.objects.filter(name="dispatch").exists(), what="a sign of life")
    dispatcher.send_all(signal.SIGSTOP)
    seen = database_now() - timedelta(seconds=100)
    Heartbeat.objects.filter(name="dispatch").update(beaten_at=seen)
    dispatcher.send_all(signal.SIGCONT)
    wait_until(lambda: Alarm.objects.filter(kind=AlarmKind.DISPATCHER_SILENT).exists(), what="the record")
    alarm = Alarm.objects.get(kind=AlarmKind.DISPATCHER_SILENT)
    assert alarm.since == seen
    assert alarm.ended_at
    assert alarm.ended_at >= seen + timedelta(seconds=100)
