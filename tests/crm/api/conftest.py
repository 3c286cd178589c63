from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from crm.models import User
from crm.services.api_tokens import issue_token
from jobs.clock import database_now

Api = Callable[..., HttpResponse]


def acting_as(user: User) -> Api:
    """Return a caller of the API with a token of this user: GET, or POST when there is a body."""
    headers = {"Authorization": f"Bearer {issue_token(user=user, at=database_now())}"}
    client = Client(enforce_csrf_checks=True, headers=headers, raise_request_exception=False)

    def call(path: str, body: Any = None, **query: Any) -> HttpResponse:
        if body is None:
            return client.get(f"/api/v1/{path}", query)
        return client.post(f"/api/v1/{path}", body, content_type="application/json")

    return call


@pytest.fixture
def as_coordinator(coordinator: User) -> Api:
    return acting_as(coordinator)


@pytest.fixture
def as_clinician(clinician: User) -> Api:
    """A clinical lead."""
    return acting_as(clinician)


@pytest.fixture
def as_outsider(outsider: User) -> Api:
    return acting_as(outsider)
