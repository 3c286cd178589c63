"""What the demo's callers say: valid answers, and a spread of levels that a centre would know."""

from collections import Counter
from random import Random

import pytest

from crm.enums import LeadChannel, Level
from intake.demo.scenes import SCENES
from intake.demo.staging import CALM
from intake.demo.stories import story
from intake.triage.answers import parse_answers
from intake.triage.engine import triage
from intake.triage.rules import shipped_rules


def test_levels_are_spread_and_emergencies_are_few() -> None:
    rng, rules = Random(3), shipped_rules()
    levels = Counter(triage(rules, parse_answers(story(rng).answers)).level for _ in range(1000))
    assert set(levels) == set(Level)
    assert 0.02 < (levels[Level.E1] + levels[Level.E2]) / 1000 < 0.07
    assert levels[Level.P1] + levels[Level.P2] > 300


def test_professionals_refer_and_phone_enquiries_come_by_phone() -> None:
    rng = Random(4)
    ways = {(found.answers["enquirer"], found.channel) for found in (story(rng) for _ in range(300))}
    assert ways == {
        ("self", LeadChannel.WEB),
        ("loved_one", LeadChannel.WEB),
        ("professional", LeadChannel.REFERRAL),
        ("phone", LeadChannel.PHONE),
    }


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: f"{scene.ago:g} minutes ago")
def test_every_scene_can_be_triaged_and_its_acts_are_in_order(scene) -> None:
    triage(shipped_rules(), parse_answers(CALM | scene.said))
    times = [scene.ago, *(act.ago for act in scene.acts)]
    assert times == sorted(times, reverse=True)
