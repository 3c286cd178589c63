"""Whatever happened to the leads, the funnel agrees with a person who counts them one by one."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.enums import FUNNEL, CohortGrain, Disposition, EventKind, FigureGroup, Level, Queue, Stage
from crm.models import Lead, LeadEvent, Site
from crm.references import new_reference
from crm.reports.cohorts import cohorts
from crm.reports.figures import Figure
from crm.reports.funnel import read_funnel
from crm.reports.lists import leads_behind
from tests.crm.reports.past import AT, window
from tests.factories import PersonFactory

DROPPED = {Disposition.DUPLICATE, Disposition.NOT_AN_ENQUIRY}


@dataclass(frozen=True)
class History:
    """One lead's history: when it came, at which level, and what happened, in order."""

    hours_ago: int
    level: Level
    in_review: bool
    moves: tuple[Stage, ...]
    is_contacted: bool
    closed: Disposition | None

    @property
    def furthest(self) -> int:
        """Count by hand how many steps of the funnel the lead has made."""
        steps = [FUNNEL.index(stage) + 1 for stage in self.moves if stage in FUNNEL]
        return max([*steps, int(self.is_contacted)])

    @property
    def group(self) -> FigureGroup:
        if self.closed in DROPPED:
            return FigureGroup.DROPPED
        if self.in_review:
            return FigureGroup.REVIEW
        return FigureGroup.EMERGENCY if self.level.is_emergency else FigureGroup.CONVERSION


histories = st.builds(
    History,
    hours_ago=st.integers(0, 100 * 24),
    level=st.sampled_from(Level),
    in_review=st.integers(0, 9).map(lambda number: number == 0),
    moves=st.lists(st.sampled_from(FUNNEL), max_size=6).map(tuple),
    is_contacted=st.booleans(),
    closed=st.none() | st.sampled_from(Disposition),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(past=st.lists(histories, max_size=25), grain=st.sampled_from(CohortGrain))
def test_funnel_agrees_with_a_recount_by_hand(site: Site, past: list[History], grain: CohortGrain) -> None:
    with _stored(site, past):
        view = window(site)
        funnel = read_funnel(view)
        found = cohorts(funnel.conversion, view, grain)
        for group in (FigureGroup.CONVERSION, FigureGroup.EMERGENCY, FigureGroup.REVIEW, FigureGroup.DROPPED):
            assert funnel.received(group) == sum(each.group == group for each in _within(past))
        for cohort in found:
            assert all(more >= less for more, less in zip(cohort.reached, cohort.reached[1:], strict=False))
        for step in range(len(FUNNEL) + 1):
            assert sum(cohort.reached[step] for cohort in found) == _by_hand(past, step)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(past=st.lists(histories, max_size=15), step=st.integers(1, 5))
def test_a_figure_opens_as_many_leads_as_it_says(site: Site, past: list[History], step: int) -> None:
    with _stored(site, past):
        listed = leads_behind(Figure(step=step), window(site))
        assert (listed.total, len(listed.leads)) == (_by_hand(past, step),) * 2


def _by_hand(past: list[History], step: int) -> int:
    return sum(each.group == FigureGroup.CONVERSION and each.furthest >= step for each in _within(past))


def _within(past: list[History]) -> Iterator[History]:
    """Yield the histories that begin in the window's 90 days of London."""
    first_hour = 89 * 24 + 13  # at 13:00 the day is 13 hours old
    return (each for each in past if each.hours_ago <= first_hour)


@contextmanager
def _stored(site: Site, past: list[History]) -> Iterator[None]:
    """Store the histories and take them back afterwards: the example before must not count."""
    with transaction.atomic():
        person = PersonFactory()
        leads = [_lead(site, person, history) for history in past]
        Lead.objects.bulk_create(leads)
        pairs = zip(leads, past, strict=True)
        LeadEvent.objects.bulk_create([event for lead, history in pairs for event in _events(lead, history)])
        yield
        transaction.set_rollback(True)


def _lead(site: Site, person: object, history: History) -> Lead:
    at = AT - timedelta(hours=history.hours_ago)
    over = {"stage": Stage.CLOSED, "closed_at": AT, "disposition": history.closed} if history.closed else {}
    where = Queue.REVIEW if history.in_review else history.level.queue
    times = {"received_at": at, "respond_by": at, "due_at": at}
    who = {"site": site, "caller": person, "patient": person}
    return Lead(reference=new_reference(), level=history.level, queue=where, **who, **times, **over)


def _events(lead: Lead, history: History) -> Iterator[LeadEvent]:
    for number, stage in enumerate(history.moves):
        yield _event(lead, EventKind.STAGE_MOVED, number, {"from": "NEW", "to": stage.value})
    if history.is_contacted:
        yield _event(lead, EventKind.FIRST_CONTACT, 1, {"minutes": 1.5, "within_target": True})
    if history.closed:
        yield _event(lead, EventKind.CLOSED, 9, {"from": "NEW", "disposition": history.closed.value})


def _event(lead: Lead, kind: EventKind, minutes: int, data: dict[str, object]) -> LeadEvent:
    return LeadEvent(
        lead=lead, kind=kind, occurred_at=lead.received_at + timedelta(minutes=minutes), data=data
    )
