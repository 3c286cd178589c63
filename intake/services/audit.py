"""The auditor: three times a minute it asks whether anybody waits without our knowing, and says so outside.

Only when all is well does it ping the outside heartbeat (HEARTBEAT_URL): whatever stops us stops the pings,
too, and so the silence is the alarm.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction

from crm.enums import AlarmKind
from crm.selectors.alarms import open_kinds
from crm.services.alarms import end_alarm, raise_alarm
from intake.models import Audit
from intake.selectors.audit import OWN_ALARM, Failure, find_failures, latest_audits, was_at_work
from intake.services.canary import settle_alarm
from jobs.clock import database_now
from jobs.durable import check_lease
from notifications.channels.base import DeliveryError
from notifications.channels.deadline import Deadline
from notifications.channels.http import call

log = structlog.get_logger(__name__)

KEPT = timedelta(days=14)
SETTLED = timedelta(seconds=50)  # of auditing after a start; it asks every 20 seconds
AGAIN_AFTER = timedelta(seconds=50)  # a heartbeat that failed is asked once a minute
LONGEST_WORDS = 300
HEADERS = {"User-Agent": "Threshold-Auditor"}


def run_audit(*, at: datetime) -> Audit:
    """Ask everything, write down what was found, and ping the heartbeat if nothing was."""
    audit = audit_now(at=at)
    if audit.passed and settings.HEARTBEAT_URL and not _has_just_failed(at):
        check_lease()  # one that slept through its time must not say that all is well
        _ping(audit)
    return audit


@transaction.atomic
def audit_now(*, at: datetime) -> Audit:
    """Write down what is wrong, and raise the alarm or end it.

    Right after a start nothing is raised: what came meanwhile may be done within the next minute.
    """
    before = latest_audits().filter(at__lt=at).first()
    failures = find_failures(at, has_run=was_at_work(at))
    audit = Audit.objects.create(at=at, passed=not failures, failures=[each.to_dict() for each in failures])
    if failures:
        log.error("audit_failed", checks=[each.check.value for each in failures])
    has_settled = was_at_work(at, for_=SETTLED)
    if has_settled:
        settle_alarm(at=at)
    _follow(failures, before if has_settled else None, at)
    return audit


def _follow(failures: Sequence[Failure], before: Audit | None, at: datetime) -> None:
    """Raise the alarm for what was found before, too, and has no alarm of its own; end it without either."""
    others = _without_own_alarm(failures)
    known = {each["check"] for each in before.failures} if before else set()
    if any(each.check in known for each in others):
        words = ", ".join(each.in_words() for each in others)
        raise_alarm(kind=AlarmKind.AUDIT_FAILED, site=None, at=at, what=words[:LONGEST_WORDS])
    if not others:
        end_alarm(kind=AlarmKind.AUDIT_FAILED, site=None, at=at)


def _without_own_alarm(failures: Sequence[Failure]) -> list[Failure]:
    if not failures:
        return []
    said = open_kinds()
    return [each for each in failures if OWN_ALARM.get(each.check) not in said]


def delete_old_audits(*, at: datetime) -> None:
    """Delete what was found two weeks ago."""
    latest_audits().filter(at__lt=at - KEPT).delete()


def _has_just_failed(at: datetime) -> bool:
    """Return whether the heartbeat did not answer just now: it may hang, and alerts wait behind it."""
    return latest_audits().filter(at__gt=at - AGAIN_AFTER).exclude(ping_error="").exists()


def _ping(audit: Audit) -> None:
    """Ping the heartbeat, outside any transaction. What fails is noted, and tried again in a minute."""
    try:
        answer = call(
            "GET",
            settings.HEARTBEAT_URL,
            headers=HEADERS,
            deadline=Deadline(settings.HEARTBEAT_TIMEOUT),
            public_only=True,
        )
    except DeliveryError as error:
        _note(audit, error.reason)
    else:
        _note(audit, "" if answer.is_success else f"HTTP {answer.status}")


def _note(audit: Audit, error: str) -> None:
    if error:
        log.warning("heartbeat_not_taken", reason=error)
        audit.ping_error = error[:60]
    else:
        audit.pinged_at = database_now()
    audit.save(update_fields=["pinged_at", "ping_error"])
