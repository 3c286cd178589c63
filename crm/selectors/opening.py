"""A site's staffed hours, as its managers entered them."""

from crm.enums import Level
from crm.models import Site
from crm.opening import OpeningHours, Shift


def opening_hours(site: Site) -> OpeningHours:
    """Return the hours of a site. One that is always staffed, as sites are at first, costs no query."""
    if site.is_always_staffed:
        return OpeningHours(site.time_zone, staffed_targets=_staffed_targets(site))
    shifts = site.opening_times.values_list("weekday", "opens", "closes")
    return OpeningHours(
        time_zone=site.time_zone,
        always=False,
        shifts=tuple(Shift(*shift) for shift in shifts),
        closed=frozenset(site.closed_dates.filter(is_open=False).values_list("date", flat=True)),
        staffed_targets=_staffed_targets(site),
    )


def _staffed_targets(site: Site) -> dict[str, int]:
    """Return the levels whose promise counts staffed minutes only, with how many."""
    minutes = {Level.P1.value: site.p1_staffed_minutes, Level.P2.value: site.p2_staffed_minutes}
    return {level: number for level, number in minutes.items() if number}
