"""How far a journey has come: what was typed, which questions were seen, what was already told."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

from intake.enums import MINORS

Said = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Progress:
    """`said` is what the fields of the form hold, as typed; `told` are keys of texts that were read and left.

    `lost` says that earlier answers ran out while somebody was writing this one.
    """

    said: Said = field(default_factory=dict)
    seen: list[int] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    source: dict[str, str] = field(default_factory=dict)
    lost: bool = False

    def answered(self, said: Mapping[str, list[str]], *, seen: int | None = None) -> Self:
        """Return the progress with these fields' answers in place of the earlier ones."""
        merged = {**self.said, **said}
        numbers = {*self.seen} if seen is None else {*self.seen, seen}
        kept = {name: values for name, values in merged.items() if any(values)}
        return replace(self, said=kept, seen=sorted(numbers))

    def after_telling(self, keys: list[str]) -> Self:
        return replace(self, told=sorted({*self.told, *keys}))

    def first(self, name: str) -> str:
        """Return the one answer of a field, "" for none."""
        return next(iter(self.said.get(name, [])), "")

    @property
    def is_minor(self) -> bool:
        return self.first("age_band") in MINORS

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        return cls(**stored)
