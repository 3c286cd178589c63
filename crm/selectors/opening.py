"""A site's staffed hours, as its managers entered them."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.db.models.functions import Now

from crm.enums import Level
from crm.models import Site
from crm.opening import OpeningHours, Shift
from crm.rota_hours import RotaHours, Span
from crm.selectors.rota import midnight, monday_of

LATEST_BEFORE = timedelta(days=8)  # promises are made for the moment of an enquiry, which may be days ago


def opening_hours(site: Site) -> OpeningHours:
    """Return the hours of a site. One that is always staffed, as sites are at first, costs no query."""
    return _rota_hours(site) if site.keeps_rota else _weekly(site)


def _weekly(site: Site) -> OpeningHours:
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


def _rota_hours(site: Site) -> OpeningHours:
    """Return the shifts at the desk; the weekly hours alone while nothing is planned."""
    planned = site.shifts.filter(on_call=None, ends_at__gt=Now() - LATEST_BEFORE)
    spans: list[Span] = list(planned.order_by("starts_at").values_list("starts_at", "ends_at"))
    if not spans:
        return _weekly(site)
    last = spans[-1][0].astimezone(ZoneInfo(site.time_zone)).date()
    return RotaHours(
        time_zone=site.time_zone,
        always=False,
        staffed_targets=_staffed_targets(site),
        spans=tuple(spans),
        planned_until=midnight(site, monday_of(last) + timedelta(days=7)),
        weekly=_weekly(site),
    )
