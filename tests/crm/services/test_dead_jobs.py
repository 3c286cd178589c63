"""Dead work reaches a person."""

from datetime import timedelta

import pytest

from crm.models import User
from crm.services.dead_jobs import tell_managers_of_dead_job
from jobs.clock import database_now
from jobs.models import Job
from notifications.catalogue import MessageKind
from notifications.models import Message
from notifications.services.outbox import DELIVER

pytestmark = pytest.mark.django_db


def _dead(kind: str) -> Job:
    at = database_now()
    times = {"due_at": at, "publish_at": at, "created_at": at, "dead_at": at}
    return Job.objects.create(kind=kind, queue="urgent", dedupe_key=kind, attempts=8, **times)


def test_managers_and_nobody_else_are_told_of_dead_work(manager: User, coordinator: User) -> None:
    tell_managers_of_dead_job(_dead("intake.tasks.place_lead"))
    message = Message.objects.get(kind=MessageKind.JOB_DEAD)
    assert message.to == manager.email
    assert message.context["job_kind"] == "intake.tasks.place_lead"


def test_the_same_death_is_told_once(manager: User) -> None:
    job = _dead("intake.tasks.place_lead")
    tell_managers_of_dead_job(job)
    tell_managers_of_dead_job(job)
    assert Message.objects.filter(kind=MessageKind.JOB_DEAD).count() == 1


def test_a_job_that_was_retried_and_dies_again_is_told_again(manager: User) -> None:
    job = _dead("intake.tasks.place_lead")
    tell_managers_of_dead_job(job)
    job.dead_at = database_now() + timedelta(minutes=5)
    tell_managers_of_dead_job(job)
    assert Message.objects.filter(kind=MessageKind.JOB_DEAD).count() == 2


def test_a_message_that_died_is_no_reason_for_another_message(manager: User) -> None:
    tell_managers_of_dead_job(_dead(DELIVER))
    assert not Message.objects.exists()
