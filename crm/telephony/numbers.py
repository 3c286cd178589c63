"""Numbers as phone systems write them."""

import re

from crm.phone_numbers import international, national
from vault.tokens import phone_search, phone_tokens

LEAST_DIGITS = 5
# How Twilio writes ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN and UNAVAILABLE on a phone's letters.
SPELT_WORDS = frozenset({"266696687", "7378742883", "2562533", "8656696", "86282452253"})


def caller_number(written: str) -> str:
    """Return a number in international form if it has one, else its digits; "" for a withheld one.

    An address of an internet phone (sip:, client:) is nobody's number.
    """
    digits = re.sub(r"\D", "", written)
    if ":" in written or len(digits) < LEAST_DIGITS or digits in SPELT_WORDS:
        return ""
    return international(written) or digits


def number_tokens(number: str) -> list[int]:
    """Return what is stored to find a call by its number; nothing for a withheld one."""
    return phone_tokens(number)


def number_search(number: str) -> list[int]:
    """Return the tokens of which whoever has this number has one, also from before a rotation of keys.

    A person's own may be stored as it was typed: as somebody at home writes it.
    """
    return phone_search(number) + phone_search(national(number))
