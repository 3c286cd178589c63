"""What /readyz asks: database, broker, signs of life, whoever has waited longest for a lead or a queue."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import Error as DatabaseFailure
from django.db.models.functions import Now

from crm.canary import CANARY_SITE
from crm.enums import Queue
from crm.models import Lead
from crm.models.lead import OPEN
from crm.selectors.alarms import oldest_alarms
from intake.models import Enquiry
from jobs.broker import broker_answers
from jobs.clock import database_now
from jobs.selectors import latest_beat
from notifications.selectors import unanswered

BOUNDS = {
    "beat": 60,
    "dispatcher": 30,
    "stranded_enquiry": 60,
    "unplaced_lead": 60,
    "unanswered_alert": 0,
    "watch": 60,
}  # seconds
PROCESSES = {"beat", "dispatcher", "watch"}  # which must have been seen; the watch over the desk is a job


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
        return [Check("database", ok=True), *check_parts(at), _age("unanswered_alert", at), *_alarms(at)]
    except DatabaseFailure:
        return [Check("database", ok=False), _broker()]


def check_parts(at: datetime) -> list[Check]:
    """Ask for what is wrong with the machine itself, and not for alarms or alerts, which have their sites."""
    return [_broker(), *(_age(name, at) for name in AGES if name != "unanswered_alert")]


def oldest_unplaced() -> datetime | None:
    """Return when the oldest open lead arrived that has no queue yet."""
    waiting = (
        Lead.objects.filter(OPEN, queue=Queue.UNROUTED).exclude(site=CANARY_SITE).order_by("received_at")
    )
    return waiting.values_list("received_at", flat=True).first()


def oldest_stranded() -> datetime | None:
    """Return when the oldest enquiry came that is on no lead: nobody sees it on the desk."""
    waiting = Enquiry.objects.filter(lead=None).exclude(site=CANARY_SITE).order_by("received_at")
    return waiting.values_list("received_at", flat=True).first()


def oldest_unanswered() -> datetime | None:
    """Return since when every screen has been red: an alert that nobody answers though managers know."""
    return unanswered(at=Now()).exclude(site=CANARY_SITE).values_list("red_at", flat=True).first()


AGES: dict[str, Callable[[], datetime | None]] = {
    "beat": lambda: latest_beat("beat"),
    "dispatcher": lambda: latest_beat("dispatch"),
    "watch": lambda: latest_beat("watch"),
    "stranded_enquiry": oldest_stranded,
    "unplaced_lead": oldest_unplaced,
    "unanswered_alert": oldest_unanswered,
}


def _age(name: str, at: datetime) -> Check:
    since = AGES[name]()
    if since is None:
        return Check(name, ok=name not in PROCESSES)
    seconds = round((at - since).total_seconds(), 1)
    return Check(name, ok=seconds <= BOUNDS[name], seconds=seconds)


def _alarms(at: datetime) -> Iterator[Check]:
    """Yield whether there is no alarm at any site, and each kind that there is with the age of the oldest."""
    oldest = oldest_alarms()
    yield Check("alarms", ok=not oldest)
    for kind, since in oldest.items():
        seconds = round((at - since).total_seconds(), 1)
        yield Check(f"alarm_{kind.lower()}", ok=False, seconds=seconds)


def _broker() -> Check:
    return Check("broker", ok=broker_answers())
