"""The steps of an alert: who is told after how long, again and again until somebody answers.

What ships is below, as data; a manager may set others for a site (crm.models.alerts). Seconds count from when
the alert began. After the last step it is repeated every `repeat_after` seconds.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from crm.enums import AlertLevel, Role, Who
from notifications.enums import ChannelName

MANAGER_WITHIN = 300  # seconds, where AlertLevel.needs_manager_soon
TO_THE_POCKET = (ChannelName.PUSH, ChannelName.SMS, ChannelName.EMAIL)
EVERY_WAY = (ChannelName.VOICE, *TO_THE_POCKET)
QUIETLY = (ChannelName.PUSH, ChannelName.EMAIL)  # what can wait four hours neither rings nor texts at night
QUIET_WAYS = frozenset({*QUIETLY, ChannelName.WEBHOOK})  # to which it keeps, also when one of them fails


@dataclass(frozen=True, slots=True)
class Line:
    """Whom to tell, by which channels. E-mail is used for whoever has none of them."""

    who: Who
    channels: tuple[ChannelName, ...] = TO_THE_POCKET
    role: Role | None = None

    @property
    def is_manager(self) -> bool:
        return self.who == Who.ROLE and self.role == Role.MANAGER


@dataclass(frozen=True, slots=True)
class Step:
    """Everybody who is told at one moment."""

    after: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Slot:
    """One moment at which somebody is told: the step's number (from 0), and how often it was repeated."""

    number: int
    round: int
    after: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps of one level, by time. Version 0 is what ships."""

    steps: tuple[Step, ...]
    repeat_after: int
    version: int = 0

    def first_slots(self) -> list[Slot]:
        """Return the moments of the first round."""
        return [Slot(number, 0, step.after) for number, step in enumerate(self.steps)]

    def latest_at(self, elapsed: float) -> Slot:
        """Return the last moment until so many seconds after the beginning."""
        last = self.steps[-1].after
        if elapsed < last + self.repeat_after:
            passed = [slot for slot in self.first_slots() if slot.after <= elapsed]
            return passed[-1] if passed else Slot(0, 0, 0)
        again = int((elapsed - last) // self.repeat_after)
        return Slot(len(self.steps) - 1, again, last + again * self.repeat_after)

    def next_after(self, elapsed: float) -> Slot:
        """Return the first moment later than so many seconds after the beginning."""
        last = self.steps[-1].after
        if elapsed < last:
            return next(slot for slot in self.first_slots() if slot.after > elapsed)
        again = int((elapsed - last) // self.repeat_after) + 1
        return Slot(len(self.steps) - 1, again, last + again * self.repeat_after)

    def due(self, since: float, until: float) -> list[int]:
        """Return the numbers of the steps that fall due in a stretch of time, both ends included."""
        numbers = [number for number, step in enumerate(self.steps) if since <= step.after <= until]
        last = self.steps[-1].after
        repeats = until >= last + self.repeat_after and until - since >= (until - last) % self.repeat_after
        return sorted({*numbers, len(self.steps) - 1}) if repeats else numbers

    @property
    def until_managers(self) -> int:
        """Return how many steps it takes until managers are told."""
        managers = (n for n, step in enumerate(self.steps, 1) if any(line.is_manager for line in step.lines))
        return next(managers, len(self.steps))

    @property
    def red_after(self) -> int:
        """Return the seconds after which every screen is red: when the managers are told."""
        managers = [step.after for step in self.steps if any(line.is_manager for line in step.lines)]
        return min(managers, default=self.steps[-1].after)


_FIRST = (Line(Who.OWNER), Line(Who.ON_CALL_1, EVERY_WAY))
_SECOND = (Line(Who.ON_CALL_2, EVERY_WAY), Line(Who.GETS_ALERTS))
_MANAGERS = (  # repeated: whoever is on call and slept through the first call is rung again, too
    Line(Who.ROLE, EVERY_WAY, Role.MANAGER),
    Line(Who.ON_CALL_1, EVERY_WAY),
    Line(Who.ON_CALL_2, EVERY_WAY),
)


_CALM_FIRST = (Line(Who.OWNER, QUIETLY), Line(Who.ON_CALL_1, QUIETLY))
_CALM_SECOND = (Line(Who.ON_CALL_2, QUIETLY), Line(Who.GETS_ALERTS, QUIETLY))
_CALM_MANAGERS = (
    Line(Who.ROLE, TO_THE_POCKET, Role.MANAGER),
    Line(Who.ON_CALL_1, TO_THE_POCKET),
    Line(Who.ON_CALL_2, TO_THE_POCKET),
)


def _shipped(second: int, managers: int, repeat: int) -> Plan:
    return Plan((Step(0, _FIRST), Step(second, _SECOND), Step(managers, _MANAGERS)), repeat)


# triage/SPEC section 2 says by when at the latest, RELIABILITY promises 120 and 300 seconds.
_CALM = (Step(0, _CALM_FIRST), Step(30 * 60, _CALM_SECOND), Step(180 * 60, _CALM_MANAGERS))
_SOON = _shipped(120, MANAGER_WITHIN, 300)
SHIPPED: Mapping[AlertLevel, Plan] = {
    AlertLevel.E1: _SOON,
    AlertLevel.E2: _SOON,
    AlertLevel.U1: _SOON,
    AlertLevel.UNROUTED: _SOON,
    AlertLevel.U2: _shipped(120, 90 * 60, 30 * 60),
    AlertLevel.U3: Plan(_CALM, repeat_after=30 * 60),
}
