"""The technical admin: where a site is, is picked from a list."""

import pytest
from django.test import Client

from crm.models import Site, User

pytestmark = pytest.mark.django_db


def test_a_place_is_picked_and_not_typed(client: Client, site: Site, admin_user: User) -> None:
    client.force_login(admin_user)
    path = f"/admin/crm/site/{site.pk}/change/"
    page = client.get(path).content.decode()
    assert '<option value="Wales">Wales</option>' in page
    assert '<option value="IE">Ireland</option>' in page
    response = client.post(path, {"nation": "england", "locale": "UK"})
    errors = response.context["adminform"].form.errors
    assert {"nation", "locale"} <= set(errors)
