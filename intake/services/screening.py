"""Telling people from machines, without ever turning a person away: suspicion only sends to review.

A wrong suspicion costs a caller minutes; spam costs a coordinator one click. So haste alone is only noted.
"""

import time

from django.core.signing import BadSignature, Signer

from intake.services.budgets import ADDRESS_BUDGET, FORM_BUDGET
from intake.services.proof import PROOF_REPLAYED, PROVED

HONEYPOT, TOO_FAST, NO_TRAP, HAS_LINK = "HONEYPOT", "TOO_FAST", "NO_TRAP", "HAS_LINK"
QUICKEST_PERSON = 2  # seconds to fill in the shortest form
_signer = Signer(salt="intake.time-trap")


def new_trap() -> str:
    """Return the signed time at which a form was shown."""
    return _signer.sign(str(int(time.time())))


def is_own_trap(trap: str) -> bool:
    """Return whether it was this Threshold that showed a form."""
    try:
        return bool(_signer.unsign(trap))
    except BadSignature:
        return False


def screening_flags(*, honeypot: str, trap: str, free_text: str) -> list[str]:
    """Return what is odd about a form, as codes."""
    odd = {HONEYPOT: bool(honeypot.strip()), **_haste(trap)}
    return [flag for flag, is_odd in odd.items() if is_odd] + text_flags(free_text)


def text_flags(free_text: str) -> list[str]:
    """Return what is odd about the words alone, however they came."""
    return [HAS_LINK] if "http://" in free_text or "https://" in free_text else []


def review_reason(flags: list[str]) -> str:
    """Return why a person should look before the lead is placed, or "" when there is no reason to."""
    odd = set(flags)
    if PROVED in odd:
        odd -= {ADDRESS_BUDGET, FORM_BUDGET}
    reasons = {
        "A hidden field was filled in": HONEYPOT in odd,
        "Sent at once, with a link in it": HAS_LINK in odd and bool({TOO_FAST, NO_TRAP} & odd),
        "A check that was solved once was sent again": PROOF_REPLAYED in odd,
        "Many enquiries from one connection": ADDRESS_BUDGET in odd,
        "Far more enquiries than usual by this form": FORM_BUDGET in odd,
    }
    return next((reason for reason, applies in reasons.items() if applies), "")


def _haste(trap: str) -> dict[str, bool]:
    try:
        shown = int(_signer.unsign(trap))
    except (BadSignature, ValueError):
        return {NO_TRAP: True}
    return {TOO_FAST: time.time() - shown < QUICKEST_PERSON}
