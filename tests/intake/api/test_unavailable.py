"""When the database is away: nothing is promised, and the number to ring is given."""

import logging
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.utils.module_loading import import_string

from crm.models import Site
from intake.models import Enquiry
from intake.services.reconciliation import reconcile
from tests.factories.enquiries import ADA, DRINKER, IN_DANGER
from tests.intake.api.conftest import Send
from tests.intake.services.refusing import refusing_inserts

BODY = DRINKER | {"contact": ADA}


@pytest.fixture
def no_database(transactional_db: None, settings: Any) -> Iterator[None]:
    """Nobody listens where the database should be."""
    port = connection.settings_dict["PORT"]
    connection.close()
    connection.settings_dict["PORT"] = "9"
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["PORT"] = port


@pytest.fixture(autouse=True)
def a_process_that_has_read_nothing(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    monkeypatch.setattr("intake.selectors.site._Known.phone", "")
    settings.PUBLIC_PHONE = "020 7946 0999"


def test_without_a_database_the_answer_is_503_with_the_number_to_ring(no_database: None, send: Send) -> None:
    response = send(BODY, key="one")
    assert response.status_code == 503
    assert response.headers["Content-Type"] == "application/problem+json"
    assert int(response.headers["Retry-After"]) > 0
    assert response.json()["phone"] == "020 7946 0999"
    assert "Nothing was stored" in response.json()["detail"]


def test_danger_is_answered_without_a_database(no_database: None, send: Send) -> None:
    told = send(IN_DANGER | {"contact": ADA}).json()
    assert told["messages"][0]["key"] == "M999"


def test_a_body_that_makes_no_sense_is_not_promised_anything_either(no_database: None, send: Send) -> None:
    assert send({"contact": {}}).status_code in {422, 503}


@pytest.mark.django_db(transaction=True)
def test_the_same_key_works_once_the_database_is_back(front_door: Site, send: Send) -> None:
    assert send(BODY, key="zero").status_code == 201
    port = connection.settings_dict["PORT"]
    connection.close()
    connection.settings_dict["PORT"] = "9"
    response = send(BODY, key="one")
    assert (response.status_code, response.json()["phone"]) == (503, front_door.phone)
    connection.close()
    connection.settings_dict["PORT"] = port
    assert send(BODY, key="one").status_code == 201


@pytest.mark.django_db
def test_before_the_clinic_is_set_up_nothing_is_promised(send: Send) -> None:
    response = send(BODY)
    assert (response.status_code, response.json()["phone"]) == (503, "020 7946 0999")


@pytest.mark.django_db(transaction=True)
def test_a_database_that_refuses_the_enquiry_itself_promises_nothing(front_door: Site, send: Send) -> None:
    with refusing_inserts("intake_enquiry"):
        response = send(BODY)
    assert response.status_code == 500
    assert response.headers["Content-Type"] == "application/problem+json"
    assert not Enquiry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_failure_after_the_enquiry_is_stored_is_not_the_callers_business(
    front_door: Site, send: Send
) -> None:
    with refusing_inserts("crm_lead"):
        first = send(BODY, key="one")
    assert first.status_code == 201
    again = send(BODY, key="one")
    assert again.content == first.content
    assert Enquiry.objects.get().lead is not None


@pytest.mark.django_db(transaction=True)
def test_nothing_that_somebody_typed_is_logged(
    front_door: Site, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    logged = StringIO()
    [ours] = [each for each in logging.getLogger().handlers if type(each) is logging.StreamHandler]
    monkeypatch.setattr(ours, "stream", logged)
    body = {"contact": ADA, "free_text": "tell nobody", "symptoms": ["tremor"]}
    send(body, key="one")
    send(body | {"symptoms": ["sekrit"]})
    for table in ("intake_enquiry", "crm_leadreference"):
        with refusing_inserts(table):
            send(body)
    assert "enquiry_not_linked" in logged.getvalue()
    for secret in ("Ada", "900123", "example.org", "tell nobody", "tremor", "sekrit"):
        assert secret not in logged.getvalue()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "step", ["intake.services.linking.triage_in_request", "intake.services.linking.source_name"]
)
def test_a_connection_that_dies_after_the_first_commit_costs_no_answer(
    front_door: Site, send: Send, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """The first step is between the two transactions, the second in the middle of the second one."""
    real = import_string(step)

    def die(*arguments: Any) -> Any:
        with pytest.raises(OperationalError), connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return real(*arguments)

    with monkeypatch.context() as dying:
        dying.setattr(step, die)
        first = send(IN_DANGER | {"contact": ADA}, key="one")
    connection.close()
    assert first.status_code == 201
    assert first.json()["messages"][0]["key"] == "M999"
    again = send(IN_DANGER | {"contact": ADA}, key="one")
    assert again.content == first.content
    assert reconcile().unaccounted == 0


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_died_before_costs_nothing(front_door: Site, send: Send) -> None:
    with pytest.raises(OperationalError), connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    assert send(BODY).status_code == 201
