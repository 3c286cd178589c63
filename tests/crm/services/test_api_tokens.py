from datetime import timedelta

import pytest

from crm.models import ApiToken, User
from crm.services.api_tokens import issue_token, revoke_tokens, use_token
from jobs.clock import database_now

pytestmark = pytest.mark.django_db


def test_a_token_stands_for_its_user(coordinator: User, manager: User) -> None:
    at = database_now()
    token = issue_token(user=coordinator, at=at)
    issue_token(user=manager, at=at)
    assert use_token(token=token, at=at) == coordinator


def test_the_token_itself_is_nowhere_in_the_database(coordinator: User) -> None:
    token = issue_token(user=coordinator, at=database_now())
    stored = ApiToken.objects.values().get()
    assert token not in str(stored)
    assert len(token) > 40


@pytest.mark.parametrize("token", ["", "threshold_", "no such token", "\x00", "\ud800", "é" * 1000])
def test_what_is_no_token_of_ours_stands_for_nobody(coordinator: User, token: str) -> None:
    issue_token(user=coordinator, at=database_now())
    assert use_token(token=token, at=database_now()) is None


def test_revoking_takes_back_all_tokens_of_one_user_and_no_others(coordinator: User, manager: User) -> None:
    at = database_now()
    tokens = [issue_token(user=coordinator, at=at) for _ in range(2)]
    other = issue_token(user=manager, at=at)
    assert revoke_tokens(user=coordinator, at=at) == 2
    assert [use_token(token=token, at=at) for token in tokens] == [None, None]
    assert use_token(token=other, at=at) == manager
    assert revoke_tokens(user=coordinator, at=at) == 0


def test_the_token_of_somebody_who_left_opens_nothing(coordinator: User) -> None:
    token = issue_token(user=coordinator, at=database_now())
    User.objects.filter(pk=coordinator.pk).update(is_active=False)
    assert use_token(token=token, at=database_now()) is None


def test_the_latest_use_is_noted_once_a_minute(coordinator: User) -> None:
    at = database_now()
    token = issue_token(user=coordinator, at=at)
    uses = [at, at + timedelta(seconds=30), at + timedelta(seconds=90)]
    noted = []
    for use in uses:
        use_token(token=token, at=use)
        noted.append(ApiToken.objects.get().used_at)
    assert noted == [uses[0], uses[0], uses[2]]
