"""The few numbers that a manager wants first."""

from dataclasses import dataclass

from crm.enums import FigureGroup, PromiseState
from crm.reports.cohorts import old_before, settled_total, total
from crm.reports.durations import share, spoken_minutes, spoken_share
from crm.reports.figures import Figure
from crm.reports.funnel import Funnel, read_funnel
from crm.reports.response_times import Waits, overall, read_waits
from crm.reports.sources import ADMITTED
from crm.reports.tables import TOO_EARLY
from crm.reports.window import Window


@dataclass(frozen=True)
class Headline:
    """One number with its title, what it means, and the leads that it counts."""

    title: str
    number: str
    meaning: str
    figure: Figure | None
    is_early: bool = False


def headlines(window: Window) -> list[Headline]:
    """Return the manager's numbers, in two queries."""
    funnel = read_funnel(window)
    waits = overall(read_waits(window, FigureGroup.CONVERSION, FigureGroup.EMERGENCY))
    return [*_arrivals(funnel), *(_contact(waits) if waits else []), _admissions(funnel)]


def _arrivals(funnel: Funnel) -> list[Headline]:
    now = total([day.reached for day in funnel.conversion])
    emergencies = funnel.received(FigureGroup.EMERGENCY)
    return [
        Headline("Enquiries", f"{now[0]:,}", "received, emergencies not among them", Figure()),
        Headline(
            "Emergencies",
            f"{emergencies:,}",
            "at E1 or E2, told where to get help at once",
            Figure(group=FigureGroup.EMERGENCY),
        ),
        Headline(
            "Never contacted",
            f"{now[0] - now[1]:,}",
            "enquiries without two-way contact so far",
            Figure(untouched=True),
        ),
    ]


def _contact(waits: Waits) -> list[Headline]:
    kept = waits.of(PromiseState.KEPT)
    return [
        Headline(
            "Promises kept",
            spoken_share(share(kept, waits.due)),
            "first contact by the promised time",
            Figure(group=FigureGroup.COUNTED, promise=PromiseState.KEPT),
        ),
        Headline(
            "Median wait",
            spoken_minutes(waits.percentiles[0] if waits.percentiles else None),
            "from the enquiry to first contact",
            Figure(group=FigureGroup.COUNTED, spoken=True),
        ),
    ]


def _admissions(funnel: Funnel) -> Headline:
    today = funnel.window.today
    settled = settled_total(funnel.conversion, ADMITTED, today)
    old = old_before(ADMITTED, today)
    meaning = f"of {settled[0]:,} enquiries from before {old.day} {old:%B}"
    if not settled[0]:
        return Headline("Admitted", TOO_EARLY, "no enquiry is old enough yet", None, is_early=True)
    rate = spoken_share(share(settled[ADMITTED], settled[0]))
    return Headline("Admitted", rate, meaning, Figure(step=ADMITTED, old=old))
