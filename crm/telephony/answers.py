"""What a colleague texts to say that they have an alert: "1" or "YES", and a reference if need be. Pure."""

import unicodedata
from dataclasses import dataclass

from crm.references import ALPHABET, HALF, LENGTH

YES = frozenset({"1", "yes", "y"})
COURTESIES = frozenset({"please", "thanks", "thank", "you", "thx"})


@dataclass(frozen=True, slots=True)
class TextAnswer:
    """A yes. `named`: the letters of the reference that was typed, at least half of it; "" for none."""

    named: str = ""

    def means(self, reference: str) -> bool:
        """Return whether it is, or may be, about the lead of this reference."""
        return reference.replace("-", "").startswith(self.named)


def read_answer(text: str) -> TextAnswer | None:
    """Return the yes that a text is, None for anything else: what is more than a yes is for a person to read.

    A reference alone is a yes. None of its letters can be taken for the "1" or the "yes".
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    words = "".join(sign if sign.isalnum() else " " for sign in plain).split()
    rest = [word for word in words if word not in YES | COURTESIES]
    named = "".join(rest).upper()
    if not rest:
        return TextAnswer() if YES & set(words) else None
    fits = HALF <= len(named) <= LENGTH + 1 and not set(named) - set(ALPHABET)
    return TextAnswer(named) if fits else None
