"""What a queue page is narrowed to, as it stands in the address: codes and ids, never a name or a number."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.http import QueryDict

from crm.answer_labels import label
from crm.enums import Level, Queue, Stage
from crm.leases import free
from crm.models import LeadTag, User

ME, NOBODY = "me", "nobody"
WHOM = {ME: "you", NOBODY: "nobody"}
LONGEST = {"source": 100, "substance": 30}


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """Levels and stages are alternatives of each other; everything else must hold, too."""

    levels: tuple[Level, ...] = ()
    stages: tuple[Stage, ...] = ()
    owner: str = ""
    source: str = ""
    substance: str = ""
    tag: str = ""
    overdue: bool = False

    @classmethod
    def parse(cls, query: QueryDict) -> Self:
        """Return the filter of an address; what makes no sense there is left out."""
        return cls(
            levels=tuple(level for level in Level if level.value in query.getlist("level")),
            stages=tuple(stage for stage in Stage if stage.value in query.getlist("stage")),
            owner=_owner(query.get("owner") or ""),
            source=(query.get("source") or "")[: LONGEST["source"]],
            substance=(query.get("substance") or "")[: LONGEST["substance"]],
            tag=_uuid(query.get("tag") or ""),
            overdue=query.get("overdue") == "1",
        )

    def __bool__(self) -> bool:
        return self != QueueFilter()

    def __str__(self) -> str:
        """Return the filter as it stands in an address, always in the same order."""
        plain: Mapping[str, str] = {
            "owner": self.owner,
            "source": self.source,
            "substance": self.substance,
            "tag": self.tag,
            "overdue": "1" if self.overdue else "",
        }
        many = [("level", level.value) for level in self.levels]
        many += [("stage", stage.value) for stage in self.stages]
        return urlencode(many + [(name, value) for name, value in plain.items() if value])

    @property
    def words(self) -> str:
        """Return for the eye what the list is narrowed to; whose and which tag the form below says."""
        plain = [level.value for level in self.levels] + [str(stage.label) for stage in self.stages]
        plain += [label(code) for code in (self.substance, self.source) if code]
        plain += ["overdue"] if self.overdue else []
        plain += [f"with {WHOM.get(self.owner, 'one colleague')}"] if self.owner else []
        plain += ["with a tag"] if self.tag else []
        return f"Only: {', '.join(plain)}."

    def condition(self, user: User, at: datetime) -> Q:
        """Return what a lead must be to be shown."""
        wanted = self._level() & self._owner(user, at)
        if self.stages:
            wanted &= Q(stage__in=self.stages)
        if self.source:
            wanted &= Q(source=self.source)
        if self.substance:
            wanted &= Q(main_substance=self.substance)
        if self.tag:
            wanted &= Q(Exists(LeadTag.objects.filter(lead=OuterRef("pk"), tag=UUID(self.tag))))
        return wanted & Q(due_at__lt=at) if self.overdue else wanted

    def _level(self) -> Q:
        """A lead that nobody has placed counts as U1."""
        if not self.levels:
            return Q()
        unplaced = Q(level=None, queue=Queue.UNROUTED) if Level.U1 in self.levels else Q()
        return Q(level__in=self.levels) | unplaced

    def _owner(self, user: User, at: datetime) -> Q:
        if not self.owner:
            return Q()
        if self.owner == NOBODY:
            return free(at)
        return Q(owner=user.pk if self.owner == ME else self.owner, lease_until__gt=at)


def _owner(typed: str) -> str:
    return typed if typed in {ME, NOBODY} else _uuid(typed)


def _uuid(typed: str) -> str:
    try:
        return str(UUID(typed))
    except ValueError:
        return ""
