"""The real dispatcher and the real worker, on the run's own PostgreSQL and Valkey."""

import json
import os
import secrets
import signal
import subprocess
from datetime import timedelta
from uuid import uuid4

import psutil
import pytest
from celery import current_app
from django.conf import settings
from django.db import connection

from config.servers.ports import free_port
from jobs.clock import database_now
from jobs.models import Job
from jobs.services.enqueue import enqueue_job
from tests.faults.checks import check_bound
from tests.faults.tasks import MARK, POISON, POISON_ATTEMPTS, SLOW, URGENT_MARK, marks
from tests.processes import PATIENCE, Process, manage, places_of_the_test, wait_until, worker

pytestmark = pytest.mark.django_db(transaction=True)
STOPPED = "dispatcher_stopped"
NOTICED = ("Couldn't ack", "Connection to broker lost")


@pytest.fixture
def start(tmp_path, broker):
    """Start processes of the product on the test's database; they are killed in the end."""
    env = places_of_the_test() | {
        "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
        "SECRET_KEY": secrets.token_hex(),
        "REMAP_SIGTERM": "SIGQUIT",
    }
    started = []

    def start(name, command, **more):
        started.append(Process(name, command, env=env | more, folder=tmp_path))
        return started[-1].start()

    start.env = env
    yield start
    for process in started:
        process.kill()


def last_line(process, event):
    """Return what the process logged as that event, last."""
    lines = [line for line in process.output().splitlines() if f'"event": "{event}"' in line]
    return json.loads(lines[-1])


def enqueue(kind, count=1, *, due_in=0):
    subjects = [uuid4() for _ in range(count)]
    due_at = database_now() + timedelta(seconds=due_in)
    for subject in subjects:
        enqueue_job(kind=kind, subject=subject, due_at=due_at, dedupe_key=str(subject))
    return subjects


def open_jobs():
    return Job.objects.filter(done_at=None, dead_at=None, kind__startswith="tests.").count()


