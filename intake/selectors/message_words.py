"""Messages to callers as whoever looks after them sees them: every version, and which of them is in force."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from crm.models import User
from notifications.catalogue import CATALOGUE, WORDED
from notifications.enums import WordingState
from notifications.selectors import wording_changes, wordings, wordings_that_differ
from notifications.worded import Worded
from notifications.wording import Words


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One message by one channel. `changed` and `waiting` count its wordings in all voices and languages."""

    worded: Worded
    changed: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Version:
    """One version. Nobody wrote version 0: it ships."""

    number: int
    words: Words
    state: str
    written_by: str = ""
    written_at: datetime | None = None
    approved_by: str = ""
    approved_at: datetime | None = None
    note: str = ""
    is_own: bool = False

    @property
    def is_in_force(self) -> bool:
        return self.state == WordingState.APPROVED

    @property
    def state_in_words(self) -> str:
        return str(WordingState(self.state).label)


@dataclass(frozen=True, slots=True)
class Change:
    """Who put which version in force, and when."""

    number: int
    by: str
    at: datetime


def message_rows() -> list[MessageRow]:
    """Return every message by each of its channels. One query."""
    found = [(each.kind, each.channel, each.state) for each in wordings_that_differ()]
    return [
        MessageRow(
            Worded(kind, channel),
            found.count((kind, channel, WordingState.APPROVED)),
            found.count((kind, channel, WordingState.DRAFT)),
        )
        for kind in WORDED
        for channel in CATALOGUE[kind].channels
    ]


def message_versions(worded: Worded, reader: User) -> tuple[list[Version], list[Change]]:
    """Return every version, the newest first and what ships last, and their history, the latest first."""
    written, changes = list(wordings(worded)), list(wording_changes(worded))
    names = _names({*(each.written_by for each in written), *(each.by for each in changes)})
    versions = [
        Version(
            number=each.version,
            words=Words(each.subject, each.text),
            state=each.state,
            written_by=names.get(each.written_by, ""),
            written_at=each.written_at,
            approved_by=names.get(each.approved_by, "") if each.approved_by else "",
            approved_at=each.approved_at,
            note=each.note,
            is_own=each.written_by == reader.pk,
        )
        for each in written
    ]
    replaced = any(each.is_in_force for each in versions)
    ships = Version(0, worded.shipped, WordingState.RETIRED if replaced else WordingState.APPROVED)
    return [*versions, ships], [Change(each.version, names.get(each.by, ""), each.at) for each in changes]


def _names(ids: Iterable[UUID]) -> dict[UUID, str]:
    wanted = list(ids)
    found = User.objects.filter(pk__in=wanted).values_list("pk", "full_name") if wanted else []
    return dict(found)
