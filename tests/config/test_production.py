"""Production: refuses to start half-configured, and is strict when it runs."""

import json
import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

from vault.keysets import new_keysets

ROOT = Path(__file__).resolve().parent.parent.parent
HOST = "help.threshold.example"
LOOK = """
import json, django
django.setup()
from django.test import Client
response = Client().get("/", secure=%s, headers={"host": "%s"})
print(json.dumps(dict(response.headers) | {"status": response.status_code}))
"""


@pytest.fixture
def environment(monkeypatch):
    """Everything that production needs, made on the spot; nothing of the test run's settings."""
    return {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "VAULT_KEYSETS": new_keysets(),
        "ALLOWED_HOSTS": HOST,
        "BASE_URL": f"https://{HOST}",
        "DATABASE_URL": os.environ["DATABASE_URL"],
        "REDIS_URL": os.environ["REDIS_URL"],
        "HEARTBEAT_URL": "https://heart.example/abc",
        "DEFAULT_FROM_EMAIL": "Sam <sam@clinic.org>",
    }


def run(*arguments: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def headers(environment: dict[str, str], *, secure: bool) -> dict[str, str]:
    done = run("-c", LOOK % (secure, HOST), environment=environment)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_deployment_check_is_clean(environment):
    done = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", environment=environment)
    assert done.returncode == 0, done.stderr
    assert "no issues (0 silenced)" in done.stdout


def test_a_chosen_channel_without_its_credentials_fails_in_words(environment):
    environment |= {"SMS_CHANNEL": "twilio", "TWILIO_ACCOUNT_SID": "AC1", "PUSH_CHANNEL": "vapid"}
    done = run("manage.py", "check", "--deploy", environment=environment)
    assert done.returncode != 0
    assert "SMS_CHANNEL is twilio, so set TWILIO_AUTH_TOKEN, TWILIO_SMS_FROM." in done.stderr
    assert "PUSH_CHANNEL is vapid, so set VAPID_PRIVATE_KEY, VAPID_SUBJECT." in done.stderr


def test_webhooks_never_reach_the_machine_itself(environment):
    environment["OUTGOING_LOOPBACK"] = "on"
    look = "from django.conf import settings; print(settings.OUTGOING_LOOPBACK)"
    done = run("-c", look, environment=environment)
    assert done.stdout.strip() == "False", done.stderr


@pytest.mark.parametrize(
    "secret", ["SECRET_KEY", "VAULT_KEYSETS", "ALLOWED_HOSTS", "BASE_URL", "DATABASE_URL", "REDIS_URL"]
)
def test_refuses_to_start_without(environment, secret):
    del environment[secret]
    done = run("manage.py", "check", environment=environment)
    assert done.returncode != 0
    assert f"Set {secret}, or {secret}_FILE to a file that holds it." in done.stderr


def test_secrets_may_come_from_files(environment, tmp_path):
    for name in ("SECRET_KEY", "VAULT_KEYSETS", "DATABASE_URL", "REDIS_URL"):
        (tmp_path / name).write_text(environment.pop(name) + "\n")
        environment[f"{name}_FILE"] = str(tmp_path / name)
    assert run("manage.py", "check", environment=environment).returncode == 0


def test_limits_on_sign_in_count_the_visitors_address_and_not_the_proxys(environment):
    look = (
        "import django; django.setup(); from django.test import RequestFactory as R; "
        "from allauth.account.adapter import get_adapter as a; "
        "seen = {'REMOTE_ADDR': '10.0.0.2', 'HTTP_X_FORWARDED_FOR': '1.2.3.4, 203.0.113.9'}; "
        "print(a().get_client_ip(R().get('/', **seen)))"
    )
    done = run("-c", look, environment=environment)
    assert done.stdout.strip() == "203.0.113.9", done.stderr


def test_plain_http_is_sent_to_https(environment):
    answer = headers(environment, secure=False)
    assert (answer["status"], answer["Location"]) == (301, f"https://{HOST}/")


def test_page_comes_with_strict_headers(environment, tmp_path):
    environment["STATIC_ROOT"] = str(tmp_path)
    collected = run("manage.py", "collectstatic", "--noinput", environment=environment)
    assert collected.returncode == 0, collected.stderr
    answer = headers(environment, secure=True)
    assert answer["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy, "no other host may be asked for anything"
