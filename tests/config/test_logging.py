"""Logs: JSON lines in which nothing that a person typed survives."""

import io
import json
import logging
from uuid import UUID

import pytest
import structlog
from celery import shared_task
from django.test import Client, RequestFactory

from config.logging import LOGGING
from config.redaction import WITHHELD, redact

FORMATTER = {key: value for key, value in LOGGING["formatters"]["json"].items() if key != "()"}


@pytest.fixture
def lines():
    """What the product's handler writes, as a function that returns the events so far."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(**FORMATTER))
    logging.getLogger().addHandler(handler)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logging.getLogger().removeHandler(handler)


def test_event_is_one_json_line(lines):
    structlog.get_logger("crm.leads").warning("lead_opened", level="U1")
    event = lines()[0]
    assert event.pop("timestamp").endswith("Z")
    assert event == {"event": "lead_opened", "level": "U1", "severity": "warning", "logger": "crm.leads"}


@pytest.mark.parametrize(
    "written",
    ["ann@example.org", "07700 900123", "+44 7700 900 123", "(0117) 496-0123", "0117/4960123", "07700900123"],
)
def test_addresses_and_numbers_are_withheld_in_any_text(lines, written):
    structlog.get_logger().info("seen", detail=f"from {written}, twice", nested=[{"x": written}])
    logging.getLogger("library").info("from %s", written)
    assert written not in json.dumps(lines())
    assert lines()[0]["detail"] == f"from {WITHHELD}, twice"


@pytest.mark.parametrize(
    "harmless",
    [
        "2026-11-22T13:07:48.123456+00:00",
        "0199c8f1-1234-7123-8123-123456789012",
        "127.0.0.1:18000",
        "succeeded in 0.0123456789s",
        "K7QM-3XRT",
        "192.168.100.200",
    ],
)
def test_times_ids_and_addresses_of_machines_survive(harmless):
    assert redact(None, "", {"detail": harmless})["detail"] == harmless


@pytest.mark.parametrize("key", ["name", "phone", "email", "answers", "note", "token", "substance"])
def test_personal_keys_are_withheld_whatever_they_hold(key):
    assert redact(None, "", {key: "Ann", "inner": {key: 1}}) == {key: WITHHELD, "inner": {key: WITHHELD}}


def test_ids_pass_and_objects_do_not():
    subject, request = UUID(int=7), RequestFactory().get("/")
    event = redact(None, "", {"subject": subject, "thing": request})
    assert event == {"subject": subject, "thing": "<WSGIRequest>"}


def test_error_leaves_its_class_and_place_but_not_its_text(lines):
    try:
        int("my name is Ann")
    except ValueError:
        structlog.get_logger().exception("failed")
        logging.getLogger("library").exception("failed")
    for event in lines():
        assert event["error"] == "ValueError"
        assert "test_logging.py" in event["where"][0]
        assert "Ann" not in json.dumps(event)


def test_error_names_its_cause(lines):
    try:
        try:
            raise KeyError("Ann")
        except KeyError as error:
            raise RuntimeError from error
    except RuntimeError:
        structlog.get_logger().exception("failed")
    assert lines()[0]["error"] == "RuntimeError < KeyError"


def test_error_text_is_shown_to_a_developer_who_asks(lines, monkeypatch):
    monkeypatch.setenv("LOG_ERROR_TEXT", "on")
    structlog.get_logger().error("failed", exc_info=ValueError("why"))
    assert lines()[0]["error_text"] == "why"


def test_refused_request_is_named_by_its_route(lines):
    request = RequestFactory().post("/received/secret-token/", {"name": "Ann"})
    logging.getLogger("django.request").error(
        "Internal Server Error: %s", request.path, extra={"status_code": 500, "request": request}
    )
    event = lines()[0]
    assert (event["event"], event["method"], event["status"]) == ("request_refused", "POST", 500)
    assert "secret-token" not in json.dumps(event)


def test_unknown_address_leaves_no_line(lines):
    Client().get("/no-such-page/07700900123/")
    assert lines() == []


def test_failed_task_is_named_without_its_error(lines):
    @shared_task(name="tests.failing")
    def failing() -> None:
        raise ValueError("Ann")

    failing.apply()
    events = [event for event in lines() if event["event"] == "task_failed"]
    assert events[0]["task"] == "tests.failing"
    assert "Ann" not in json.dumps(events)
