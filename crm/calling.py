"""The promise to a caller: by when a person calls, and what is true of the desk meanwhile.

Urgent levels keep their target at any hour: it drives alerts, and the page says when nobody is there to meet
it. A pre-booked level whose time would come outside staffed hours gets the first hour after the next opening
instead, and the page says that, too (triage/SPEC section 2; docs/adr/0008). A site may count staffed minutes
for them instead: the page names the time itself, so it is told.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from crm.enums import Level, Queue
from crm.opening import OpeningHours
from crm.targets import respond_by

FIRST_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class CallPromise:
    """`nobody_until`: nobody was on shift when it was made, and the next person comes then.

    `closes_at`: somebody was, but the last person leaves before the call is due; the very moment of the
    promise where nobody is known to come at all. `is_behind`: others in the
    queue have waited for longer than they were promised. It moves no time, and callers are told of it.
    """

    call_by: datetime
    nobody_until: datetime | None = None
    closes_at: datetime | None = None
    is_behind: bool = False

    @property
    def is_aim(self) -> bool:
        """Return whether it may be missed because nobody is on shift when it is due."""
        comes_too_late = self.nobody_until is not None and self.nobody_until >= self.call_by
        return comes_too_late or self.closes_at is not None


def call_by(level: Level, received_at: datetime, hours: OpeningHours) -> datetime:
    """Return the time by which somebody calls, never before the level's own target.

    At a site that counts staffed minutes for a pre-booked level, that many of them are its target.
    """
    target = respond_by(level, received_at)
    minutes = hours.staffed_targets.get(level.value) if level.queue == Queue.PREBOOKED else None
    if minutes and (due := hours.after_staffed(received_at, timedelta(minutes=minutes))):
        return due
    if level.queue == Queue.URGENT or hours.is_staffed(target):
        return target
    opens = hours.next_opening(target)
    return opens + FIRST_HOUR if opens else target


def call_promise(
    level: Level, received_at: datetime, hours: OpeningHours, *, is_behind: bool = False
) -> CallPromise:
    """Return what an enquiry of this level is promised at the moment when it comes in."""
    due = call_by(level, received_at, hours)
    if not hours.is_staffed(received_at):
        comes = hours.next_opening(received_at)
        leaves = None if comes else received_at
        return CallPromise(due, nobody_until=comes, closes_at=leaves, is_behind=is_behind)
    leaves = hours.staffed_until(received_at) if level.queue == Queue.URGENT else None
    return CallPromise(due, closes_at=leaves if leaves and leaves < due else None, is_behind=is_behind)
