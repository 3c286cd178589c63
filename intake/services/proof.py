"""A sum for the visitor's device, where a connection is over its budget. Done, the enquiry goes its way.

It proves nothing about a person, only makes a flood dear. Nobody has to: without it the enquiry is reviewed.
The sum is ALTCHA's: find the one counter whose derived key begins as the challenge says.
"""

import base64
import json
import secrets
import time
from typing import Any

import altcha
from django.core.cache import cache
from django.utils.crypto import salted_hmac

PROVED, PROOF_WRONG, PROOF_REPLAYED = "PROVED", "PROOF_WRONG", "PROOF_REPLAYED"
ALGORITHM, COST = "PBKDF2/SHA-256", 5_000  # one guess: two milliseconds of a desktop
FEWEST, MOST = 60, 180  # guesses: a second or two of an old phone
GOOD_FOR = 4 * 60 * 60  # seconds: people are interrupted
LONGEST = 4_000  # characters of what comes back


def new_challenge() -> str:
    """Return a signed challenge as JSON, for assets/js/parts/prove.js."""
    challenge = altcha.create_challenge(
        ALGORITHM,
        COST,
        counter=FEWEST + secrets.randbelow(MOST - FEWEST),
        expires_at=int(time.time()) + GOOD_FOR,
        hmac_secret=_secret("challenge"),
        hmac_key_secret=_secret("solution"),
    )
    return json.dumps(challenge.to_dict())


def proof_flags(*, proof: str, key: str) -> list[str]:
    """Return what a form's proof is worth; `key` is the form's own, so that its retries are no replay.

    Without a cache nothing is remembered, and a replay passes.
    """
    if not proof:
        return []
    if len(proof) > LONGEST or not _is_solved(proof):
        return [PROOF_WRONG]
    used = f"proof:{_challenge_of(proof)['signature']}"
    is_first = cache.add(used, key, GOOD_FOR) or cache.get(used) in (key, None)
    return [PROVED if is_first else PROOF_REPLAYED]


def _is_solved(proof: str) -> bool:
    result = altcha.verify_solution(proof, _secret("challenge"), hmac_key_secret=_secret("solution"))
    return bool(result.verified)


def _challenge_of(proof: str) -> dict[str, Any]:
    return dict(json.loads(base64.b64decode(proof))["challenge"])


def _secret(name: str) -> str:
    return salted_hmac("intake.proof", name, algorithm="sha256").hexdigest()
