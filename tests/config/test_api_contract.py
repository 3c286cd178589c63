"""Schemathesis reads our OpenAPI document and tries to catch us lying. Bounded, and the same every time."""

from collections.abc import Iterator
from itertools import cycle
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from config.wsgi import application
from crm.enums import Level
from crm.models import Lead, Site, User
from crm.services.api_tokens import issue_token
from jobs.clock import database_now
from tests.factories import LeadFactory, SiteFactory

pytestmark = pytest.mark.django_db
schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
schema.config.generation.update(with_security_parameters=False)  # tests/crm/api/test_access.py
# No document can say which cursors we gave out, or what the state of a lead allows.
STATEFUL = {"list_queue", "log_contact_attempt", "change_level", "close_lead"}


def bounded(examples: int) -> settings:
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


@pytest.fixture(autouse=True)
def one_transaction_a_test() -> Iterator[None]:
    """Keep the connection with the test's transaction, as Django's own test client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def leads(site: Site) -> Iterator[Lead]:
    """Leads in every state that matters, over and over."""
    SiteFactory(is_default=True)
    states: list[dict[str, Any]] = [
        {},
        {"level": Level.E2},
        {"unrouted": True},
        {"review": True},
        {"closed": True},
    ]
    return cycle([LeadFactory(site=site, **state) for state in states])


@schema.include(tag="Desk").parametrize()
@bounded(examples=40)
def test_the_document_holds_for_staff(
    case: schemathesis.Case, coordinator: User, leads: Iterator[Lead]
) -> None:
    token = issue_token(user=coordinator, at=database_now())
    if "reference" in case.path_parameters:
        case.path_parameters["reference"] = next(leads).reference
    stateful = case.operation.definition.raw["operationId"] in STATEFUL
    skipped = [positive_data_acceptance] if stateful else []
    case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, excluded_checks=skipped)


@schema.parametrize()
@bounded(examples=20)
def test_the_document_holds_for_strangers(case: schemathesis.Case, leads: Iterator[Lead]) -> None:
    case.call_and_validate()
