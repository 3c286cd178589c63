"""Alarms in words: what each means for callers, and what to do about it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse

from crm.enums import AlarmKind
from crm.models import Alarm, Site
from crm.promises import MINUTE, in_words
from crm.selectors.alarms import LateAlert
from crm.selectors.red_screen import StandingAlarm

FOR_MANAGERS = frozenset({"crm:jobs", "intake:working"})


@dataclass(frozen=True, slots=True)
class Words:
    """What one kind of alarm means, and what whoever reads it does. `page` names the page for it.

    `meant` says in one sentence what one that is over was.
    """

    means: str
    meant: str
    do: str
    page: str = ""
    link: str = ""


WORDS: dict[AlarmKind, Words] = {
    AlarmKind.NOBODY_ON_SHIFT: Words(
        means="By the rota or the opening hours somebody should be there, or urgent leads wait; and nobody "
        "is on shift or on call, or everybody who is has gone away.",
        meant="Somebody should have been there, and nobody was.",
        do="Open the desk yourself, or ring somebody who can. Then put it right on the rota.",
        page="crm:first_rota",
        link="Open the rota",
    ),
    AlarmKind.NO_CHANNEL: Words(
        means="Alerts cannot wake somebody who is on call: they have given nothing but e-mail, or what they "
        "have given fails or is out of order.",
        meant="Alerts could not wake somebody who was on call.",
        do="Ring them, and ask them to keep the desk open, or to add a number under My alerts. Stuck work "
        "shows which ways are out of order.",
        page="crm:jobs",
        link="Open stuck work",
    ),
    AlarmKind.NOBODY_WATCHING: Words(
        means="Urgent leads wait, nobody has taken them, and no desk is open, or nobody has touched one for "
        "half an hour.",
        meant="Urgent leads waited, nobody had taken them, and nobody was at a desk.",
        do="Take them yourself, or ring whoever is on shift.",
        page="crm:dashboard",
        link="Open urgent",
    ),
    AlarmKind.UNPLACED: Words(
        means="An enquiry has waited for more than a minute to be put in a queue. It may be urgent.",
        meant="An enquiry, perhaps an urgent one, was in no queue for more than a minute.",
        do="Read what is not yet routed, and treat it as urgent.",
        page="crm:dashboard",
        link="Open urgent",
    ),
    AlarmKind.UNANSWERED: Words(
        means="Everybody who should answer was alerted to an urgent lead, then managers, and nobody has said "
        "that they have it.",
        meant="Everybody was alerted to an urgent lead, managers too, and nobody answered.",
        do="Ring the caller now, or say that you have it.",
        page="crm:dashboard",
        link="Open urgent",
    ),
    AlarmKind.BEAT_SILENT: Words(
        means="The scheduler, the broker or the workers have stopped. Urgent work goes on by itself: alerts "
        "go out up to half a minute later. Other messages wait.",
        meant="The scheduler, the broker or the workers had stopped: alerts could be late, and other "
        "messages waited.",
        do="Keep the desk open and ring whoever runs the computers.",
    ),
    AlarmKind.DISPATCHER_SILENT: Words(
        means="What hands work to the workers has stopped. The scheduler and the workers do it in its place, "
        "every ten seconds: alerts go out up to half a minute later.",
        meant="What hands work to the workers had stopped: alerts could be late.",
        do="Keep the desk open, watch the urgent queue yourself, and ring whoever runs the computers.",
    ),
    AlarmKind.WATCH_SILENT: Words(
        means="The background work has stopped: enquiries still arrive, but nobody is alerted.",
        meant="The background work had stopped: until it went on, nobody was alerted.",
        do="Keep the desk open, watch the urgent queue yourself, and ring whoever runs the computers.",
    ),
    AlarmKind.AUDIT_FAILED: Words(
        means="The auditor asks whether anybody waits without our knowing. What it found has no alarm of its "
        "own, or should have had one by now.",
        meant="The auditor found something wrong that had no alarm of its own.",
        do="Look through the urgent queue and what is not yet routed, then at what it found.",
        page="intake:working",
        link="See what it found",
    ),
    AlarmKind.CANARY_LATE: Words(
        means="The test enquiry, which goes the whole way from the form to an alert, was late or did not "
        "arrive. The public forms ask callers to ring.",
        meant="The test enquiry was late or did not arrive; the public forms asked callers to ring.",
        do="Expect more calls, keep the desk open, and ring whoever runs the computers.",
        page="intake:working",
        link="See how far it came",
    ),
}
# One of the two goes on with the work of the other; without both nothing does.
BOTH_DEAD = frozenset({AlarmKind.BEAT_SILENT, AlarmKind.DISPATCHER_SILENT})


@dataclass(frozen=True, slots=True)
class ShownAlarm:
    """An alarm as pages show it. `zone` is the clock that its times are read on, `lasted` how long it is.

    `late` says of one that is over how many alerts were late meanwhile.
    """

    title: str
    site: str
    zone: str
    since: datetime
    ended_at: datetime | None
    lasted: str
    means: str
    do: str
    url: str
    link: str
    late: str = ""


def shown_alarms(
    alarms: Iterable[StandingAlarm], at: datetime, *, is_manager: bool = True
) -> list[ShownAlarm]:
    """Return alarms that go on, in words. Only a manager is led to a manager's page."""
    standing = list(alarms)
    kinds = {each.kind for each in standing}
    return [_shown(each, _words_beside(each.kind, kinds), at, is_manager=is_manager) for each in standing]


