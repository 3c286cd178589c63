"""Pages for what went wrong keep the way to help in sight."""

import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import resolve

from crm.models import Site, User
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
def test_staff_stay_at_the_desk(desk: Client) -> None:
    for path, status in (("/desk/nothing-here/", 404), ("/desk/reports/", 403)):
        response = desk.get(path)
        assert response.status_code == status
        assert 'class="desk"' in text_of(response)
        assert "Go to the dashboard" in main(response)
        assert "first page" not in text_of(response)


@pytest.mark.django_db
def test_an_old_form_of_the_desk_stays_at_the_desk(coordinator: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(coordinator)
    response = strict.post("/desk/take-next/")
    assert response.status_code == 403
    assert 'class="desk"' in text_of(response)
    assert "load the page again" in main(response)


@pytest.mark.django_db
def test_strangers_at_the_desk_get_the_public_page(client: Client, centre: Site) -> None:
    response = client.get("/desk/nothing-here/")
    assert response.status_code == 404
    assert "116 123" in text_of(response)


def test_at_the_desk_the_page_needs_no_database_either(rf: RequestFactory) -> None:
    class Unreachable:
        @property
        def is_authenticated(self) -> bool:
            raise OperationalError

    request = rf.get("/desk/nothing-here/")
    request.user = Unreachable()
    assert "116 123" in text_of(errors.not_found(request, LookupError()))


@pytest.mark.django_db
def test_an_address_with_too_many_parts_is_an_answer(client: Client, centre: Site) -> None:
    assert client.get("/?" + "a=1&" * 5000).status_code == 400


@pytest.mark.django_db
def test_a_staff_form_without_its_token_says_what_to_do(centre: Site) -> None:
    response = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "x"})
    assert response.status_code == 403
    assert "Go back, reload the page" in main(response)


def test_at_the_desk_what_was_typed_comes_back_to_be_sent_again(rf: RequestFactory) -> None:
    typed = {"note": "Rang twice.\nWill ring <b>later</b>.", "csrfmiddlewaretoken": "token-1"}
    request = rf.post("/desk/leads/7KX3-9QF2/contact/", typed)
    response = _answer_to(OperationalError(), request)
    page = text_of(response)
    assert response.status_code == 503
    assert "Will ring <b>later</b>." in main(response)
    assert "token-1" not in main(response)
    assert "<b>later" not in page
    assert 'name="csrfmiddlewaretoken" value="token-1"' in page
    assert 'action="/desk/leads/7KX3-9QF2/contact/"' in page


def test_on_a_public_form_every_word_that_was_written_is_shown_again(rf: RequestFactory) -> None:
    typed = {"free_text": "It is worse.", "safe_note": "Not from a hidden number", "suicide": "unknown"}
    request = rf.post("/received/x.y/more/", typed)
    request.resolver_match = resolve(request.path)
    response = errors.unavailable(request)
    words = main(response)
    assert "It is worse." in words
    assert "Not from a hidden number" in words
    assert "unknown" not in words  # a tick, which is sent again all the same
    assert 'name="suicide" value="unknown"' in text_of(response)


def test_a_fault_of_our_own_is_not_called_an_outage(rf: RequestFactory) -> None:
    assert _answer_to(ValueError(), rf.get("/")).status_code == 500
    assert _answer_to(OperationalError(), rf.get("/")).status_code == 503


def _answer_to(error: Exception, request: HttpRequest) -> HttpResponse:
    """Answer as Django does, while it handles the exception."""
    try:
        raise error
    except Exception:  # noqa: BLE001
        return errors.server_error(request)
