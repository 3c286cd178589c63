"""Keeping answers until they are sent, for as short a time as somebody needs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from intake import draft_keys
from intake.models import Draft, Enquiry
from intake.progress import Progress

OPEN_FOR = timedelta(hours=2)  # since the latest answer; every answer and "keep longer" begin it again
KEPT_FOR = timedelta(days=7)  # once saved to come back to
KEPT_FOR_MINORS = timedelta(hours=24)
SECOND_PRESS = timedelta(seconds=30)  # of Save, before the browser let go of its key
MOST_WRONG_CODES = 5
WAIT_AFTER_WRONG_CODES = timedelta(minutes=15)


class DraftGone(Exception):
    """The answers have run out, were deleted, or were sent meanwhile."""


class WrongCode(Exception):
    """No saved answers have this link and this code: which of them is wrong is not said."""


class TooManyTries(Exception):
    """Too many wrong codes; the next try counts after WAIT_AFTER_WRONG_CODES."""


@dataclass(frozen=True, slots=True)
class WayBack:
    """What somebody needs to come back, in the clear: the database has only hashes."""

    draft: Draft
    link: str
    code: str


def begin_draft(*, journey: str, progress: Progress, at: datetime) -> tuple[Draft, str]:
    """Store the first answers; return the draft and the key that the browser is to hold."""
    key = draft_keys.new_key()
    draft = Draft.objects.create(
        journey=journey,
        progress=progress.to_dict(),
        key_hash=draft_keys.hash_of(key),
        created_at=at,
        updated_at=at,
        open_until=at + OPEN_FOR,
        expires_at=at + OPEN_FOR,
    )
    return draft, key


def keep_answers(
    *, draft: Draft, said: Mapping[str, list[str]], seen: int | None = None, at: datetime
) -> Draft:
    """Put these answers in place of the earlier ones, whichever tab they come from. Raises DraftGone."""
    return _change(draft.pk, lambda progress: progress.answered(said, seen=seen), at)


def note_told(*, draft: Draft, keys: list[str], at: datetime) -> Draft:
    """Note that these texts were read, so that they do not stand in the way again. Raises DraftGone."""
    return _change(draft.pk, lambda progress: progress.after_telling(keys), at)


def extend_draft(*, draft: Draft, at: datetime) -> Draft:
    """Keep the answers open for the full time from now on. Raises DraftGone."""
    return _change(draft.pk, lambda progress: progress, at)


@transaction.atomic
def save_draft(*, draft: Draft, at: datetime) -> WayBack:
    """Keep the answers for days, behind a new link and code; the browser's key soon stops working.

    Raises DraftGone.
    """
    saved = _locked(draft.pk)
    link, code = draft_keys.new_key(), draft_keys.new_code()
    saved.link_hash, saved.code_token = draft_keys.hash_of(link), draft_keys.code_token(saved.pk, code)
    saved.wrong_codes = 0
    _prolong(saved, at)
    saved.open_until = at + SECOND_PRESS
    saved.save()
    return WayBack(saved, link, code)


def check_way_back(*, link: str, code: str, at: datetime) -> Draft:
    """Return the saved answers of this link and code; a wrong code is counted.

    Raises WrongCode and TooManyTries.
    """
    with transaction.atomic():
        draft = _saved(link, at)
        is_right = draft is not None and _try_code(draft, code, at)
    if draft is None or not is_right:
        raise WrongCode
    return draft


def reopen_draft(*, link: str, code: str, at: datetime) -> tuple[Draft, str]:
    """Open saved answers again, under a new key for this browser. Raises WrongCode and TooManyTries."""
    draft = check_way_back(link=link, code=code, at=at)
    with transaction.atomic():
        reopened, key = _locked(draft.pk), draft_keys.new_key()
        reopened.key_hash, reopened.wrong_codes = draft_keys.hash_of(key), 0
        _prolong(reopened, at)
        reopened.save()
    return reopened, key


@transaction.atomic
def finish_draft(*, draft: Draft, enquiry: Enquiry, at: datetime) -> None:
    """Forget the answers, which are sent now; the row stays a while for a second press of Send."""
    empty = Progress().to_dict()
    expires = {"open_until": at + OPEN_FOR, "expires_at": at + OPEN_FOR}
    Draft.objects.filter(pk=draft.pk).update(
        progress=empty, sent_as=enquiry, link_hash=None, code_token=None, updated_at=at, **expires
    )


def forget_draft(*, key: str, and_saved: bool = False) -> None:
    """Delete the answers that a browser holds the key of; saved ones stay for whoever has link and code."""
    found = Draft.objects.filter(key_hash=draft_keys.hash_of(key))
    (found if and_saved else found.filter(link_hash=None)).delete()


def delete_expired_drafts(*, at: datetime) -> int:
    """Delete what has run out; return how many drafts that were."""
    deleted, _ = Draft.objects.filter(expires_at__lte=at).delete()
    return deleted


@transaction.atomic
def _change(draft_id: UUID, change: Callable[[Progress], Progress], at: datetime) -> Draft:
    draft = _locked(draft_id)
    draft.progress = change(Progress.from_dict(draft.progress)).to_dict()
    _prolong(draft, at)
    draft.save()
    return draft


def _locked(draft_id: UUID) -> Draft:
    draft = Draft.objects.select_for_update().filter(pk=draft_id, sent_as=None).first()
    if draft is None:
        raise DraftGone
    return draft


def _prolong(draft: Draft, at: datetime) -> None:
    is_minor = Progress.from_dict(draft.progress).is_minor
    kept_for = KEPT_FOR_MINORS if is_minor else KEPT_FOR
    draft.updated_at, draft.open_until = at, at + OPEN_FOR
    draft.expires_at = at + (kept_for if draft.is_saved else OPEN_FOR)


def _saved(link: str, at: datetime) -> Draft | None:
    same = Draft.objects.select_for_update().filter(link_hash=draft_keys.hash_of(link), sent_as=None)
    return same.filter(expires_at__gt=at).first()


def _try_code(draft: Draft, code: str, at: datetime) -> bool:
    """Return whether the code fits; a wrong one is counted. The lock lets nobody try twice at once."""
    since = at - WAIT_AFTER_WRONG_CODES
    tries = draft.wrong_codes if draft.wrong_code_at and draft.wrong_code_at > since else 0
    if tries >= MOST_WRONG_CODES:
        raise TooManyTries
    is_right = draft_keys.fits(draft.pk, code, draft.code_token)
    if not is_right:
        draft.wrong_codes, draft.wrong_code_at = tries + 1, at
        draft.save(update_fields=["wrong_codes", "wrong_code_at"])
    return is_right
