"""The keys to unsent answers: one for the browser, and a link with a code to come back by.

Where is a journey's state, and what in the browser leads to it? The answers stay on our side, encrypted. The
browser holds a random key, in a signed cookie that scripts cannot read, that no other site can make it send,
and that it forgets with its session. Not in the address, for the sake of somebody who is watched: the history
of a browser outlives the visit, is synchronised to other devices and is read over a shoulder, and an address
with a key in it would open the answers to whoever finds it. The history has only `/pre-booked/3/`, which
shows nothing without the cookie. The cookie has a name that says nothing, and `/leave/` removes it together
with the answers. The price: without cookies there is no journey. A page says so, and offers the phone and
the form on one page.

Coming back later is the one time that a key stands in an address, so the link alone opens nothing: it needs
the code, which is not in it, is not sent with it, and is shown once.
"""

import hashlib
import re
import secrets
from uuid import UUID

from django.core.signing import BadSignature, Signer

from crm.references import ALPHABET
from vault.tokens import token, tokens_for_search

COOKIE = "form"
CODE_LENGTH = 8  # 23 characters: 36 bits, beside a link of 256 and a few tries an hour
_signer = Signer(salt="intake.draft", sep=".")


def new_key() -> str:
    return secrets.token_urlsafe(32)


def hash_of(key: str) -> bytes:
    """Return what the database knows of a key. It is random and long, so a plain hash gives nothing away."""
    return hashlib.sha256(key.encode(errors="replace")).digest()


def signed(key: str) -> str:
    return _signer.sign(key)


def key_in(cookie: str) -> str | None:
    """Return the key of a cookie, None when it is not one of ours."""
    try:
        return _signer.unsign(cookie)
    except BadSignature:
        return None


def new_code() -> str:
    """Return a code that can be written down: no vowels, no look-alikes."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    return f"{drawn[:4]}-{drawn[4:]}"


def code_token(draft_id: UUID, code: str) -> int:
    """Return what the database knows of a code: a keyed hash, since a code is short."""
    return token("draft-code", f"{draft_id}:{_plain(code)}")


def fits(draft_id: UUID, typed: str, stored: int | None) -> bool:
    """Return whether a typed code is the draft's, whatever case, spaces and dashes it was typed with."""
    return stored in tokens_for_search("draft-code", f"{draft_id}:{_plain(typed)}")


def _plain(typed: str) -> str:
    return re.sub(r"[\W_]", "", typed).upper()[:50]
