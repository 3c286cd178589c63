"""The quick way out."""

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from crm.models import Site, User

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("method", ["get", "post"])
def test_leaving_goes_somewhere_neutral_and_is_kept_by_nobody(client: Client, method: str) -> None:
    response = getattr(client, method)("/leave/")
    assert (response.status_code, response["Location"]) == (302, settings.QUICK_EXIT_URL)
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "no-referrer"


def test_leaving_forgets_the_session(client: Client, site: Site, coordinator: User) -> None:
    client.force_login(coordinator)
    assert Session.objects.exists()
    response = client.get("/leave/")
    assert not Session.objects.exists()
    assert response.cookies[settings.SESSION_COOKIE_NAME]["max-age"] == 0
