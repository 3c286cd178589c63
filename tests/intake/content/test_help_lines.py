from datetime import timedelta

import pytest

from intake.content.help_lines import HelpLineData, shipped_help_lines

LINES = shipped_help_lines()


def digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit())


def test_every_line_has_a_key_and_a_place_of_its_own():
    assert len({line.key for line in LINES}) == len(LINES)
    assert [line.position for line in LINES] == list(range(1, len(LINES) + 1))


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.key)
def test_the_dial_form_dials_the_number_that_is_shown(line: HelpLineData):
    assert line.dial.startswith(("tel:", "sms:"))
    shown, dialled = digits(line.number), digits(line.dial)
    assert dialled in {shown, digits(line.number.split(" then ")[0])}


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.key)
def test_a_confirmed_line_is_checked_again_after_90_days_and_an_unconfirmed_one_is_due(line: HelpLineData):
    if line.is_confirmed:
        assert line.checked_date
        assert line.next_check_date == line.checked_date + timedelta(days=90)
    else:
        assert line.checked_date is None
        assert line.source.startswith("To confirm")


@pytest.mark.parametrize(
    ("locale", "nation", "key"),
    [
        ("GB", "", "gb-999"),
        ("GB", "", "gb-samaritans"),
        ("GB", "England", "england-111"),
        ("GB", "Wales", "wales-111"),
        ("GB", "Scotland", "scotland-111"),
        ("GB", "Northern Ireland", "northern-ireland-lifeline"),
        ("IE", "", "ie-112"),
        ("US", "", "us-988"),
    ],
)
def test_each_nation_has_its_own_crisis_line(locale: str, nation: str, key: str):
    assert (locale, nation) == next((line.locale, line.nation) for line in LINES if line.key == key)


def test_111_is_worded_for_each_nation():
    said = {line.nation: f"{line.name} {line.number} {line.purpose}" for line in LINES if "111" in line.key}
    assert "option 2" not in said["England"]
    assert "choose the mental health option" in said["England"]
    assert "press 2" in said["Wales"]
