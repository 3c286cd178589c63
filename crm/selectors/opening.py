"""A site's staffed hours, as its managers entered them."""

from crm.models import Site
from crm.opening import OpeningHours, Shift


def opening_hours(site: Site) -> OpeningHours:
    """Return the hours of a site. One that is always staffed, as sites are at first, costs no query."""
    if site.is_always_staffed:
        return OpeningHours(site.time_zone)
    shifts = site.opening_times.values_list("weekday", "opens", "closes")
    return OpeningHours(
        time_zone=site.time_zone,
        always=False,
        shifts=tuple(Shift(*shift) for shift in shifts),
        closed=frozenset(site.closed_dates.values_list("date", flat=True)),
    )
