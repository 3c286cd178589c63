"""The guides that ship: whole, in plain words, and without what must never be said."""

from collections.abc import Iterator
from typing import Any

import pytest

from intake.content.guides import shipped_guides
from intake.content.never_say import problems_in
from intake.enums import NEEDED_SECTIONS, GuideSection, GuideSubject, NextStep, Slot
from intake.guide_text import as_body, as_written
from intake.wording import slots_in

GUIDES = {guide["slug"]: guide for guide in shipped_guides()}
every_guide = pytest.mark.parametrize("guide", GUIDES.values(), ids=GUIDES.keys())


def texts_in(said: object) -> Iterator[str]:
    if isinstance(said, str):
        yield said
    elif isinstance(said, (list, dict)):
        for each in said.values() if isinstance(said, dict) else said:
            yield from texts_in(each)


def test_there_is_a_guide_to_everything_in_the_index() -> None:
    assert sorted(GUIDES) == sorted(GuideSubject.values)


@every_guide
def test_its_sections_stand_in_their_order_and_none_that_is_needed_is_missing(guide: dict[str, Any]) -> None:
    keys = [section["key"] for section in guide["sections"]]
    assert keys == [key for key in GuideSection.values if key in keys]
    assert set(NEEDED_SECTIONS) <= set(keys)
    assert all(section["heading"] and section["body"] for section in guide["sections"])


@every_guide
def test_a_care_card_has_at_most_five_signs(guide: dict[str, Any]) -> None:
    assert set(guide["danger_signs"]) == {NextStep.EMERGENCY, NextStep.TODAY}
    assert all(2 <= len(signs) <= 5 for signs in guide["danger_signs"].values())


@every_guide
def test_when_withdrawal_begins_and_ends_waits_for_a_clinician(guide: dict[str, Any]) -> None:
    held = {section["key"] for section in guide["sections"] if section["needs_approval"]}
    assert held == {"timeline"} & {section["key"] for section in guide["sections"]}


@every_guide
def test_nothing_is_said_that_must_never_be_said(guide: dict[str, Any]) -> None:
    found = [
        problem
        for section in guide["sections"]
        for text in texts_in([section["heading"], section["body"]])
        for problem in problems_in(text, says_what_it_is=section["key"] == "what")
    ]
    found += [
        problem
        for name in ("title", "summary", "danger_signs")
        for text in texts_in(guide[name])
        for problem in problems_in(text)
    ]
    assert found == []


@every_guide
def test_its_slots_exist(guide: dict[str, Any]) -> None:
    assert {slot for text in texts_in(guide) for slot in slots_in(text)} <= set(Slot)


@every_guide
def test_it_survives_being_opened_in_the_editor(guide: dict[str, Any]) -> None:
    for section in guide["sections"]:
        assert as_body(as_written(section["body"])) == section["body"]


@pytest.mark.parametrize("slug", ["alcohol", "benzodiazepines", "ghb-gbl", "prescription-medicines"])
def test_sudden_stopping_is_warned_against_where_it_can_kill(slug: str) -> None:
    [stopping] = [each for each in GUIDES[slug]["sections"] if each["key"] == "stopping"]
    assert stopping["heading"] == "Do not stop suddenly"
    assert "can kill" in " ".join(texts_in(stopping["body"]))


def test_a_line_that_says_the_same_as_the_first_stays_where_it_is() -> None:
    assert as_body("- rest\n- water\n- rest") == [["rest", "water", "rest"]]
    assert as_body("Ask.\nAsk.") == ["Ask. Ask."]
