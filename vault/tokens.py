"""Search tokens: equal inputs give equal numbers, and nobody without the key can tell which input.

A row keeps the tokens under the key that was primary when it was written; a search tries every key.
"""

import re
import unicodedata
from collections.abc import Iterable

from vault.keysets import prf_set

PREFIX_LENGTHS = range(3, 13)  # a name is found from its third letter on
PHONE_END = 6  # digits: half a number that somebody read off a display, or remembers
LONGEST_NAME = 20  # words; the rest of a longer "name" is not worth the tokens


def token(kind: str, value: str) -> int:
    """Return the 64-bit signed token of a normalised value under the primary key."""
    return _number(prf_set().primary().compute(_labelled(kind, value), 8))


def tokens_for_search(kind: str, value: str) -> list[int]:
    """Return the value's token under every key, so that rows from before a rotation are found too."""
    return [_number(key.compute(_labelled(kind, value), 8)) for key in prf_set().all().values()]


def phone_tokens(number: str) -> list[int]:
    """Return the token of a phone number: of its E.164 form or, where that is unknown, as it was typed."""
    return [token("phone", plain) for plain in phone_forms(number)]


def phone_end_tokens(number: str) -> list[int]:
    """Return the token of the last digits of a number. They find people; they never make two one."""
    return [token("phone end", end) for end in _phone_ends(number)]


def email_tokens(address: str) -> list[int]:
    """Return the token of an e-mail address, compared without case."""
    return [token("email", plain) for plain in email_forms(address)]


def name_tokens(name: str) -> list[int]:
    """Return a token for each prefix of 3 to 12 letters of each word of a name, and for shorter words."""
    words = name_words(name)
    prefixes = {word[:length] for word in words for length in PREFIX_LENGTHS}
    return [token("name", prefix) for prefix in sorted(prefixes)]


def phone_search(number: str) -> list[int]:
    """Return the tokens of which a person with this number has one."""
    return _for_search("phone", phone_forms(number))


def phone_end_search(number: str) -> list[int]:
    """Return the tokens of which a person with a number that ends like this has one."""
    return _for_search("phone end", _phone_ends(number))


def email_search(address: str) -> list[int]:
    """Return the tokens of which a person with this address has one."""
    return _for_search("email", email_forms(address))


def name_search(name: str) -> list[list[int]]:
    """Return a list of tokens for each word: a person of that name has one of each list.

    A word finds the names that begin with it; a word of one or two letters only the names that are it.
    """
    return [tokens_for_search("name", word[: PREFIX_LENGTHS[-1]]) for word in name_words(name)]


def name_words(name: str) -> list[str]:
    """Return the words of a name as they are compared: lower case, no accents, letters and digits only."""
    apart = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(letter for letter in apart if not unicodedata.combining(letter)).casefold()
    return re.findall(r"[^\W_]+", plain)[:LONGEST_NAME]


def phone_forms(number: str) -> list[str]:
    """Return the number as it is compared, its digits, or nothing."""
    digits = re.sub(r"\D", "", number)
    return [digits] if digits else []


def _phone_ends(number: str) -> list[str]:
    return [digits[-PHONE_END:] for digits in phone_forms(number) if len(digits) >= PHONE_END]


def email_forms(address: str) -> list[str]:
    """Return the address as it is compared, or nothing."""
    plain = address.strip().casefold()
    return [plain] if plain else []


def _for_search(kind: str, forms: Iterable[str]) -> list[int]:
    return [number for form in forms for number in tokens_for_search(kind, form)]


def _labelled(kind: str, value: str) -> bytes:
    return f"{kind}\x1f{value}".encode(errors="replace")


def _number(data: bytes) -> int:
    return int.from_bytes(data, "big", signed=True)
