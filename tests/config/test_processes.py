"""The processes are the same on a laptop and on a server."""

import re
from pathlib import Path

import pytest
import yaml
from honcho.environ import parse_procfile

ROOT = Path(__file__).resolve().parent.parent.parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
PROCESSES = parse_procfile((ROOT / "Procfile").read_text()).processes
OURS = {name: service for name, service in SERVICES.items() if service["image"] == "threshold"}
THEIRS = {"postgres", "valkey", "caddy"}


def test_compose_runs_the_procfile_and_what_it_stands_on():
    assert set(OURS) == {*PROCESSES, "migrate"}
    assert set(SERVICES) == set(OURS) | THEIRS


@pytest.mark.parametrize("name", PROCESSES)
def test_process_has_the_same_command_in_both(name):
    assert SERVICES[name]["command"] == PROCESSES[name]


def test_queues_all_have_a_worker():
    from jobs.enums import JobQueue

    served = [queue for command in PROCESSES.values() for queue in re.findall(r"--queues (\S+)", command)]
    assert sorted(",".join(served).split(",")) == sorted(JobQueue.values)


def test_workers_leave_time_for_work_in_progress():
    for name in ("worker", "worker-messages", "worker-urgent"):
        assert "REMAP_SIGTERM=SIGQUIT" in PROCESSES[name]
        assert SERVICES[name]["stop_grace_period"] == "30s"  # more than worker_soft_shutdown_timeout


@pytest.mark.parametrize("name", SERVICES)
def test_container_is_confined(name):
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"migrate"}))
def test_container_has_a_health_check_and_comes_back(name):
    assert SERVICES[name]["healthcheck"]["test"]
    assert SERVICES[name]["restart"] == "unless-stopped"


def test_nothing_but_caddy_can_be_reached_from_outside():
    assert {name for name, service in SERVICES.items() if "ports" in service} == {"caddy"}
    assert COMPOSE["networks"]["inside"]["internal"] is True
    assert SERVICES["postgres"]["networks"] == SERVICES["valkey"]["networks"] == ["inside"]


def test_secrets_come_from_files_that_git_ignores():
    named = {key: value["file"] for key, value in COMPOSE["secrets"].items()}
    assert all(path.startswith("secrets/") for path in named.values())
    assert "secrets/" in (ROOT / ".gitignore").read_text().splitlines()
    for service in SERVICES.values():
        for key in service.get("environment", {}):
            assert not re.search("PASSWORD$|SECRET_KEY$|KEYSETS$|DATABASE_URL$", key), key


def test_broker_keeps_what_it_is_given():
    command = " ".join(SERVICES["valkey"]["command"])
    assert "--appendonly yes" in command
    assert "--maxmemory-policy noeviction" in command


def test_image_does_not_run_as_root_and_installs_by_hash():
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert "\nUSER threshold\n" in dockerfile
    assert "--require-hashes" in dockerfile
