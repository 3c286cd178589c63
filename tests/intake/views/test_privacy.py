"""The privacy page says what is true of connections, and of this installation."""

from typing import Any

import pytest
from django.core.cache import cache
from django.db.models import Model
from django.test import Client

from crm.models import Lead, LeadEvent, Placement, Site
from intake.models import Enquiry
from tests.intake.forms.sent import URGENT
from tests.intake.views.pages import main
from vault.fields import EncryptedJSONField, EncryptedTextField

pytestmark = pytest.mark.django_db
HOME = "203.0.113.7"


def test_it_says_that_connections_are_counted_and_for_how_long(
    client: Client, centre: Site, settings: Any
) -> None:
    settings.BUDGET_PER_ADDRESS, settings.BUDGET_MINUTES = 60, 45
    page = main(client.get("/privacy/"))
    assert "we count how many forms came from the same connection" in page
    assert "We do not keep the address of the connection" in page
    assert "deleted 45 minutes after" in page


def test_where_nothing_is_counted_it_does_not_say_so(client: Client, centre: Site, settings: Any) -> None:
    settings.BUDGET_PER_ADDRESS = 0
    assert "we count" not in main(client.get("/privacy/"))


@pytest.mark.usefixtures("budgets")
def test_what_it_says_is_so(client: Client, centre: Site, settings: Any) -> None:
    client.post("/urgent/", URGENT, REMOTE_ADDR=HOME)
    store = cache._cache.get_client()  # type: ignore[attr-defined]  # Django's Redis cache
    [key] = [key for key in store.scan_iter() if b"budget:address:" in key]
    assert HOME.encode() not in key
    assert store.get(key) == b"1"
    assert 0 < store.ttl(key) <= settings.BUDGET_MINUTES * 60
    assert HOME not in str(Enquiry.objects.values())


@pytest.mark.parametrize(
    ("model", "column", "said"),
    [
        (Lead, "main_substance", "the substance or habit that you named first"),
        (Lead, "level", "how urgent it is"),
        (Placement, "rules", "and why"),
        (LeadEvent, "data", "what we told you"),
    ],
)
def test_what_is_not_encrypted_is_named(
    client: Client, centre: Site, model: type[Model], column: str, said: str
) -> None:
    field = model._meta.get_field(column)
    assert not isinstance(field, (EncryptedTextField, EncryptedJSONField)), "then the page need not say it"
    assert said in main(client.get("/privacy/"))
