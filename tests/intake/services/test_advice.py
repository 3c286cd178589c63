"""Advice before anything is stored."""

import pytest
from django.db import OperationalError

from intake.services.advice import emergency_advice
from intake.triage.answers import parse_answers

pytestmark = pytest.mark.django_db
DANGER = {"symptoms": ["overdose_24h"], "enquirer": "loved_one"}


def test_danger_is_answered_in_the_voice_of_who_asks() -> None:
    [first, *_] = emergency_advice(parse_answers(DANGER))
    assert (first.key, first.voice) == ("MOD", "loved_one")


def test_without_danger_there_is_nothing_to_say_yet() -> None:
    assert emergency_advice(parse_answers({"free_text": "hello"})) == []


def test_the_shipped_rules_answer_without_a_database(monkeypatch: pytest.MonkeyPatch) -> None:
    def down(_: object) -> None:
        raise OperationalError("the database is down")

    monkeypatch.setattr("intake.services.advice.triage_in_request", down)
    assert emergency_advice(parse_answers(DANGER))[0].key == "MOD"
