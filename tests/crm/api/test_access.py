"""Who gets in: nobody without a good token, and nobody sees past their own sites."""

from typing import Any

import pytest
from django.test import Client

from crm.models import LeadAccess, LeadEvent, Site, User
from crm.services.api_tokens import issue_token, revoke_tokens
from jobs.clock import database_now
from tests.crm.api.conftest import Api, acting_as
from tests.factories import LeadFactory, UserFactory

pytestmark = pytest.mark.django_db
OPERATIONS: list[tuple[str, dict[str, Any] | None]] = [
    ("leads/{}", None),
    ("leads/{}/claim", {}),
    ("leads/{}/contact-attempts", {"method": "call", "outcome": "no_answer"}),
    ("leads/{}/placements", {"level": "E2", "reason_code": "told_on_call"}),
    ("leads/{}/close", {"disposition": "not_now"}),
]


def ask(path: str, body: Any, **headers: str) -> Any:
    client = Client(headers=headers, enforce_csrf_checks=True)
    if body is None:
        return client.get(f"/api/v1/{path}")
    return client.post(f"/api/v1/{path}", body, content_type="application/json")


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer ", "Bearer threshold_wrong", "Basic YTpi", "x y z"]
)
@pytest.mark.parametrize(("path", "body"), [*OPERATIONS, ("queues/urgent/leads", None)])
def test_without_a_good_token_there_is_nothing(site: Site, path: str, body: Any, header: str | None) -> None:
    lead = LeadFactory(site=site)
    headers = {} if header is None else {"Authorization": header}
    response = ask(path.format(lead.reference), body, **headers)
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert response.headers["Content-Type"] == "application/problem+json"
    assert lead.reference not in response.content.decode()


def test_a_session_of_the_desk_is_no_token(desk: Client, site: Site) -> None:
    """A browser can be made to send its cookie; it cannot be made to send a token."""
    lead = LeadFactory(site=site)
    assert desk.get(f"/api/v1/leads/{lead.reference}").status_code == 401
    assert desk.post(f"/api/v1/leads/{lead.reference}/claim").status_code == 401


def test_a_token_that_was_taken_back_opens_nothing(coordinator: User) -> None:
    token = issue_token(user=coordinator, at=database_now())
    assert ask("queues/urgent/leads", None, Authorization=f"Bearer {token}").status_code == 200
    revoke_tokens(user=coordinator, at=database_now())
    assert ask("queues/urgent/leads", None, Authorization=f"Bearer {token}").status_code == 401


def test_the_scheme_is_read_without_case(coordinator: User) -> None:
    token = issue_token(user=coordinator, at=database_now())
    assert ask("queues/urgent/leads", None, Authorization=f"bearer {token}").status_code == 200


@pytest.mark.parametrize(("path", "body"), OPERATIONS)
def test_an_outsider_is_told_that_there_is_no_such_lead(
    as_outsider: Api, site: Site, path: str, body: Any
) -> None:
    lead = LeadFactory(site=site)
    events = LeadEvent.objects.count()
    response = as_outsider(path.format(lead.reference), body)
    assert response.status_code == 404
    assert response.json() == as_outsider(path.format("TTTT-TTTT"), body).json()
    assert LeadEvent.objects.count() == events
    assert not LeadAccess.objects.exists()


@pytest.mark.parametrize(("path", "body"), [*OPERATIONS, ("queues/urgent/leads", None)])
def test_somebody_with_no_role_anywhere_is_refused(site: Site, path: str, body: Any) -> None:
    response = acting_as(UserFactory())(path.format(LeadFactory(site=site).reference), body)
    assert response.status_code == 403
    assert response.headers["Content-Type"] == "application/problem+json"


def test_a_superuser_sees_no_more_than_their_sites(site: Site) -> None:
    lead = LeadFactory(site=site)
    assert (
        acting_as(UserFactory(is_superuser=True, is_staff=True))(f"leads/{lead.reference}").status_code == 403
    )


@pytest.mark.parametrize("reference", ["nonsense", "%00", "a" * 500, "..", "T7K4 9QXM", "🆘"])
def test_what_is_no_reference_is_not_found(as_coordinator: Api, reference: str) -> None:
    response = as_coordinator(f"leads/{reference}")
    assert response.status_code == 404
    assert response.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "path", ["leads", "nope", "leads/T7K4-9QXM/nope", "queues/mine/leads", "queues/urgent"]
)
def test_an_unknown_address_is_not_found(as_coordinator: Api, path: str) -> None:
    response = as_coordinator(path)
    assert response.status_code == 404
    assert response.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(("path", "body"), OPERATIONS)
def test_a_wrong_method_is_named(as_coordinator: Api, site: Site, path: str, body: Any) -> None:
    reference = LeadFactory(site=site).reference
    response = as_coordinator(path.format(reference), {} if body is None else None)
    assert response.status_code == 405
    assert response.headers["Allow"] == ("GET" if body is None else "POST")
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["status"] == 405
