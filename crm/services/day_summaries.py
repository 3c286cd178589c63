"""The summary of a day to the managers of a site: sent once, and after an outage only the latest."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from crm.selectors.day_summaries import DueSummary, due_summaries, managers_to_tell
from crm.summary_lines import plain
from jobs.services.enqueue import enqueue_job
from notifications.catalogue import MessageKind
from notifications.services.outbox import queue_message


@transaction.atomic
def plan_day_summaries(*, at: datetime) -> None:
    """Have the summary written that was due last at each site; asked every minute, it is written once."""
    for due in due_summaries(at):
        enqueue_job(
            kind="crm.tasks.summarise_day",
            subject=due.site.pk,
            due_at=at,
            dedupe_key=f"day-summary:{due.site.pk}:{due.day}",
        )


@transaction.atomic
def send_day_summary(*, due: DueSummary, lines: str, at: datetime) -> None:
    """Queue the summary for each manager, once a day. One that comes late says when it was due."""
    site = due.site
    context = {
        "site": plain(site.name),
        "when": f"{due.day:%A} {due.day.day} {due.day:%B}",
        "lines": lines,
    }
    if due.is_late(at):
        local = due.due_at.astimezone(ZoneInfo(site.time_zone))
        context["was_due"] = f"at {local:%H:%M} on {local:%A} {local.day} {local:%B}"
    for manager in managers_to_tell(site):
        queue_message(
            kind=MessageKind.DAY_SUMMARY,
            to=manager.email,
            context=context,
            dedupe_key=f"day-summary:{site.pk}:{due.day}:{manager.pk}",
            about=None,
            at=at,
        )
