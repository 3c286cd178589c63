"""A service message with one line of promotion in it is marketing (PECR, regulation 22; the ICO's guidance).

So the words of what goes out without asking for consent are looked through, in every language of ours:
tests/notifications/test_shipped_words.py. This is about the list that they are held against, and
about what staff are sent.
"""

from pathlib import Path

import pytest
from django.conf import settings

from notifications.promotion import promotes


@pytest.mark.parametrize(
    "words",
    [
        "Ask about our special offer.",
        "Save £50 on detox",
        "Follow us for news",
        "Book now: a free assessment",
        "Our other programmes may help",
        "We are the UK's leading clinic",
    ],
)
def test_the_list_finds_what_it_is_for(words: str) -> None:
    assert promotes(words)


@pytest.mark.parametrize(
    "words",
    [
        "A person will call you by 14:30.",
        "You can save your answers.",
        "Feel free to ring",
        "There is no hurry.",
        "Like you asked",
    ],
)
def test_the_list_leaves_plain_words_alone(words: str) -> None:
    assert not promotes(words)


@pytest.mark.parametrize(
    "template",
    sorted((settings.BASE_DIR / "templates" / "notifications").iterdir()),
    ids=lambda template: template.name,
)
def test_no_message_to_staff_promotes_anything_either(template: Path) -> None:
    assert not promotes(template.read_text())
