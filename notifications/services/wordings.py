"""Versions of what callers are sent: another draft, which of them is in force, and back to an earlier one."""

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from notifications.enums import WordingState
from notifications.models import Wording, WordingChange
from notifications.selectors import version_in_force, wordings
from notifications.worded import Worded
from notifications.wording import Words
from notifications.wording_checks import problems_with

ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"


class WordingRefused(Exception):
    """A wording that may not be saved, with all that is wrong with it."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


class InForceAlready(Exception):
    """Callers get this version now."""

    def __init__(self) -> None:
        super().__init__("Callers get this version already.")


class WroteItThemselves(Exception):
    """Another person than its writer has to read it."""

    def __init__(self) -> None:
        super().__init__("You wrote this version: somebody else has to approve it.")


@transaction.atomic
def draft_wording(*, worded: Worded, words: Words, note: str = "", by: UUID, at: datetime) -> Wording:
    """Store another version, which no caller gets before somebody else approves it. Raises WordingRefused."""
    if problems := problems_with(worded, words):
        raise WordingRefused(problems)
    _lock(worded)
    latest = wordings(worded).first()
    return Wording.objects.create(
        **worded.as_columns(),
        version=latest.version + 1 if latest else 1,
        subject=words.subject.strip(),
        text=words.text.strip(),
        note=note.strip(),
        written_by=by,
        written_at=at,
    )


@transaction.atomic
def approve_wording(*, worded: Worded, version: int, by: UUID, at: datetime) -> None:
    """Send callers this version from now on; an earlier one returns in the same way, and 0 is what ships.

    Raises InForceAlready, WroteItThemselves, Wording.DoesNotExist, and WordingRefused for one that would not
    be saved any more.
    """
    _lock(worded)
    if version == version_in_force(worded):
        raise InForceAlready
    if version:
        _check_may_be_in_force(worded, wordings(worded).get(version=version), by)
    wordings(worded).filter(state=WordingState.APPROVED).update(state=WordingState.RETIRED)
    wordings(worded).filter(version=version).update(
        state=WordingState.APPROVED, approved_by=by, approved_at=at
    )
    WordingChange.objects.create(**worded.as_columns(), version=version, by=by, at=at)


def _check_may_be_in_force(worded: Worded, found: Wording, by: UUID) -> None:
    if found.written_by == by:
        raise WroteItThemselves
    if problems := problems_with(worded, Words(found.subject, found.text)):
        raise WordingRefused(problems)


def _lock(worded: Worded) -> None:
    """Have two people who number or approve versions of the same words wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME, ["wording:" + ":".join(worded.as_columns().values())])
