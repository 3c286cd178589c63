from typing import Any

import pytest

from intake.consent import ConsentError, parse_consent


@pytest.mark.parametrize(
    ("raw", "facts"),
    [
        (None, {}),
        ({}, {}),
        (True, {"given": True}),
        (False, {"given": False}),
        ({"contact": True, "updates": False}, {"contact": True, "updates": False}),
        ({"contact": None}, {}),
        ({"contact": True, "name": "Ada", "note": {"phone": "07700 900123"}}, {"contact": True}),
    ],
)
def test_only_known_facts_are_kept(raw: Any, facts: dict[str, bool]) -> None:
    assert parse_consent(raw).to_dict() == facts


@pytest.mark.parametrize(
    ("raw", "field"),
    [("yes", ""), ([], ""), (1, ""), ({"contact": "yes"}, "contact"), ({"given": 1}, "given")],
)
def test_what_makes_no_sense_is_named(raw: Any, field: str) -> None:
    with pytest.raises(ConsentError) as refused:
        parse_consent(raw)
    assert list(refused.value.errors) == [field]
