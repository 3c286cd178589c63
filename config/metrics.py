"""Figures for Prometheus, read from the database at each scrape: the same whichever process answers."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Min
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from crm.canary import CANARY_SITE
from crm.enums import AlarmKind, Queue
from crm.models import Alarm, Lead
from crm.models.lead import OPEN
from crm.selectors.alarms import oldest_alarms
from crm.services.phone_refusals import refusal_counts
from intake.selectors.audit import latest_audits
from intake.selectors.canary import runs
from intake.selectors.readiness import oldest_stranded, oldest_unplaced
from intake.services.budgets import counters
from intake.services.oddities import odd_counts
from jobs.clock import database_now
from jobs.enums import JobQueue
from jobs.models import Heartbeat
from jobs.selectors import dead_jobs, oldest_due_by_queue
from notifications.models import Escalation
from notifications.selectors import (
    circuits,
    failed_messages,
    oldest_waiting_alert,
    unanswered,
    waiting_messages,
)


class ThresholdCollector(Collector):
    """Gauges of leads, durable work and messages. Ages are in seconds, 0 when nothing waits."""

    def collect(self) -> Iterator[Metric]:
        at = database_now()
        yield from _leads(at)
        yield from _jobs(at)
        yield from _messages(at)
        yield from _alerts(at)
        yield from _alarms(at)
        yield from _watching(at)
        yield from _visitors(at)
        yield from _phone()


def exposition() -> bytes:
    """Return all figures in Prometheus' text format."""
    registry = CollectorRegistry()
    registry.register(ThresholdCollector())
    return generate_latest(registry)


def _leads(at: datetime) -> Iterator[Metric]:
    open_leads = Lead.objects.filter(OPEN).exclude(site=CANARY_SITE)
    counted = dict(open_leads.values_list("queue").annotate(count=Count("pk")).order_by())
    queues = {queue.value.lower(): counted.get(queue.value, 0) for queue in Queue}
    yield _by("queue", "threshold_open_leads", "Open leads by queue", queues)
    yield _age(
        "threshold_oldest_unplaced_lead_seconds", "Wait of the oldest unplaced lead", oldest_unplaced(), at
    )
    yield _age(
        "threshold_oldest_stranded_enquiry_seconds", "Wait of the oldest on no lead", oldest_stranded(), at
    )


def _jobs(at: datetime) -> Iterator[Metric]:
    oldest = oldest_due_by_queue(at=at)
    late = {queue.value: _seconds(oldest.get(queue.value), at) for queue in JobQueue}
    yield _by("queue", "threshold_oldest_due_job_seconds", "Lateness of the oldest due job by queue", late)
    yield GaugeMetricFamily("threshold_dead_jobs", "Jobs that used up their attempts", dead_jobs().count())
    seen = {beat.name: _seconds(beat.beaten_at, at) for beat in Heartbeat.objects.all()}
    yield _by("process", "threshold_heartbeat_age_seconds", "Time since a process was seen at work", seen)


def _messages(at: datetime) -> Iterator[Metric]:
    failed = failed_messages().count()
    yield GaugeMetricFamily("threshold_failed_messages", "Messages that could not be sent", failed)
    waits = waiting_messages().count()
    yield GaugeMetricFamily("threshold_waiting_messages", "Messages that were tried or held and wait", waits)
    known = list(circuits())
    is_open = {each.name: float(each.opened_at is not None) for each in known}
    yield _by("way", "threshold_circuit_open", "1 while a way out is out of order and left alone", is_open)
    opened = CounterMetricFamily(
        "threshold_circuit_openings", "How often a way out was found out of order", labels=["way"]
    )
    for each in known:
        opened.add_metric([each.name], each.times_opened)
    yield opened
    alert = oldest_waiting_alert()
    waiting = alert.created_at if alert else None
    yield _age("threshold_oldest_waiting_alert_seconds", "Wait of the oldest alert not yet sent", waiting, at)


def _alerts(at: datetime) -> Iterator[Metric]:
    """Yield the alerts that go on until somebody answers."""
    open_alerts = Escalation.objects.filter(ended_at=None).exclude(site=CANARY_SITE)
    going_on = open_alerts.aggregate(n=Count("pk"), since=Min("started_at"))
    yield GaugeMetricFamily("threshold_open_alerts", "Alerts that nobody has answered yet", going_on["n"])
    yield _age("threshold_oldest_open_alert_seconds", "Age of the oldest of them", going_on["since"], at)
    red = unanswered(at=at).exclude(site=CANARY_SITE).count()
    yield GaugeMetricFamily("threshold_unanswered_alerts", "Those for which every screen is red", red)


def _alarms(at: datetime) -> Iterator[Metric]:
    """Yield what is wrong with the desk as a whole."""
    counted = dict(Alarm.objects.filter(ended_at=None).values_list("kind").annotate(n=Count("pk")).order_by())
    numbers = {kind.lower(): counted.get(kind, 0) for kind in AlarmKind.values}
    yield _by("kind", "threshold_alarms", "Alarms that go on, by kind", numbers)
    ages = {kind.lower(): _seconds(since, at) for kind, since in oldest_alarms().items()}
    yield _by("kind", "threshold_alarm_age_seconds", "Age of the oldest of each kind", ages)


def _watching(at: datetime) -> Iterator[Metric]:
    """Yield when we last looked whether all is well, and when an enquiry of our own last came through."""
    audit = latest_audits().values_list("at", flat=True).first()
    yield _age("threshold_audit_age_seconds", "Time since the auditor last asked", audit, at)
    came = runs().filter(ended_at__isnull=False, missed="").values_list("begun_at", flat=True).first()
    yield _age("threshold_canary_age_seconds", "Age of the latest canary that came through", came, at)


def _visitors(at: datetime) -> Iterator[Metric]:
    """Yield what looked odd. The counters start again from 0 when the cache was emptied."""
    odd = CounterMetricFamily(
        "threshold_odd_enquiries", "Enquiries by what was odd about them", labels=["flag"]
    )
    for flag, count in odd_counts().items():
        odd.add_metric([flag.lower()], count)
    yield odd
    lost = 0 if counters().tally(["scraped"]) else 1
    yield GaugeMetricFamily("threshold_limits_open", "1 while the cache is away and nobody is counted", lost)
    in_review = Lead.objects.filter(OPEN, queue=Queue.REVIEW).exclude(site=CANARY_SITE)
    waiting = in_review.aggregate(since=Min("received_at"))["since"]
    yield _age("threshold_oldest_review_seconds", "Wait of the oldest enquiry in review", waiting, at)


def _phone() -> Iterator[Metric]:
    refused = CounterMetricFamily(
        "threshold_phone_refusals", "Messages of phone systems that were refused, by why", labels=["reason"]
    )
    for reason, count in refusal_counts().items():
        refused.add_metric([reason.lower()], count)
    yield refused


def _age(name: str, help_: str, since: datetime | None, at: datetime) -> Metric:
    return GaugeMetricFamily(name, help_, value=_seconds(since, at))


def _by(label: str, name: str, help_: str, values: dict[str, float]) -> Metric:
    family = GaugeMetricFamily(name, help_, labels=[label])
    for each, value in values.items():
        family.add_metric([each], value)
    return family


def _seconds(since: datetime | None, at: datetime) -> float:
    return max(0.0, (at - since).total_seconds()) if since else 0.0
