"""What /readyz asks: database, broker, signs of life, whoever has waited longest for a lead or a queue."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import redis
from django.conf import settings
from django.db import Error as DatabaseFailure

from crm.enums import Queue
from crm.models import Lead
from crm.models.lead import OPEN
from intake.models import Enquiry
from jobs.clock import database_now
from jobs.selectors import latest_beat

BOUNDS = {"beat": 60, "dispatcher": 30, "stranded_enquiry": 60, "unplaced_lead": 60}  # seconds
PATIENCE = 0.5  # seconds for the broker to answer


@dataclass(frozen=True)
class Check:
    """One question; `seconds` is the age of what was found, where there is one."""

    name: str
    ok: bool
    seconds: float | None = None


def check_readiness() -> list[Check]:
    """Ask everything; without a database only what can be asked without one."""
    try:
        at = database_now()
        return [Check("database", ok=True), _broker(), *(_age(name, at) for name in AGES)]
    except DatabaseFailure:
        return [Check("database", ok=False), _broker()]


def oldest_unplaced() -> datetime | None:
    """Return when the oldest open lead arrived that has no queue yet."""
    waiting = Lead.objects.filter(OPEN, queue=Queue.UNROUTED).order_by("received_at")
    return waiting.values_list("received_at", flat=True).first()


def oldest_stranded() -> datetime | None:
    """Return when the oldest enquiry came that is on no lead: nobody sees it on the desk."""
    waiting = Enquiry.objects.filter(lead=None).order_by("received_at")
    return waiting.values_list("received_at", flat=True).first()


AGES: dict[str, Callable[[], datetime | None]] = {
    "beat": lambda: latest_beat("beat"),
    "dispatcher": lambda: latest_beat("dispatch"),
    "stranded_enquiry": oldest_stranded,
    "unplaced_lead": oldest_unplaced,
}


def _age(name: str, at: datetime) -> Check:
    since = AGES[name]()
    if since is None:
        return Check(name, ok=name in {"stranded_enquiry", "unplaced_lead"})
    seconds = round((at - since).total_seconds(), 1)
    return Check(name, ok=seconds <= BOUNDS[name], seconds=seconds)


def _broker() -> Check:
    options = {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE}
    with redis.Redis.from_url(settings.CELERY_BROKER_URL, **options) as client:
        try:
            return Check("broker", ok=bool(client.ping()))
        except redis.RedisError:
            return Check("broker", ok=False)
