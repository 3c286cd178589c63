"""Logging: one JSON line an event, and nothing in it that a person typed."""

from typing import Any

import structlog
from structlog.typing import EventDict

from config import env
from config.redaction import name_errors, name_requests, name_tasks, redact


def add_severity(_: Any, method: str, event: EventDict) -> EventDict:
    """Name the severity so, because `level` is a lead's."""
    event["severity"] = "error" if method == "exception" else method
    return event


COMMON: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    add_severity,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
FORMATTER = {
    "()": structlog.stdlib.ProcessorFormatter,
    "foreign_pre_chain": COMMON,
    "processors": [
        name_requests,
        name_tasks,
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        name_errors,
        redact,
        structlog.processors.JSONRenderer(default=str),
    ],
}
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": FORMATTER},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": env.text("LOG_LEVEL", "INFO")},
    "loggers": {
        # Django's own set-up gives these a console handler and a mailer: everything goes through the root.
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.request": {"level": "ERROR"},  # a 404 is a visitor's typing error, a 500 is ours
        "celery.worker.strategy": {"level": "WARNING"},  # two lines a task; jobs log what matters
        "celery.app.trace": {"level": "WARNING"},
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
    },
}

structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *COMMON,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=False,  # tests capture events
)
