"""The API without a token has the budgets of the forms; with a member of staff's token it has none."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import OperationalError

from crm.enums import Queue
from crm.models import Lead, Site, User
from crm.services.api_tokens import issue_token
from intake.models import Enquiry
from jobs.clock import database_now
from tests.intake.api.conftest import Send

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("budgets", "front_door"),
]


def enquiry(number: int) -> dict[str, Any]:
    return {"contact": {"phone": f"07700 9001{number:02}"}, "suicide": "none_disclosed"}


def sent(send: Send, times: int, **headers: str) -> list[int]:
    return [
        send(enquiry(number), str(uuid4()), content_type="application/json", **headers).status_code
        for number in range(times)
    ]


def in_review() -> list[str]:
    return list(Lead.objects.filter(queue=Queue.REVIEW).values_list("review_reason", flat=True))


def test_over_budget_is_taken_and_reviewed(send: Send) -> None:
    assert sent(send, 5) == [201] * 5
    assert in_review() == ["Many enquiries from one connection"] * 2


def test_staff_may_send_as_many_as_they_like(send: Send, coordinator: User) -> None:
    token = issue_token(user=coordinator, at=database_now())
    assert sent(send, 5, Authorization=f"Bearer {token}") == [201] * 5
    assert in_review() == []


@pytest.mark.parametrize("header", ["Bearer nonsense", "Bearer", "Basic eDp5", ""])
def test_a_token_that_is_none_is_the_public(send: Send, header: str) -> None:
    assert sent(send, 4, Authorization=header) == [201] * 4
    assert len(in_review()) == 1


def test_a_retry_with_the_same_key_is_answered_alike(send: Send) -> None:
    bodies = [send(enquiry(1), "the-same-key").content for _ in range(5)]
    assert len(set(bodies)) == 1
    assert Enquiry.objects.count() == 1
    assert in_review() == []


def test_without_a_database_to_ask_a_token_counts_as_none(
    send: Send, front_door: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(**_: object) -> None:
        raise OperationalError

    monkeypatch.setattr("crm.api.access.use_token", away)
    assert sent(send, 1, Authorization="Bearer abc") == [201]
