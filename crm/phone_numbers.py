"""Phone numbers as people write them."""

import phonenumbers
from django.conf import settings


def read_phone(typed: str) -> tuple[str, bool]:
    """Return the number in E.164 form ("" where there is none), and whether libphonenumber doubts it.

    A doubtful number is still kept and dialled: numbers that were ported, or set aside for drama, fail too.
    One without an area code, or of an extension, has no such form: it is dialled as it was typed.
    """
    try:
        number = phonenumbers.parse(typed, settings.PHONENUMBER_DEFAULT_REGION)
    except phonenumbers.NumberParseException:
        return "", bool(typed)
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return "", True
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return e164, not phonenumbers.is_valid_number(number)
