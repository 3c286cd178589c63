"""Why a try failed, in words."""

import pytest

from notifications.enums import Why
from notifications.reasons import in_words, is_code


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("SMTP 421", "The mail server does not take it yet"),
        ("SMTP 550", "The mail server refused it"),
        ("HTTP 429", "The provider takes no more for now"),
        ("HTTP 403", "The provider does not let us in"),
        ("HTTP 410", "Nobody is at that address any more"),
        ("HTTP 422", "The provider refused it"),
        ("HTTP 500", "The provider has a fault"),
        ("Twilio 21211", "That is no telephone number"),
        ("Twilio 99999", "The telephone provider refused it"),
        ("CircuitOpen", "This way is out of order"),
        ("AMBIGUOUS", "No answer: it may have gone out"),
        ("SomethingNew", "SomethingNew"),
        ("SMTP 5501", "SMTP 5501"),
        ("", ""),
    ],
)
def test_words_of_a_reason(reason: str, words: str) -> None:
    assert in_words(reason) == words


def test_only_what_is_not_ours_has_a_code_to_look_up() -> None:
    assert not any(is_code(why) for why in Why)
    assert is_code("SMTP 550")
    assert not is_code("")
