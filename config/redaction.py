"""What may not reach a log: whatever a person typed. Structured values pass, prose does not."""

import logging
import re
import sys
import traceback
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

from structlog.typing import EventDict

from config import env

EMAIL = re.compile(r"[^\s@<>\"'=,;:]+@[^\s@<>\"'=,;:]+\.\w+")
# Seven digits or more, as people write numbers. Not inside words, times, addresses, fractions or UUIDs.
PHONE = re.compile(r"(?<![\w.:/-])(?:\+|\()?\d(?:[ ()/-]{0,2}\d){6,}(?![\w:-])")
WITHHELD = "[withheld]"
PERSONAL = frozenset(
    (
        *(
            "address",
            "date_of_birth",
            "email",
            "name",
            "password",
            "phone",
            "postcode",
            "substance",
            "to",
            "token",
        ),
        *("answers", "body", "contact", "free_text", "note", "notes", "text"),
    )
)
PLAIN = (str, int, float, bool, type(None), UUID, datetime, Enum)


def redact(_: Any, __: str, event: EventDict) -> EventDict:
    """Withhold the values of personal keys, and e-mail addresses and phone numbers anywhere in a text."""
    return {key: WITHHELD if key in PERSONAL else _plain(value) for key, value in event.items()}


def name_errors(_: Any, __: str, event: EventDict) -> EventDict:
    """Replace an exception by its class and where it happened: its text may quote what a person typed.

    LOG_ERROR_TEXT=on adds the text, for a developer's own machine.
    """
    error = _error(event.pop("exc_info", None))
    if error is not None:
        event["error"] = " < ".join(type(each).__name__ for each in _chain(error))
        event["where"] = [
            f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)
        ]
        if env.flag("LOG_ERROR_TEXT", default=False):
            event["error_text"] = str(error)
    return event


def name_requests(_: Any, __: str, event: EventDict) -> EventDict:
    """Replace Django's line on a request, which quotes the address asked for, by method, route and status."""
    record: logging.LogRecord | None = event.get("_record")
    request = getattr(record, "request", None)
    if request is not None and hasattr(request, "method"):
        match = getattr(request, "resolver_match", None)
        status = getattr(record, "status_code", None)
        event.update(event="request_refused", method=request.method, status=status)
        event["route"] = match.route if match else None
    return event


def name_tasks(_: Any, __: str, event: EventDict) -> EventDict:
    """Replace Celery's lines on a failed task, and on a child that ends, which quote the exception."""
    record: logging.LogRecord | None = event.get("_record")
    if record is not None and record.name == "multiprocessing" and event.get("exc_info"):
        event.update(event="worker_child_failed")
    if record is not None and record.name == "celery.app.trace" and record.levelno >= logging.ERROR:
        details = getattr(record, "data", {})
        event.update(event="task_failed", task=details.get("name"), message_id=details.get("id"))
    return event


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return PHONE.sub(WITHHELD, EMAIL.sub(WITHHELD, value))
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {str(key): WITHHELD if key in PERSONAL else _plain(each) for key, each in value.items()}
    return value if isinstance(value, PLAIN) else f"<{type(value).__name__}>"


def _error(exc_info: Any) -> BaseException | None:
    if exc_info is True:
        return sys.exception()
    if isinstance(exc_info, tuple):
        return exc_info[1]
    return exc_info if isinstance(exc_info, BaseException) else None


def _chain(error: BaseException) -> list[BaseException]:
    """Return the error and what caused it."""
    chain = [error]
    while (cause := chain[-1].__cause__ or chain[-1].__context__) and cause not in chain:
        chain.append(cause)
    return chain
