"""What came over to a survivor from a lead that is parted from it goes back, as far as people allow it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from crm.enums import Band, ReasonCode
from crm.models import Lead, LeadMerge, User
from crm.selectors.merges import level_to_go_back_to
from crm.services.levels import Change, lower_level
from crm.services.locking import locked_itself
from crm.services.ordering import stand_anew


def part_urgency(merge: LeadMerge, *, by: User, at: datetime, reason: str) -> list[str]:
    """Let an open survivor stand as it did before the merge, in whatever nobody has changed since.

    What a lead that is still merged into it asks for stays. Returns the holds that are gone. Raises
    ReasonTooShort where a level is to go back and nobody said why.
    """
    merge.survivor = survivor = locked_itself(Lead(pk=merge.survivor_id))
    if not merge.taken or not survivor.is_open:
        return []
    level = level_to_go_back_to(merge)
    others = list(Lead.objects.filter(merged_into=survivor))
    gone = _holds_that_go(merge, survivor, others)
    survivor.holds = [hold for hold in survivor.holds if hold not in gone]
    _wait_as_before(survivor, merge.taken, others)
    for name in merge.taken["filled"]:
        if getattr(survivor, name) == getattr(merge.duplicate, name):
            setattr(survivor, name, "")
    survivor.save()
    stand_anew(survivor)
    if level:
        lower_level(lead=survivor, by=by, change=Change(level, ReasonCode.SITUATION_CHANGED, reason), at=at)
    return gone


def _wait_as_before(survivor: Lead, taken: dict[str, Any], others: Sequence[Lead]) -> None:
    """Move what is due back, and what was promised, but never past what another merged lead waits for."""
    had, has, ends = taken["had"], taken["has"], survivor.clock_ends_at
    waiting = [other for other in others if other.awaits_contact]
    for name in ("due_at", "respond_by"):
        if getattr(survivor, name) == datetime.fromisoformat(has[name]):
            theirs = [getattr(other, name) for other in waiting]
            setattr(survivor, name, min([datetime.fromisoformat(had[name]), *theirs]))
    if ends.isoformat() == has.get("clock_ends_at"):
        theirs = [other.clock_ends_at for other in waiting]
        ends = min([datetime.fromisoformat(had["clock_ends_at"]), *theirs])
        survivor.clock_stopped_for = max(ends - survivor.respond_by, timedelta())
    if had["band"] == Band.FOLLOW_UP and survivor.band == has["band"] and not waiting:
        survivor.band = Band.FOLLOW_UP


def _holds_that_go(merge: LeadMerge, survivor: Lead, others: Sequence[Lead]) -> list[str]:
    """Return the holds that came with the duplicate and that nothing else asks for by now."""
    came = set(merge.taken["has"]["holds"]) - set(merge.taken["had"]["holds"])
    by_rules = survivor.placements.filter(decided_by=None, decided_at__gte=merge.merged_at)
    asked = {hold for holds in by_rules.values_list("holds", flat=True) for hold in holds}
    asked |= {hold for other in others for hold in other.holds}
    return [hold for hold in survivor.holds if hold in came - asked]
