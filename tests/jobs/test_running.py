"""Lease and fence. Time stands still unless a test moves it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from celery import current_app
from django.db import DatabaseError, OperationalError
from kombu.exceptions import OperationalError as BrokerError
from structlog.testing import capture_logs

from config.redaction import name_errors
from jobs.durable import Postpone, check_lease
from jobs.models import Job
from jobs.services.running import PROCESS_LOST
from tests.jobs import bodies
from tests.jobs.bodies import ATTEMPTS, LEASE, QUICK, SEND
from tests.jobs.work import enqueue, run

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(database_clock):
    database_clock.stop()
    return database_clock


def raising(error):
    def happening():
        raise error

    bodies.during.append(happening)


def test_a_job_runs_once_and_is_done(clock):
    job = run(enqueue())
    assert (job.done_at, job.attempts, job.lease_token, job.error_class) == (clock.now(), 1, None, "")
    assert bodies.traces() == 1


def test_the_body_gets_its_subject_and_the_databases_time(clock):
    clock.advance(seconds=1000)
    subject = uuid4()
    run(enqueue(SEND, subject=subject))
    assert bodies.sent == [(subject, clock.now())]


def test_a_duplicate_message_does_nothing():
    job = run(enqueue())
    run(job)
    assert (bodies.traces(), job.attempts) == (1, 1)


def test_a_message_that_comes_early_does_nothing(clock):
    job = enqueue(due_in=10)
    clock.advance(seconds=9.9)
    assert run(job).attempts == 0
    clock.advance(seconds=0.1)
    assert run(job).done_at


def test_a_message_for_a_job_of_another_kind_does_nothing():
    job = enqueue()
    Job.objects.update(kind=SEND)
    assert run(job).attempts == 0


def test_nobody_else_runs_it_while_the_lease_lasts(clock):
    job = enqueue()
    bodies.during.append(lambda: run(job))  # a duplicate is delivered in mid-run
    run(job)
    assert (bodies.traces(), job.attempts) == (1, 1)


def test_a_killed_run_comes_back_when_its_lease_has_run_out(clock):
    job = enqueue()
    raising(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        run(job)
    bodies.during.clear()
    clock.advance(seconds=LEASE)
    assert run(job).done_at is None
    clock.advance(seconds=0.1)
    assert run(job).done_at
    assert (job.attempts, bodies.traces()) == (2, 1)


def overslept(job, clock):
    """Let the present run sleep through its lease while another process takes over and finishes."""

    def happening():
        bodies.during.clear()
        clock.advance(seconds=LEASE + 1)
        run(job)

    bodies.during.append(happening)


def test_a_zombies_failure_changes_nothing(clock):
    job = enqueue(SEND)
    overslept(job, clock)
    raising(ValueError("too late"))
    done = run(job)
    assert (done.done_at, done.attempts, done.error_class) == (clock.now(), 2, "")


def test_a_zombie_is_stopped_before_it_sends(clock):
    job = enqueue(SEND)
    overslept(job, clock)
    bodies.during.append(check_lease)
    bodies.during.append(lambda: bodies.sent.append("by the zombie"))
    run(job)
    assert "by the zombie" not in bodies.sent


def test_check_lease_is_content_while_the_lease_is_ours():
    bodies.during.append(check_lease)
    assert run(enqueue(SEND)).done_at
    check_lease()  # outside of any job


def test_a_failure_is_tried_again_after_a_growing_pause(clock):
    job = enqueue()
    raising(ValueError("a name that must not be kept"))
    pauses = []
    for attempt in (1, 2):
        job = run(job)
        assert (job.attempts, job.error_class, job.lease_token) == (attempt, "ValueError", None)
        pauses.append((job.due_at - clock.now()).total_seconds())
        clock.move_to(job.due_at)
    assert 1 <= pauses[0] <= 2 <= pauses[1] <= 4
    assert job.publish_at == job.due_at


@pytest.mark.parametrize("attempts", [1, ATTEMPTS])
def test_the_log_says_where_it_failed_and_not_what_was_in_it(attempts, clock):
    job = enqueue()
    Job.objects.filter(pk=job.pk).update(attempts=attempts - 1)
    raising(ValueError("a name that must not be kept"))
    with capture_logs() as said:
        run(job)
    (failed,) = [name_errors(None, "", line) for line in said if line["event"] == "job_failed"]
    assert failed["attempts"] == attempts
    assert failed["where"][-1].startswith(__file__)
    assert "must not be kept" not in str(failed)


def test_what_a_failed_body_wrote_is_rolled_back():
    raising(ValueError())
    run(enqueue())
    assert bodies.traces() == 0


@pytest.mark.parametrize("kind", [QUICK, SEND])
@pytest.mark.parametrize(
    "error",
    [OperationalError(), BrokerError(), ConnectionRefusedError()],
    ids=lambda error: type(error).__name__,
)
def test_an_infrastructure_error_uses_up_no_attempt(clock, kind, error):
    job = enqueue(kind)
    raising(error)
    for _ in range(ATTEMPTS + 2):
        job = run(job)
        assert (job.attempts, job.dead_at, job.error_class) == (0, None, type(error).__name__)
        assert timedelta(seconds=2) <= job.due_at - clock.now() <= timedelta(seconds=5)
        clock.move_to(job.due_at)


def test_a_broken_transaction_is_an_attempt():
    """A DatabaseError that is not operational is the job's own fault."""
    raising(DatabaseError())
    assert run(enqueue()).attempts == 1


def test_a_body_may_postpone_itself(clock):
    until = clock.now() + timedelta(hours=1)
    raising(Postpone(until))
    job = run(enqueue())
    assert (job.due_at, job.publish_at, job.attempts, job.lease_token) == (until, until, 0, None)


def test_a_job_that_kills_its_process_every_time_is_dead_in_the_end(clock):
    job = enqueue()
    raising(SystemExit())
    for _ in range(ATTEMPTS):
        with pytest.raises(SystemExit):
            run(job)
        clock.advance(seconds=LEASE + 1)
    job = run(job)
    assert (job.dead_at, job.attempts, job.error_class) == (clock.now(), ATTEMPTS, PROCESS_LOST)


def test_the_celery_task_runs_the_job_and_takes_unknown_arguments():
    job = enqueue()
    current_app.tasks[QUICK](str(job.pk), from_the_future=True)
    job.refresh_from_db()
    assert job.done_at


def test_the_celery_task_stops_what_outlives_its_lease():
    task = current_app.tasks[QUICK]
    assert (task.soft_time_limit, task.time_limit) == (LEASE, LEASE + 15)
