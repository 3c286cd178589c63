"""Leads with a past, for reports as they stand at one fixed moment: Monday, 15 June 2026, 13:00 in London."""

from datetime import UTC, datetime, timedelta
from typing import Any

from crm.enums import FUNNEL, Disposition, EventKind, Level, Stage
from crm.models import Lead, Site
from crm.reports.window import Window
from tests.factories import LeadEventFactory, LeadFactory

AT = datetime(2026, 6, 15, 12, tzinfo=UTC)
OLD = 40  # days: old enough for every step


def window(*sites: Site, days: int = 90) -> Window:
    """Return the window of so many days that ends at AT."""
    return Window(sites=sites, first=AT.date() - timedelta(days=days - 1), latest=AT.date(), at=AT)


def past_lead(
    site: Site, *, days_ago: float = OLD, steps: int = 0, minutes: float | None = None, **values: Any
) -> Lead:
    """Return a lead that got so many steps down the funnel, with first contact after so many minutes."""
    within = values.pop("within", True)
    received = values.pop("received_at", AT - timedelta(days=days_ago))
    lead = LeadFactory(site=site, received_at=received, **values)
    if minutes is not None:
        event(lead, EventKind.FIRST_CONTACT, minutes=minutes, within_target=within)
    for stage in FUNNEL[:steps]:
        event(lead, EventKind.STAGE_MOVED, to=stage.value)
    return lead


def closed_lead(site: Site, why: Disposition, *, stage: Stage = Stage.CONTACTED, **values: Any) -> Lead:
    """Return a lead that was closed from a stage."""
    received = AT - timedelta(days=values.pop("days_ago", OLD))
    over = {"stage": Stage.CLOSED, "closed_at": received + timedelta(hours=2), "disposition": why}
    lead = past_lead(site, received_at=received, **over, **values)
    event(lead, EventKind.CLOSED, **{"from": stage.value, "disposition": why.value})
    return lead


def event(lead: Lead, kind: EventKind, hours: float = 1, **data: Any) -> None:
    """Put an event on a lead's timeline, so many hours after its enquiry."""
    LeadEventFactory(lead=lead, kind=kind, occurred_at=lead.received_at + timedelta(hours=hours), data=data)


def in_review(site: Site) -> Lead:
    return past_lead(site, review=True, level=None, respond_by=AT, due_at=AT)


EMERGENCIES = (Level.E1, Level.E2)
