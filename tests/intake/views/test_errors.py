"""Pages for what went wrong keep the way to help in sight."""

import pytest
from django.test import Client, RequestFactory

from crm.models import Site
from intake.views import errors
from tests.intake.views.pages import main, text_of

HANDLERS = {
    400: lambda request: errors.bad_request(request, ValueError()),
    403: lambda request: errors.forbidden(request, PermissionError()),
    404: lambda request: errors.not_found(request, LookupError()),
    500: errors.server_error,
    503: errors.unavailable,
}


@pytest.mark.parametrize("status", HANDLERS)
def test_the_page_needs_no_database_and_keeps_the_numbers(status: int, rf: RequestFactory) -> None:
    response = HANDLERS[status](rf.get("/"))
    assert response.status_code == status
    assert "Call 999 if someone" in main(response) or "Emergency" in text_of(response)
    assert "116 123" in text_of(response)


@pytest.mark.django_db
def test_an_unknown_address_gets_our_own_page(client: Client, centre: Site) -> None:
    response = client.get("/nothing-here/")
    assert response.status_code == 404
    assert "We cannot find that page" in main(response)


@pytest.mark.django_db
def test_a_staff_form_without_its_token_says_what_to_do(centre: Site) -> None:
    response = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "x"})
    assert response.status_code == 403
    assert "Go back, reload the page" in main(response)
