"""Phone numbers as people write them."""

import phonenumbers
from django.conf import settings
from phonenumbers import PhoneNumber, PhoneNumberFormat, ValidationResult


def read_phone(typed: str) -> tuple[str, bool]:
    """Return the number in E.164 form ("" where there is none), and whether libphonenumber doubts it.

    A doubtful number is still kept and dialled: numbers that were ported, or set aside for drama, fail too.
    One without an area code, or of an extension, has no such form: it is dialled as it was typed.
    """
    number = _parsed(typed)
    if number is None:
        return "", bool(typed)
    if phonenumbers.is_possible_number_with_reason(number) != ValidationResult.IS_POSSIBLE:
        return "", True
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return e164, not phonenumbers.is_valid_number(number)


def international(typed: str) -> str:
    """Return the number in E.164 form, or "" where there is none."""
    return read_phone(typed)[0]


def national(typed: str) -> str:
    """Return the number as somebody at home writes it, or "" where it is none."""
    number = _parsed(typed)
    return phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL) if number else ""


def _parsed(typed: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(typed, settings.PHONENUMBER_DEFAULT_REGION)
    except phonenumbers.NumberParseException:
        return None
