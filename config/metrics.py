"""Figures for Prometheus, read from the database at each scrape: the same whichever process answers."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Min
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from config.readiness import oldest_stranded, oldest_unplaced
from crm.enums import Queue
from crm.models import Lead
from crm.models.lead import OPEN
from crm.services.phone_refusals import refusal_counts
from intake.services.budgets import counters
from intake.services.oddities import odd_counts
from jobs.clock import database_now
from jobs.enums import JobQueue
from jobs.models import Heartbeat
from jobs.selectors import dead_jobs, oldest_due_by_queue
from notifications.selectors import failed_messages, oldest_waiting_alert


class ThresholdCollector(Collector):
    """Gauges of leads, durable work and messages. Ages are in seconds, 0 when nothing waits."""

    def collect(self) -> Iterator[Metric]:
        at = database_now()
        yield from _leads(at)
        yield from _jobs(at)
        yield from _messages(at)
        yield from _visitors(at)
        yield from _phone()


def exposition() -> bytes:
    """Return all figures in Prometheus' text format."""
    registry = CollectorRegistry()
    registry.register(ThresholdCollector())
    return generate_latest(registry)


def _leads(at: datetime) -> Iterator[Metric]:
    counted = dict(Lead.objects.filter(OPEN).values_list("queue").annotate(count=Count("pk")).order_by())
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
    alert = oldest_waiting_alert()
    waiting = alert.created_at if alert else None
    yield _age("threshold_oldest_waiting_alert_seconds", "Wait of the oldest alert not yet sent", waiting, at)


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
    waiting = Lead.objects.filter(OPEN, queue=Queue.REVIEW).aggregate(since=Min("received_at"))["since"]
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
