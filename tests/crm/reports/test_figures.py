"""A figure survives its trip through an address."""

from datetime import date
from urllib.parse import parse_qs

import pytest

from crm.enums import FigureGroup, PromiseState
from crm.forms.reports import FigureForm
from crm.reports.figures import Figure

FIGURES = [
    Figure(),
    Figure(group=FigureGroup.EVERY, closed=True, closed_from="BOOKED", disposition="NOT_NOW"),
    Figure(step=3, first=date(2026, 3, 2), latest=date(2026, 3, 8)),
    Figure(step=5, old=date(2026, 3, 2), source="0123456789ab"),
    Figure(group=FigureGroup.COUNTED, level="", promise=PromiseState.BROKEN),
    Figure(group=FigureGroup.COUNTED, hour=0, spoken=True),
    Figure(untouched=True, substance="0123456789ab"),
    Figure(group=FigureGroup.EVERY, alerted=True, alert_level="UNROUTED", ending="OVER", steps="LATER"),
    Figure(group=FigureGroup.EVERY, alerted=True, alert_hour=0, how="CLAIM", role="MANAGER", duty="ON_CALL"),
    Figure(group=FigureGroup.EVERY, way="SMS", fate="FAILED"),
    Figure(group=FigureGroup.EVERY, way="SMS", reason="0123456789ab"),
]


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.query)
def test_query_string_and_back(figure: Figure) -> None:
    read = FigureForm(
        {name: values[0] for name, values in parse_qs(figure.query, keep_blank_values=True).items()}
    )
    assert read.is_valid()
    assert Figure(**read.conditions()) == figure


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.query)
def test_values_reach_the_database_as_parameters_only(figure: Figure) -> None:
    said = [str(value) for name, value in figure.asked() if isinstance(value, str) and value]
    assert not [value for value in said if value in figure.where()]
    assert set(figure.parameters()) == {"group", *(name for name, _ in figure.asked())}