def cut_connections():
    """Cut what others have of this database, not of other test workers'; return how many there were."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND datname = current_database()"
        )
        return len(cursor.fetchall())


def dispatcher(start, name="dispatcher", **more):
    process = start(name, manage("dispatch"), **more)
    process.wait_for_output("dispatcher_started")
    return process


def ready_worker(start, *queues, name="worker", children=1, **more):
    process = start(name, worker(*queues, name=name, children=children), **more)
    process.wait_for_output(f"{name}@")
    process.wait_for_output("ready.")
    return process


def manage_once(start, *arguments):
    command, env = manage(*arguments), os.environ | start.env
    return subprocess.run(
        command, cwd=settings.BASE_DIR, env=env, capture_output=True, text=True, check=False
    )


def test_every_job_is_done_once_by_two_dispatchers_and_a_worker(start):
    dispatcher(start, "one")
    dispatcher(start, "two")
    ready_worker(start, "routine", "urgent", children=2)
    subjects = enqueue(MARK, 30) + enqueue(URGENT_MARK, 10)
    wait_until(lambda: not open_jobs(), what="the end of all jobs")
    assert {subject: marks(subject) for subject in subjects} == dict.fromkeys(subjects, 1)


def test_a_job_due_now_is_done_at_once_and_a_later_one_on_time(start):
    dispatcher(start)
    ready_worker(start, "urgent")
    enqueue(URGENT_MARK)
    wait_until(lambda: not open_jobs(), what="the first job")  # connections are open from here on
    enqueue(URGENT_MARK)
    wait_until(lambda: not open_jobs(), what="the job due now")
    (later,) = enqueue(URGENT_MARK, due_in=2)
    wait_until(lambda: not open_jobs(), what="the later job")
    job = Job.objects.get(subject=later)
    assert timedelta() <= job.done_at - job.due_at < timedelta(seconds=15)


def test_the_dispatcher_stops_when_told_and_survives_a_lost_connection(start):
    process = dispatcher(start)
    wait_until(cut_connections, what="a connection to cut")
    process.wait_for_output("database_lost")
    ready_worker(start, "routine")
    enqueue(MARK)
    wait_until(lambda: not open_jobs(), what="the job after the connection was lost")
    process.terminate()
    lost, back, stopped = (last_line(process, event) for event in ("database_lost", "database_back", STOPPED))
    assert lost["error_class"] == "OperationalError"
    assert "after_seconds" in back
    assert stopped["published"] >= 1


def test_without_a_broker_the_dispatchers_children_run_urgent_jobs(start):
    nobody = f"redis://127.0.0.1:{free_port()}/0"
    polite, killed = (dispatcher(start, name, BROKER_URL=nobody) for name in ("polite", "killed"))
    good, (bad,), (routine,) = enqueue(URGENT_MARK, 5), enqueue(POISON), enqueue(MARK)
    check_bound(wait_until(lambda: all(map(marks, good)), what="the urgent jobs"), 30)
    wait_until(lambda: Job.objects.get(subject=bad).dead_at, what="the end of the poison job")
    assert Job.objects.get(subject=bad).attempts == POISON_ATTEMPTS
    assert [marks(subject) for subject in good] == [1] * 5
    assert not marks(routine)
    wait_until(lambda: len(polite.children() + killed.children()) == 4, what="two children each")
    children = polite.children() + killed.children()
    check_bound(polite.terminate(), 20)
    killed.send(signal.SIGKILL)
    assert psutil.wait_procs(children, timeout=PATIENCE)[1] == []


def test_an_urgent_job_that_no_worker_takes_is_rescued(start):
    dispatcher(start)
    (urgent,) = enqueue(URGENT_MARK, due_in=-20)
    check_bound(wait_until(lambda: marks(urgent), what="the rescue"), 30)


def test_a_worker_told_to_stop_finishes_what_it_has_begun(start):
    dispatcher(start)
    process = ready_worker(start, "routine", SOFT_SHUTDOWN="6")
    enqueue(SLOW, 3)
    wait_until(lambda: Job.objects.exclude(lease_token=None).exists(), what="the first job's start")
    process.terminate()
    assert not Job.objects.exclude(lease_token=None).exists()
    assert not Job.objects.filter(attempts__gt=0, done_at=None).exists()
    assert last_line(process, "worker_stopped")["worker"].startswith("worker@")
    for word in ("shutdown", "Ctrl", "Traceback"):
        assert word not in process.output()


def test_a_worker_goes_on_after_the_broker_froze_under_an_acknowledgement(start, private_broker):
    if not private_broker.is_alive():
        private_broker.start()
    frozen = {"BROKER_URL": f"{private_broker.server.url}/0"}
    dispatcher(start, **frozen)
    process = ready_worker(start, "routine", **frozen)
    subjects = []

    def is_hit():
        subjects.extend(enqueue(SLOW, 3))
        freeze_under_a_job(private_broker, process)
        wait_until(lambda: not open_jobs(), what="the other jobs")
        return "Couldn't ack" in process.output()

    wait_until(is_hit, seconds=5 * PATIENCE, what="a freeze before anything but an acknowledgement is said")
    assert [marks(subject) for subject in subjects] == [1] * len(subjects)


def freeze_under_a_job(broker, process):
    """Freeze the broker when a job has begun, until the worker has noticed, whatever it was about to say."""
    wait_until(lambda: Job.objects.exclude(lease_token=None).exists(), what="a job's start")
    known = len(process.output())
    os.kill(broker.pid, signal.SIGSTOP)
    try:
        wait_until(lambda: any(words in process.output()[known:] for words in NOTICED), what="the notice")
    finally:
        os.kill(broker.pid, signal.SIGCONT)


def test_once_publishes_and_status_tells(start):
    enqueue(MARK, 3)
    published = manage_once(start, "dispatch", "--once")
    assert (published.returncode, json.loads(published.stdout)["broker"]) == (0, "up")
    assert json.loads(published.stdout)["published"] >= 3
    status = json.loads(manage_once(start, "dispatch", "--status").stdout)
    assert status["oldest_due_seconds"]["routine"] >= 0
    assert (status["dead"], status["waiting_kinds"]) == (0, {})


def test_once_without_a_broker_fails_and_says_so(start):
    start.env["BROKER_URL"] = f"redis://127.0.0.1:{free_port()}/0"
    result = manage_once(start, "dispatch", "--once")
    assert (result.returncode, json.loads(result.stdout)["broker"]) == (1, "lost")
    assert "broker does not answer" in result.stderr


def test_jobs_of_a_newer_release_wait_and_are_reported(start):
    enqueue(MARK)
    Job.objects.update(kind="intake.tasks.from_the_future")
    process = dispatcher(start)
    process.wait_for_output("intake.tasks.from_the_future")
    assert Job.objects.get(kind="intake.tasks.from_the_future").attempts == 0


WORKER_SETTINGS = {
    "task_ignore_result": True,
    "result_backend": None,
    "task_acks_late": True,
    "task_reject_on_worker_lost": True,
    "task_time_limit": 60,
    "task_soft_time_limit": 45,
    "worker_prefetch_multiplier": 1,
    "worker_max_tasks_per_child": 1000,
    "worker_cancel_long_running_tasks_on_connection_loss": False,
    "worker_soft_shutdown_timeout": 20,
    "worker_enable_soft_shutdown_on_idle": True,
    "broker_connection_retry_on_startup": True,
    "broker_connection_max_retries": None,
    "broker_pool_acquire_timeout": 2,
    "task_publish_retry": False,
    "task_create_missing_queues": False,
    "task_serializer": "json",
    "accept_content": ["json"],
    "enable_utc": True,
}
TRANSPORT_OPTIONS = {
    "visibility_timeout": 120,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "socket_keepalive": True,
    "health_check_interval": 10,
    "max_connections": 20,
}


def test_a_running_worker_has_the_settings_that_reliability_rests_on(start, broker):
    ready_worker(start, "urgent")
    (conf,) = current_app.control.inspect(timeout=10, limit=1).conf(with_defaults=True).values()
    assert {name: conf[name] for name in WORKER_SETTINGS} == WORKER_SETTINGS
    options = conf["broker_transport_options"]
    assert {name: options[name] for name in TRANSPORT_OPTIONS} == TRANSPORT_OPTIONS
    (queues,) = current_app.control.inspect(timeout=10, limit=1).active_queues().values()
    assert [queue["name"] for queue in queues] == ["urgent"]
    assert all(key.startswith(b"threshold:") for key in broker.scan_iter())
