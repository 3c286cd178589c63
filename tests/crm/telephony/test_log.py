"""Rows of call logs, in the words of many phone systems."""

import contextlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.enums import CallDirection, CallState
from crm.models import Site
from crm.telephony.log import MEANINGS, UnreadableCall, read_call
from tests.factories.phone import NUMBER

CALL = {"started": "2026-07-01 10:30", "from": "07700 900123", "result": "Missed"}
NOW = datetime(2026, 7, 2, tzinfo=UTC)
SITE = Site(slug="here", time_zone="Europe/London", locale="GB")


@pytest.mark.parametrize(
    "cells",
    [
        {"started": "2026-07-01 10:30"},
        {"started": "2026-07-01T09:30:00+00:00"},
        {"started": "01/07/2026 10:30"},
        {"started": "01/07/2026", "time": "10:30:00"},
        {"started": "1 Jul 2026", "time": "10:30 AM"},
        {"started": "01.07.2026 10:30"},
    ],
)
def test_times_are_of_the_site(cells: dict[str, str]) -> None:
    assert read_call(CALL | cells, SITE, read_at=NOW).started_at == datetime(2026, 7, 1, 9, 30, tzinfo=UTC)


def test_the_month_comes_first_in_the_united_states() -> None:
    site = Site(time_zone="America/New_York", locale="US")
    assert read_call(CALL | {"started": "07/01/2026 5:30 AM"}, site, read_at=NOW).started_at.month == 7


@pytest.mark.parametrize(
    ("cells", "direction", "state"),
    [
        ({}, CallDirection.IN, CallState.MISSED),
        ({"direction": "Incoming", "result": "ANSWERED"}, CallDirection.IN, CallState.CONNECTED),
        ({"direction": "Inbound call", "result": "no-answer"}, CallDirection.IN, CallState.MISSED),
        ({"direction": "Missed call", "result": ""}, CallDirection.IN, CallState.MISSED),
        ({"direction": "Received", "result": "Voicemail"}, CallDirection.IN, CallState.MISSED),
        ({"result": "", "seconds": "61"}, CallDirection.IN, CallState.CONNECTED),
        ({"result": "", "seconds": "0:00"}, CallDirection.IN, CallState.MISSED),
        (
            {"direction": "OUT", "to": NUMBER, "from": "200", "result": "Completed"},
            CallDirection.OUT,
            "CONNECTED",
        ),
    ],
)
def test_directions_and_results_have_many_names(
    cells: dict[str, str], direction: CallDirection, state: CallState
) -> None:
    call = read_call(CALL | cells, SITE, read_at=NOW)
    assert (call.news.direction, call.news.state, call.news.number) == (direction, state, NUMBER)


@pytest.mark.parametrize(
    ("said", "seconds"), [("61", 61), ("1:01", 61), ("0:01:01", 61), ("61 s", 61), ("", None)]
)
def test_how_long_it_took(said: str, seconds: int | None) -> None:
    assert read_call(CALL | {"seconds": said}, SITE, read_at=NOW).news.seconds == seconds


@pytest.mark.parametrize("started", ["2026-07-03 10:30", "07/08/2026 10:30"])
def test_a_call_that_is_still_to_come_is_a_slip_and_no_missed_call(started: str) -> None:
    with pytest.raises(UnreadableCall, match="still to come"):
        read_call(CALL | {"started": started}, SITE, read_at=NOW)


@pytest.mark.parametrize(
    "cells", [{"started": "yesterday"}, {"direction": "sideways"}, {"result": "maybe"}, {"from": "7.7E+09"}]
)
def test_what_cannot_be_read_is_said_without_repeating_it(cells: dict[str, str]) -> None:
    with pytest.raises(UnreadableCall) as refused:
        read_call(CALL | cells, SITE, read_at=NOW)
    assert next(iter(cells.values())) not in str(refused.value)


def test_a_call_is_the_same_by_its_number_or_by_all_that_is_known() -> None:
    one = read_call(CALL, SITE, read_at=NOW).key
    assert read_call(CALL | {"result": "Answered"}, SITE, read_at=NOW).key == one
    assert read_call(CALL | {"started": "2026-07-01 10:31"}, SITE, read_at=NOW).key != one
    assert read_call(CALL | {"from": "07700 900456"}, SITE, read_at=NOW).key != one
    with_id = [
        read_call(CALL | {"id": "7", "started": f"2026-07-01 10:3{n}"}, SITE, read_at=NOW).key for n in (1, 2)
    ]
    assert with_id[0] == with_id[1] != one
    assert "900123" not in one


@given(st.dictionaries(st.sampled_from(sorted(MEANINGS)), st.text(max_size=30)))
def test_no_row_breaks_the_reader(cells: dict[str, str]) -> None:
    with contextlib.suppress(UnreadableCall):
        assert read_call(cells, SITE, read_at=NOW).started_at.tzinfo
