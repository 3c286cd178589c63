"""Every report, listed once: its key in addresses, its words, and what builds it."""

from collections.abc import Callable
from dataclasses import dataclass

from crm.enums import CohortGrain
from crm.reports.alerts import alerts_report
from crm.reports.closed import closed_report
from crm.reports.funnel import funnel_report
from crm.reports.response_times import response_report
from crm.reports.sources import sources_report
from crm.reports.tables import Report
from crm.reports.window import Window


@dataclass(frozen=True)
class Entry:
    key: str
    title: str
    summary: str
    build: Callable[[Window, CohortGrain], Report]
    has_cohorts: bool = False

    @property
    def slug(self) -> str:
        return self.key.replace("_", "-")

    @property
    def url_name(self) -> str:
        return f"crm:report_{self.key}"


CATALOGUE = (
    Entry(
        "funnel",
        "Conversion funnel",
        "How far enquiries get, from the first word to admission, by the week or month in which they came.",
        funnel_report,
        has_cohorts=True,
    ),
    Entry(
        "response_times",
        "Time to first contact",
        "How long people wait for a person, by level and by the hour at which they asked.",
        lambda window, _: response_report(window),
    ),
    Entry(
        "sources",
        "Sources and substances",
        "Where enquiries come from, what they are about, and how many are admitted.",
        lambda window, _: sources_report(window),
    ),
    Entry(
        "closed",
        "Closed reasons",
        "Why leads were closed, and how far they had got.",
        lambda window, _: closed_report(window),
    ),
    Entry(
        "alerts",
        "Alerts",
        "How soon somebody answers an alert, after which step and how, and what did not get through.",
        lambda window, _: alerts_report(window),
    ),
)
BY_KEY = {entry.key: entry for entry in CATALOGUE}
