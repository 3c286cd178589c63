"""References that can be read over the phone: `T7K4-9QXM`.

No vowels (no words by accident) and no look-alikes (0 O, 1 I L, 5 S, 8 B, 2 Z). The 23 characters left are a
prime number, so a sum with distinct weights modulo 23 catches every single wrong character and every swap of
two characters (the scheme of ISBN-10, with 23 in place of 11).
"""

import re
import secrets
from collections.abc import Callable

ALPHABET = "234679CDFGHJKMNPQRTVWXY"
HALF = 4
LENGTH = 7  # random characters; the eighth checks them


def new_reference(choose: Callable[[str], str] = secrets.choice) -> str:
    """Return a random reference with its check character; the caller deals with a collision.

    `choose` picks one character of a string; demo data brings one that can be repeated.
    """
    body = "".join(choose(ALPHABET) for _ in range(LENGTH))
    return _display(body + _check_character(body))


def parse_reference(typed: str) -> str | None:
    """Return the reference as it is stored, whatever spaces, dashes and case it was typed with.

    None when it cannot be one of ours: wrong length, a character that we never use, or a failed check.
    """
    text = re.sub(r"[\s\-–—]", "", typed).upper()
    if len(text) != LENGTH + 1 or set(text) - set(ALPHABET) or _check_character(text[:-1]) != text[-1]:
        return None
    return _display(text)


def half_a_reference(typed: str) -> str:
    """Return the beginning of a reference as it is stored, of four characters or more; else nothing."""
    text = re.sub(r"[\s\-–—]", "", typed).upper()
    if not HALF <= len(text) <= LENGTH or set(text) - set(ALPHABET):
        return ""
    return _display(text).removesuffix("-")


def _check_character(body: str) -> str:
    return ALPHABET[sum(weight * ALPHABET.index(char) for weight, char in enumerate(body, 2)) % len(ALPHABET)]


def _display(text: str) -> str:
    return f"{text[:4]}-{text[4:]}"
