"""Numbers as phone systems write them."""

import re

import phonenumbers
from django.conf import settings

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
    return _international(written) or digits


def number_tokens(number: str) -> list[int]:
    """Return what is stored to find a call by its number; nothing for a withheld one."""
    return phone_tokens(number)


def number_search(number: str) -> list[int]:
    """Return the tokens of which whoever has this number has one, also from before a rotation of keys."""
    return phone_search(number) + phone_search(_national(number))


def _international(written: str) -> str:
    try:
        number = phonenumbers.parse(written, settings.PHONENUMBER_DEFAULT_REGION)
    except phonenumbers.NumberParseException:
        return ""
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return ""  # of an extension, or without its area code
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _national(number: str) -> str:
    """Return the number as somebody at home writes it: a person's own may be stored as it was typed."""
    try:
        parsed = phonenumbers.parse(number, settings.PHONENUMBER_DEFAULT_REGION)
    except phonenumbers.NumberParseException:
        return ""
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
