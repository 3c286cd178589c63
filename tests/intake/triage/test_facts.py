import pytest

from intake.triage.facts import NAMES, facts_of, plain
from tests.intake.triage.said import said, took


@pytest.mark.parametrize(
    "written",
    ["can't", "CAN'T", "can’t", "can‘t", "canʼt", "can´t", "can`t", "cant", "ca\u00adn't", "can\u200bt"],
)
def test_every_way_to_write_an_apostrophe_reads_the_same(written: str):
    assert plain(f"I {written}\n\tbreathe ") == "i cant breathe"


def test_unknown_hours_and_amounts_count_as_nothing():
    entry = facts_of(said(substances=[took("alcohol", hours_since_last=None)]), phrases=())["substances"][0]
    assert (entry["hours"], entry["amount"], entry["amount_known"]) == (0, 0, False)


def test_an_amount_of_nought_is_known():
    entry = facts_of(said(substances=[took("alcohol", amount_per_day=0)]), phrases=())["substances"][0]
    assert (entry["amount"], entry["amount_known"]) == (0, True)


@pytest.mark.parametrize(
    ("name", "groups"),
    [
        ("alcohol", {"sedative", "depressant"}),
        ("z_drug", {"sedative", "benzo", "depressant"}),
        ("gabapentinoid", {"sedative", "depressant"}),
        ("nitazene_or_unknown", {"opioid", "depressant"}),
        ("mdma", {"stimulant"}),
        ("ketamine", set()),
    ],
)
def test_each_substance_has_its_groups(name: str, groups: set[str]):
    entry = facts_of(said(substances=[took(name)]), phrases=())["substances"][0]
    every = {"sedative", "benzo", "opioid", "depressant", "stimulant"}
    assert {group for group in every if entry[group]} == groups


def test_the_words_themselves_stay_out_of_the_rules():
    assert "free_text" not in facts_of(said(free_text="private"), phrases=())
    assert set(facts_of(said(), phrases=())) == NAMES - {"fired", "asked"}
