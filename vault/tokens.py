"""Search tokens: equal inputs give equal numbers, and nobody without the key can tell which input."""

import re
import unicodedata

from vault.keysets import prf_set

PREFIX_LENGTHS = range(3, 13)  # a name is found from its third letter on


def token(kind: str, value: str) -> int:
    """Return the 64-bit signed token of a normalised value under the primary key."""
    return _number(prf_set().primary().compute(_labelled(kind, value), 8))


def tokens_for_search(kind: str, value: str) -> list[int]:
    """Return the value's token under every key, so that rows from before a rotation are found too."""
    return [_number(key.compute(_labelled(kind, value), 8)) for key in prf_set().all().values()]


def phone_tokens(e164: str) -> list[int]:
    """Return the token of a phone number in E.164 form, or of the digits that were typed."""
    return [token("phone", e164)] if e164 else []


def email_tokens(address: str) -> list[int]:
    """Return the token of an e-mail address, compared without case."""
    return [token("email", address.strip().casefold())] if address.strip() else []


def name_tokens(name: str) -> list[int]:
    """Return a token for each prefix of 3 to 12 letters of each word of a name, accents ignored."""
    prefixes = {word[:length] for word in name_words(name) for length in PREFIX_LENGTHS if len(word) >= length}
    prefixes |= {word for word in name_words(name) if len(word) < PREFIX_LENGTHS.start}
    return [token("name", prefix) for prefix in sorted(prefixes)]


def name_words(name: str) -> list[str]:
    """Return the words of a name as they are compared: lower case, no accents, letters and digits only."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return re.findall(r"\w+", "".join(c for c in plain if not unicodedata.combining(c)))


def _labelled(kind: str, value: str) -> bytes:
    return f"{kind}\x1f{value}".encode()


def _number(data: bytes) -> int:
    return int.from_bytes(data, "big", signed=True)
