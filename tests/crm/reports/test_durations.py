import pytest

from crm.reports.durations import share, spoken_minutes, spoken_share


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (None, "–"),
        (0.4, "under 1 min"),
        (1, "1 min"),
        (59.7, "1 h"),
        (90, "1 h 30 min"),
        (1440, "1 d"),
        (1441, "1 d"),
        (3000, "2 d 2 h"),
    ],
)
def test_minutes_in_words(minutes: float | None, words: str) -> None:
    assert spoken_minutes(minutes) == words


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [(0, 0, "–"), (0, 3, "0%"), (1, 3, "33%"), (1, 400, "under 1%"), (399, 400, "over 99%"), (3, 3, "100%")],
)
def test_shares_in_words(part: int, whole: int, words: str) -> None:
    assert spoken_share(share(part, whole)) == words
