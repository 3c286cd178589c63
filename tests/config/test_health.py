"""The pages that machines read."""

import json
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client, override_settings

from crm.enums import Queue
from intake.models import Audit
from intake.services.oddities import note_odd
from intake.services.submission import submit_enquiry
from jobs.clock import database_now
from jobs.models import Heartbeat
from jobs.services.periodic import beat
from notifications.models import Circuit, Message
from tests.factories import LeadFactory
from tests.factories.enquiries import submission
from tests.intake.canaries import ended
from tests.servers import NOWHERE

pytestmark = pytest.mark.django_db


@pytest.fixture
def everything_works():
    for name in ("beat", "dispatch", "watch"):
        beat(name=name, at=database_now())


def _broken(**_: object) -> None:
    raise ValueError("a mistake of ours")


def checks(client: Client) -> dict[str, dict[str, object]]:
    return json.loads(client.get("/readyz").content)["checks"]


def test_healthz_answers_without_a_database(client, django_db_blocker):
    with django_db_blocker.block():
        response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_probes_are_answered_by_address_and_without_tls(client, path, settings, everything_works):
    settings.ALLOWED_HOSTS, settings.SECURE_SSL_REDIRECT = ["threshold.example"], True
    assert client.get(path, headers={"host": "10.0.0.7:8000"}).status_code == 200


def test_probes_are_not_cached_and_set_no_cookie(client, everything_works):
    response = client.get("/readyz")
    assert response["Cache-Control"] == "no-store"
    assert not response.cookies


def test_readyz_is_ready_when_everything_works(client, everything_works):
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json()["status"] == "ready"
    processes = {"beat", "dispatcher", "watch"}
    waiting = {"stranded_enquiry", "unplaced_lead", "unanswered_alert", "alarms"}
    assert set(response.json()["checks"]) == {"database", "broker"} | processes | waiting


def test_readyz_says_that_nothing_was_ever_seen_at_work(client):
    assert client.get("/readyz").status_code == 503
    assert checks(client)["beat"] == {"ok": False, "seconds": None}


@pytest.mark.parametrize(
    ("name", "check", "bound"), [("beat", "beat", 60), ("dispatch", "dispatcher", 30), ("watch", "watch", 60)]
)
def test_readyz_notices_a_silent_process(client, everything_works, name, check, bound):
    Heartbeat.objects.filter(name=name).update(beaten_at=database_now() - timedelta(seconds=bound + 1))
    assert client.get("/readyz").status_code == 503
    assert checks(client)[check]["ok"] is False


def test_readyz_notices_a_lead_that_nothing_places(client, everything_works, site):
    LeadFactory(
        site=site, queue=Queue.UNROUTED, level=None, received_at=database_now() - timedelta(seconds=90)
    )
    assert client.get("/readyz").status_code == 503
    assert checks(client)["unplaced_lead"] == {"ok": False, "seconds": pytest.approx(90, abs=1)}


@pytest.mark.django_db(transaction=True)
def test_readyz_notices_an_enquiry_that_ends_on_no_lead(
    client, database_clock, everything_works, site, monkeypatch
):
    database_clock.stop()
    monkeypatch.setattr("intake.services.linking.open_or_join_lead", _broken)
    submit_enquiry(submission=submission(site), at=database_now() - timedelta(seconds=90))
    assert client.get("/readyz").status_code == 503
    assert checks(client)["stranded_enquiry"] == {"ok": False, "seconds": pytest.approx(90, abs=1)}
    assert "threshold_oldest_stranded_enquiry_seconds 9" in client.get("/metrics").content.decode()


def test_readyz_notices_a_lost_broker(client, everything_works):
    with override_settings(CELERY_BROKER_URL="redis://127.0.0.1:1/0"):
        assert client.get("/readyz").status_code == 503
        assert checks(client)["broker"]["ok"] is False


@pytest.mark.django_db(transaction=True)
def test_readyz_answers_without_a_database(client, monkeypatch):
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "PORT", "1")
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"] == {
        "database": {"ok": False, "seconds": None},
        "broker": {"ok": True, "seconds": None},
    }


def test_metrics_show_leads_jobs_and_signs_of_life(client, everything_works, site):
    LeadFactory(site=site, queue=Queue.UNROUTED, level=None)
    text = client.get("/metrics").content.decode()
    assert 'threshold_open_leads{queue="unrouted"} 1.0' in text
    assert 'threshold_oldest_due_job_seconds{queue="urgent"} 0.0' in text
    assert 'threshold_heartbeat_age_seconds{process="beat"}' in text
    assert "threshold_dead_jobs 0.0" in text


def test_metrics_say_when_we_last_looked_and_came_through(client, everything_works):
    at = database_now()
    Audit.objects.create(at=at - timedelta(seconds=40), passed=True)
    ended(at - timedelta(seconds=200))
    ended(at - timedelta(seconds=100), missed="FORM")
    text = client.get("/metrics").content.decode()
    assert "threshold_audit_age_seconds 40" in text
    assert "threshold_canary_age_seconds 20" in text


@pytest.mark.parametrize(
    "stranger",
    [{"REMOTE_ADDR": "203.0.113.9"}, {"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, {"REMOTE_ADDR": ""}],
)
def test_metrics_do_not_exist_for_strangers_or_through_a_proxy(client, stranger):
    assert client.get("/metrics", **stranger).status_code == 404


def test_metrics_are_for_the_allowed_networks(client, settings):
    settings.METRICS_ALLOWED = ["10.1.0.5/16"]
    assert client.get("/metrics", REMOTE_ADDR="10.1.2.3").status_code == 200
    assert client.get("/metrics").status_code == 404


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_writing_to_them_is_no_use(client, path):
    assert client.post(path).status_code in {404, 405}


def test_metrics_show_what_was_odd_and_who_waits_for_a_person(client, everything_works, site):
    cache.clear()
    note_odd(["HONEYPOT", "TOO_FAST"])
    note_odd(["HONEYPOT"])
    LeadFactory(site=site, review=True, received_at=database_now() - timedelta(seconds=90))
    text = client.get("/metrics").content.decode()
    assert 'threshold_odd_enquiries_total{flag="honeypot"} 2.0' in text
    assert 'threshold_odd_enquiries_total{flag="address_budget"} 0.0' in text
    assert 'threshold_phone_refusals_total{reason="forged"} 0.0' in text
    assert "threshold_oldest_review_seconds 9" in text
    assert "threshold_limits_open 0.0" in text


def test_metrics_say_that_nobody_is_counted(client, everything_works, settings):
    nowhere = settings.CACHES["default"] | {"LOCATION": NOWHERE}
    with override_settings(CACHES={"default": nowhere}):
        assert "threshold_limits_open 1.0" in client.get("/metrics").content.decode()


def test_metrics_say_which_ways_out_are_left_alone_and_what_waits(client, everything_works):
    at = database_now()
    Circuit.objects.create(name="SMS", opened_at=at, probe_at=at, times_opened=3)
    Circuit.objects.create(name="WEBHOOK hooks.example.net")
    said = {"kind": "TEST", "channel": "SMS", "to": "+447700900123", "created_at": at}
    Message.objects.create(dedupe_key="held", held_until=at, why="CircuitOpen", **said)
    Message.objects.create(dedupe_key="just queued", **said)
    text = client.get("/metrics").content.decode()
    assert 'threshold_circuit_open{way="SMS"} 1.0' in text
    assert 'threshold_circuit_open{way="WEBHOOK hooks.example.net"} 0.0' in text
    assert 'threshold_circuit_openings_total{way="SMS"} 3.0' in text
    assert "threshold_waiting_messages 1.0" in text
