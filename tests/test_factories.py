"""What factories make does not meet by chance what a test makes by name."""

import re
from pathlib import Path

from tests.factories import PersonFactory, StaffChannelFactory

NAMED = re.compile(r"7700 ?900(\d{3})")


def test_no_test_names_a_number_of_a_factory(db: None) -> None:
    texts = (path.read_text(encoding="utf-8") for path in Path(__file__).parent.rglob("*.py"))
    named = {ending for text in texts for ending in NAMED.findall(text)}
    people = {PersonFactory.build().phone[-3:] for _ in range(180)}
    ways = {StaffChannelFactory.build().address[-3:] for _ in range(90)}
    assert named
    assert not named & people
    assert not named & ways
    assert not people & ways
