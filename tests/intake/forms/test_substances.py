"""What is being used becomes one entry a substance; what was not answered stays unknown."""

from typing import Any

import pytest

from intake.enums import Frequency, SubstanceName, Unit, UseStatus
from intake.forms import choices
from intake.triage.answers import Substance
from tests.intake.forms.sent import urgent


def only(**changes: Any) -> Substance:
    form = urgent(**changes)
    assert not form.errors
    [substance] = form.to_answers().substances
    return substance


def test_a_tick_alone_is_a_substance_with_everything_unknown() -> None:
    assert only(uses=["ketamine"]) == Substance(name=SubstanceName.KETAMINE)


def test_follow_ups_are_read() -> None:
    found = only(
        uses=["alcohol"],
        alcohol_freq="daily",
        alcohol_last="day",
        alcohol_status="stopped",
        alcohol_amount="30_plus",
    )
    assert (found.freq, found.status, found.hours_since_last) == (Frequency.DAILY, UseStatus.STOPPED, 12)
    assert (found.amount_per_day, found.unit) == (30, Unit.UK_UNITS)


def test_follow_ups_of_what_is_not_ticked_count_for_nothing() -> None:
    assert urgent(alcohol_freq="daily").to_answers().substances == ()


def test_every_substance_of_the_schema_can_be_ticked() -> None:
    form = urgent(uses=list(SubstanceName))
    assert not form.errors
    assert {each.name for each in form.to_answers().substances} == set(SubstanceName)


def test_something_else_reaches_the_people_who_read() -> None:
    form = urgent(uses=["other"], other_what="Kratom", free_text="")
    assert form.to_answers().free_text.endswith("[Something else used: Kratom]")


@pytest.mark.parametrize(("answer", "hours"), [(key, hours) for key, (_, hours) in choices.LAST_TIME.items()])
def test_a_rough_time_never_crosses_a_line_of_the_rules(answer: str, hours: float) -> None:
    """The lines stand at 1, 6, 168 and 336 hours; the label says between which two the answer lies."""
    spans = {"now": (0, 1), "hours": (1, 6), "day": (6, 24), "days": (24, 96), "week": (96, 168)}
    spans |= {"fortnight": (168, 336), "longer": (336, 10_000)}
    low, high = spans[answer]
    assert low <= hours <= high
    assert only(uses=["ghb_gbl"], ghb_gbl_last=answer).hours_since_last == hours


@pytest.mark.parametrize(("answer", "line"), [("under_15", 15), ("15_to_29", 30)])
def test_a_rough_amount_stands_just_under_the_next_line(answer: str, line: int) -> None:
    assert choices.UNITS_A_DAY[answer][1] == line - 1


def test_only_tablets_can_run_out() -> None:
    assert only(uses=["z_drug"], z_drug_status="supply_ends_72h").status == UseStatus.SUPPLY_ENDS_72H
    assert only(uses=["ketamine"], ketamine_status="supply_ends_72h").status == UseStatus.UNKNOWN


def test_injecting_is_asked_about_opioids() -> None:
    assert only(uses=["opioid"], opioid_route="injected", opioid_source="street").route == "injected"
