"""What parting two merged leads would change."""

from crm.enums import Level, most_severe
from crm.models import Lead, LeadMerge
from crm.selectors.leads import latest_placement


def level_to_go_back_to(merge: LeadMerge) -> Level | None:
    """Return the level that the survivor of a merge goes back to once the two are parted.

    None when it has its level for another reason, or when a lead that stays merged into it is as urgent.
    """
    survivor, had = merge.survivor, merge.taken.get("had", {}).get("level")
    latest = latest_placement(survivor)
    if not (had and survivor.is_open and survivor.level and latest):
        return None
    if latest.decision_key != f"merge:{merge.pk}":
        return None
    others = Lead.objects.filter(merged_into=survivor).exclude(pk=merge.duplicate_id)
    still = [Level(level) for level in others.values_list("level", flat=True) if level]
    target = most_severe(Level(had), *still)
    return target if target.rank > Level(survivor.level).rank else None


def level_after_parting(duplicate: Lead) -> Level | None:
    """Return the same for a lead that is merged into another now."""
    merges = LeadMerge.objects.filter(duplicate=duplicate, undone_at=None).select_related("survivor")
    merge = merges.first()
    return level_to_go_back_to(merge) if merge else None
