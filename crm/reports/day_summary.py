"""What the summary of a day says to managers: that day in figures, and how the desk stands now."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from crm.enums import AlarmKind, FigureGroup, Level, PromiseState, Queue
from crm.models import Shift, Site
from crm.promises import in_words
from crm.reports.alerts import read_answers
from crm.reports.definitions import ENOUGH
from crm.reports.durations import spoken_minutes
from crm.reports.figures import Figure
from crm.reports.response_times import Waits, overall, read_waits
from crm.reports.window import Window
from crm.rota_gaps import Span
from crm.selectors.day_summaries import DueSummary
from crm.selectors.desk_now import DeskNow, NextDay, desk_now, next_day
from crm.summary_lines import Fact, counted, link_to, write

MOST_LISTED = 6


def day_lines(due: DueSummary, at: datetime) -> str:
    """Return the lines of a summary, in eight queries however much there is to say."""
    window = Window(sites=(due.site,), first=due.day, latest=due.day, at=at)
    rota = next_day(due.site, at)
    return write(
        [
            ("THAT DAY", [*_enquiries(window), _alerts(window), _more(window)]),
            ("NOW", _now(desk_now(due.site, at), at)),
            ("THE NEXT 24 HOURS", _next(rota, due.site)),
        ]
    )


def _enquiries(window: Window) -> list[Fact]:
    waits = read_waits(window, FigureGroup.CONVERSION, FigureGroup.EMERGENCY)
    every = overall(waits)
    times = _link("crm:report_response_times", window)
    if every is None or not every.received:
        return [Fact("New enquiries", "none")]
    urgent = sum(each.received for each in waits if each.by_level and _is_urgent(each.level))
    kept = every.of(PromiseState.KEPT)
    return [
        Fact("New enquiries", str(every.received), [_leads(window, Figure(group=FigureGroup.COUNTED))]),
        Fact("Of them urgent", str(urgent), [times]),
        Fact("Time to first contact", _waited(every), [times]),
        Fact("Promises kept", f"{kept} of {every.due}", [times]),
    ]


def _more(window: Window) -> Fact:
    return Fact("More", "all figures of the day", [_link("crm:reports", window)])


def _waited(waits: Waits) -> str:
    """Say how long the median one waited; of a few, it would say nothing."""
    if not waits.spoken or waits.percentiles is None:
        return "nobody reached yet"
    if waits.spoken < ENOUGH[0]:
        return f"{counted(waits.spoken, 'person', 'people')} reached, too few to name a typical time"
    return f"half of {waits.spoken} within {spoken_minutes(waits.percentiles[0])}"


def _alerts(window: Window) -> Fact:
    every = read_answers(window).get(("all", ""))
    if every is None or not every.alerts:
        return Fact("Alerts", "none")
    soon = ""
    if every.answered >= ENOUGH[0] and every.percentiles:
        soon = f", half of them within {spoken_minutes(every.percentiles[0])}"
    lapsed = f"; after {every.lapsed} of them nobody called" if every.lapsed else ""
    words = f"{every.alerts}, {every.answered} answered{soon}{lapsed}"
    return Fact("Alerts", words, [_link("crm:report_alerts", window)])


def _now(desk: DeskNow, at: datetime) -> list[Fact]:
    waited = in_words(at - desk.longest.received_at) if desk.longest else "nobody waits"
    longest = [link_to("crm:lead", desk.longest.reference)] if desk.longest else []
    urgent = link_to("crm:queue", Queue.URGENT.name.lower())
    alarms = [f"{AlarmKind(each.kind).label}, for {in_words(at - each.since)}" for each in desk.alarms]
    return [
        Fact("Urgent leads past the promised time", _late(desk, at), [urgent] if desk.late else []),
        Fact("Alerts that nobody has answered", str(desk.unanswered), [urgent] if desk.unanswered else []),
        Fact("Longest wait for a first contact", waited, longest),
        Fact("Alarms", "; ".join(alarms) or "none", [link_to("crm:alarms")] if alarms else []),
        Fact("Messages that failed", str(desk.failed), [link_to("crm:jobs")] if desk.failed else []),
    ]


def _late(desk: DeskNow, at: datetime) -> str:
    return f"{desk.late}; the longest by {in_words(at - desk.latest_due)}" if desk.latest_due else "none"


def _next(rota: NextDay, site: Site) -> list[Fact]:
    """Say who is on call, and when nobody is there; nothing at a site that has no rota."""
    facts = [Fact("On call", _on_call(shift, site)) for shift in rota.on_call[:MOST_LISTED]]
    if len(rota.on_call) > MOST_LISTED:
        facts.append(Fact("On call", f"{len(rota.on_call) - MOST_LISTED} more"))
    if rota.nobody_there:
        who = "Nobody on call, and nobody at the desk" if rota.has_on_call else "Nobody at the desk"
        facts.append(Fact(who, _spans(rota.nobody_there, site)))
    return [*facts, Fact("Rota", "all shifts", [link_to("crm:rota", site.slug)])] if facts else []


def _on_call(shift: Shift, site: Site) -> str:
    name = shift.user.full_name or "somebody without a name here"
    return f"{name}, number {shift.on_call}, {_span((shift.starts_at, shift.ends_at), site)}"


def _spans(spans: Sequence[Span], site: Site) -> str:
    more = f" and {len(spans) - MOST_LISTED} times more" if len(spans) > MOST_LISTED else ""
    return "; ".join(_span(span, site) for span in spans[:MOST_LISTED]) + more


def _span(span: Span, site: Site) -> str:
    zone = ZoneInfo(site.time_zone)
    begins, ends = (moment.astimezone(zone) for moment in span)
    return f"{begins:%a %H:%M} to {ends:%a %H:%M}"


def _is_urgent(level: str | None) -> bool:
    return level is not None and level in Level.values and Level(level).queue == Queue.URGENT


def _leads(window: Window, figure: Figure) -> str:
    return _link("crm:report_leads", window, "&" + figure.query)


def _link(name: str, window: Window, more: str = "") -> str:
    day, site = window.first, window.sites[0]
    return link_to(name, query=f"start={day}&end={day}&site={site.slug}{more}")
