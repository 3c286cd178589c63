from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from crm.models import Site
from tests.factories import SiteFactory

Send = Callable[..., HttpResponse]


def post_enquiry(body: Any, key: str | None = None, **headers: str) -> HttpResponse:
    """Post a body, as an object or as it stands, with a key; from a fresh client that knows nobody."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    named = {"Idempotency-Key": key} if key is not None else {}
    options = {"content_type": headers.pop("content_type", "application/json")}
    return client.post("/api/v1/enquiries", body, headers=named | headers, **options)


@pytest.fixture
def front_door(db: None) -> Site:
    """The site that takes what comes in by web and API."""
    return SiteFactory(name="Harbour House", is_default=True, phone="020 7946 0123")


@pytest.fixture
def send() -> Send:
    return post_enquiry
