"""The leads behind a figure: as many as it says, scoped, in pages."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test.utils import CaptureQueriesContext

from crm.enums import CohortGrain, Disposition, FigureGroup, Level, PromiseState, Stage
from crm.models import Lead, Site
from crm.reports.catalogue import CATALOGUE
from crm.reports.figures import Figure
from crm.reports.lists import PAGE, leads_behind
from crm.reports.tables import Cell
from notifications.enums import Acknowledgement, EscalationEnd, MessageState
from tests.crm.reports.past import AT, closed_lead, in_review, past_lead, window
from tests.crm.reports.past_alerts import past_alert, past_message
from tests.factories import SiteFactory


@pytest.fixture
def mixed(site: Site) -> Site:
    """A site with a lead of every sort that a figure may ask for."""
    for steps in range(6):
        past_lead(
            site, steps=steps, minutes=10 * steps or None, within=steps % 2 == 0, source=f"source-{steps % 2}"
        )
        past_lead(site, steps=steps, days_ago=steps * 8, main_substance="ketamine", level=list(Level)[steps])
    past_lead(site, received_at=AT - timedelta(minutes=2))
    past_lead(site, unrouted=True, respond_by=AT, due_at=AT)
    in_review(site)
    for why in Disposition:
        closed_lead(site, why, stage=Stage.OFFERED if why == Disposition.NO_FUNDING else Stage.NEW)
    for number, how in enumerate(Acknowledgement):
        lead = past_lead(site, level=Level.U1)
        past_alert(lead, how=how, step=number % 3, round=number // 5)
        past_message(lead, state=list(MessageState)[number % 5], failures=["Timeout"] * (number % 2))
    for why in (EscalationEnd.OVER, EscalationEnd.LOWERED, None):
        past_alert(past_lead(site, level=Level.E1), why=why)
    past_lead(SiteFactory(), steps=5)
    return site


def figures(cells: Iterator[Cell]) -> Iterator[Cell]:
    for cell in cells:
        yield cell
        if cell.beside:
            yield cell.beside


@pytest.mark.parametrize("entry", CATALOGUE, ids=lambda entry: entry.key)
def test_every_count_opens_as_many_leads(mixed: Site, entry) -> None:
    view = window(mixed)
    opened = 0
    for table in entry.build(view, CohortGrain.WEEK).tables:
        for row in table.rows:
            for column, cell in zip(table.columns, row.cells, strict=True):
                if cell.figure and isinstance(cell.value, int) and cell.text == f"{cell.value:,}":
                    listed = leads_behind(cell.figure, view)
                    assert listed.total == cell.value, (table.key, row.heading, column.title)
                    opened += 1
    assert opened > 10


def test_list_says_what_became_of_a_lead(site: Site) -> None:
    lead = past_lead(
        site, level=Level.U1, minutes=45, within=False, source="leaflet", main_substance="ketamine"
    )
    (found,) = leads_behind(Figure(), window(site)).leads
    assert (found.reference, found.waited, found.is_late) == (lead.reference, "45 min", True)
    assert (found.source, found.substance, found.stage_words) == ("leaflet", "Ketamine", "New")
    assert found.received == (lead.received_at + timedelta(hours=1)).replace(tzinfo=None)  # London in May


def test_pages_follow_each_other_newest_first(site: Site) -> None:
    leads = [past_lead(site, days_ago=days) for days in range(PAGE + 3)]
    first = leads_behind(Figure(), window(site))
    second = leads_behind(Figure(), window(site), after=first.next_after)
    seen = [lead.reference for page in (first, second) for lead in page.leads]
    assert seen == [lead.reference for lead in leads]
    assert (len(first.leads), len(second.leads), second.next_after) == (PAGE, 3, "")


def test_a_list_is_one_query_whatever_its_length(
    site: Site, django_assert_num_queries: type[CaptureQueriesContext]
) -> None:
    for number in range(31):
        with django_assert_num_queries(1):
            leads_behind(Figure(group=FigureGroup.EVERY), window(site))
        if number in (0, 30):
            past_lead(site)


def test_a_made_up_place_in_the_list_shows_nothing(site: Site) -> None:
    past_lead(site)
    assert leads_behind(Figure(), window(site), after="no such lead").leads == []
    assert Lead.objects.count() == 1


def test_a_figure_in_words(site: Site) -> None:
    figure = Figure(group=FigureGroup.COUNTED, level="U1", hour=9, promise=PromiseState.LATE)
    assert figure.words() == (
        "Enquiries and emergencies at level U1 received between 09:00 and 09:59 spoken with too late"
    )