def past_alarm(alarm: Alarm, ended_at: datetime, late: Iterable[LateAlert]) -> ShownAlarm:
    """Return one alarm that is over in words, with what it cost."""
    standing, meanwhile = StandingAlarm.of(alarm), [each.took for each in late if each.was_in(alarm)]
    words = WORDS[standing.kind]
    shown = _shown(standing, words, ended_at, is_manager=True)
    return replace(shown, ended_at=ended_at, means=words.meant, late=_late_in_words(meanwhile))


def _words_beside(kind: AlarmKind, kinds: Collection[AlarmKind]) -> Words:
    """Return the words of a kind that stands beside others."""
    is_worse = kind in BOTH_DEAD and BOTH_DEAD.issubset(kinds)
    return WORDS[AlarmKind.WATCH_SILENT] if is_worse else WORDS[kind]


def _late_in_words(took: Sequence[timedelta]) -> str:
    if not took:
        return "No urgent alert went out late."
    alerts = "1 urgent alert" if len(took) == 1 else f"{len(took)} urgent alerts"
    longest = max(took)
    words = f"{longest.seconds} seconds" if longest < MINUTE else in_words(longest)
    return f"{alerts} went out late, {'after' if len(took) == 1 else 'the slowest after'} {words}."


def _lasted(since: datetime, until: datetime) -> timedelta:
    """Return how long it is between two times as they are shown, without their seconds."""
    begin, end = (moment.replace(second=0, microsecond=0) for moment in (since, until))
    return end - begin


def _shown(alarm: StandingAlarm, words: Words, until: datetime, *, is_manager: bool) -> ShownAlarm:
    is_theirs = bool(words.page) and (is_manager or words.page not in FOR_MANAGERS)
    return ShownAlarm(
        title=_named(str(alarm.kind.label), alarm.what),
        site=alarm.site,
        zone=alarm.zone or settings.TIME_ZONE,
        since=alarm.since,
        ended_at=None,
        lasted=in_words(_lasted(alarm.since, until)),
        means=words.means,
        do=words.do,
        url=reverse(words.page) if is_theirs else "",
        link=words.link,
    )


def title_of(alarm: Alarm | StandingAlarm) -> str:
    """Return what is wrong, and where unless it is at all sites."""
    site = alarm.site.name if isinstance(alarm.site, Site) else alarm.site
    where = (site or "").replace("@", " ")  # no message may hold that sign
    title = str(AlarmKind(alarm.kind).label)
    return f"{where}: {title[0].lower()}{title[1:]}" if where else title


def lines_of(alarms: Sequence[Alarm]) -> str:
    """Return the alarms with what to do, a paragraph each, for a message."""
    kinds = {AlarmKind(each.kind) for each in alarms}
    return "\n\n".join(
        f"{_named(title_of(each), each.what)}.\n{_words_beside(AlarmKind(each.kind), kinds).do}"
        for each in alarms
    )


def _named(title: str, what: str) -> str:
    return f"{title}: {what}" if what else title
