import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from crm.models import ApiToken, User
from crm.services.api_tokens import use_token
from jobs.clock import database_now

pytestmark = pytest.mark.django_db


def api_token(*arguments: str) -> str:
    out = StringIO()
    call_command("api_token", *arguments, stdout=out)
    return out.getvalue()


def test_it_prints_one_token_and_nothing_else(coordinator: User) -> None:
    printed = api_token(coordinator.email)
    assert printed.count("\n") == 1
    assert use_token(token=printed.strip(), at=database_now()) == coordinator


def test_the_address_is_read_without_case(coordinator: User) -> None:
    assert use_token(token=api_token(coordinator.email.upper()).strip(), at=database_now()) == coordinator


def test_a_machine_reads_json(coordinator: User) -> None:
    made = json.loads(api_token(coordinator.email, "--json"))
    assert made["email"] == coordinator.email
    assert use_token(token=made["token"], at=database_now()) == coordinator
    assert json.loads(api_token(coordinator.email, "--revoke", "--json"))["revoked"] == 1


def test_revoke_takes_all_back_and_makes_none(coordinator: User) -> None:
    tokens = [api_token(coordinator.email).strip() for _ in range(2)]
    assert api_token(coordinator.email, "--revoke") == "Taken back: 2\n"
    assert [use_token(token=token, at=database_now()) for token in tokens] == [None, None]
    assert ApiToken.objects.count() == 2


def test_an_unknown_address_is_an_error(coordinator: User) -> None:
    with pytest.raises(CommandError) as failed:
        api_token("nobody@threshold.example")
    assert failed.value.returncode == 1


def test_somebody_who_left_gets_no_token_but_loses_theirs(coordinator: User) -> None:
    api_token(coordinator.email)
    User.objects.update(is_active=False)
    with pytest.raises(CommandError):
        api_token(coordinator.email)
    assert api_token(coordinator.email, "--revoke") == "Taken back: 1\n"


def test_help_says_what_it_does(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        call_command("api_token", "--help")
    assert ended.value.code == 0
    assert "bearer token" in capsys.readouterr().out
