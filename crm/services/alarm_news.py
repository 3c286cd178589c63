"""Telling managers of alarms: once when they begin, again with growing gaps, and that they are over.

Many alarms are one message a person: whoever is told is told of all there are. The notice that is written
with it says who knows of what, so that nothing is said twice.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.urls import reverse

from crm.alarm_bounds import told_again_after
from crm.alarm_words import lines_of, title_of
from crm.models import Alarm, AlarmNotice, Membership, User
from crm.selectors.alarm_news import notices_by_person, people_to_tell
from crm.selectors.alarms import open_alarms
from crm.selectors.quiet import resting
from crm.selectors.red_screen import standing_alarms
from crm.selectors.ways import Ways, addresses, ways_to
from notifications.enums import ChannelName, MessageKind
from notifications.services.outbox import queue_message, recipient_token

OVER_IS_NEWS_FOR = timedelta(days=1)
MOST_NAMED = 12
Notices = Mapping[User, list[AlarmNotice]]


def tell_of_alarms(at: datetime) -> None:
    """Tell everybody who is due to be told something. One process at a time: see crm.services.alarm_watch."""
    going_on = list(open_alarms())
    ended = list(Alarm.objects.filter(ended_at__gt=at - OVER_IS_NEWS_FOR).select_related("site"))
    if not going_on and not ended:
        return
    notices = notices_by_person([*going_on, *ended])
    wrong = people_to_tell(going_on)
    _say_what_is_wrong(wrong, notices, at)
    _say_what_is_over(ended, notices, at)


def what_goes_on(about: UUID | None, at: datetime) -> dict[str, str]:
    """Return what the reader of a notice is told of alarms that go on: asked again when it is sent."""
    notice = AlarmNotice.objects.filter(pk=about).first() if about else None
    return {"still": _still(notice, at)} if notice else {}


def _say_what_is_wrong(wrong: Mapping[User, list[Alarm]], notices: Notices, at: datetime) -> None:
    due = {user: alarms for user, alarms in wrong.items() if _is_due(alarms, notices.get(user, []), at)}
    ways = ways_to(due)
    asleep = _left_asleep(due, ways, notices, resting(due, at))
    for user, alarms in due.items():
        notice = _note(user, alarms, at)
        own = by_email(ways[user]) if user in asleep else ways[user]
        _queue(notice, _context(alarms, lines_of(alarms[:MOST_NAMED])), own)


def _is_due(alarms: Iterable[Alarm], notices: Sequence[AlarmNotice], at: datetime) -> bool:
    """Return whether a person is told now: of what is new soon, of what they know after ever longer."""
    told = [each for each in notices if not each.is_over]
    if not told:
        return True
    times = min(sum(alarm.pk in each.alarms for each in told) for alarm in alarms)
    return at >= max(each.told_at for each in told) + told_again_after(times)


def _left_asleep(
    due: Mapping[User, list[Alarm]], ways: Mapping[User, Ways], notices: Notices, rest: Collection[User]
) -> set[User]:
    """Return whose quiet hours are kept: the first time, if others are woken for each of their alarms."""
    woken = [
        alarms for user, alarms in due.items() if user not in rest and set(ways[user]) - {ChannelName.EMAIL}
    ]
    cared_for = {alarm.pk for alarms in woken for alarm in alarms}
    return {user for user in rest if user not in notices and {alarm.pk for alarm in due[user]} <= cared_for}


def by_email(ways: Ways) -> Ways:
    """Return what wakes nobody."""
    return {ChannelName.EMAIL: ways[ChannelName.EMAIL]}


def _say_what_is_over(ended: Sequence[Alarm], notices: Notices, at: datetime) -> None:
    news = {user: over for user, some in notices.items() if (over := _not_yet_said(ended, some))}
    ways, rest = ways_to(news), resting(news, at)
    for user, over in news.items():
        notice = _note(user, over, at, is_over=True)
        titles = "\n".join(title_of(each) for each in over[:MOST_NAMED])
        _queue(
            notice,
            _context(over, titles) | {"still": _still(notice, at)},
            by_email(ways[user]) if user in rest else _without_calls(ways[user]),
        )


def _not_yet_said(ended: Iterable[Alarm], notices: Iterable[AlarmNotice]) -> list[Alarm]:
    """Return what a person was told of, and not yet that it is over."""
    told: set[UUID] = set()
    said: set[UUID] = set()
    for each in notices:
        (said if each.is_over else told).update(each.alarms)
    return [alarm for alarm in ended if alarm.pk in told - said]


def _still(notice: AlarmNotice, at: datetime) -> str:
    """Say what goes on at the sites of whoever reads it and of the alarms; silence counts before its row."""
    own = Membership.objects.filter(user=notice.user_id).values_list("site", flat=True)
    named = Alarm.objects.filter(pk__in=notice.alarms).exclude(site=None).values_list("site", flat=True)
    titles = [title_of(each) for each in standing_alarms(list(own.union(named)), at)]
    if not titles:
        return "No alarm is open now."
    begin = "One alarm goes on" if len(titles) == 1 else f"{len(titles)} alarms go on"
    return f"{begin}: {'; '.join(titles[:MOST_NAMED])}."


def _without_calls(ways: Ways) -> Ways:
    """Nobody is rung to hear that all is well, if there is another way to say it."""
    return {channel: to for channel, to in ways.items() if channel != ChannelName.VOICE} or ways


def _note(user: User, alarms: Iterable[Alarm], at: datetime, *, is_over: bool = False) -> AlarmNotice:
    named = [each.pk for each in alarms]
    return AlarmNotice.objects.create(user=user, told_at=at, alarms=named, is_over=is_over)


def _context(alarms: Sequence[Alarm], lines: str) -> dict[str, str]:
    title = title_of(alarms[0]) if len(alarms) == 1 else f"{len(alarms)} at once"
    return {"title": title, "lines": lines, "link": reverse("crm:alarms")}


def _queue(notice: AlarmNotice, context: Mapping[str, str], ways: Ways) -> None:
    """Queue one message for every way that the person has."""
    for channel, to in addresses(ways, ways):
        queue_message(
            kind=MessageKind.ALARM_OVER if notice.is_over else MessageKind.ALARM,
            to=to,
            context=context,
            dedupe_key=f"alarm:{notice.pk}:{channel}:{recipient_token(to)}",
            about=notice.pk,
            at=notice.told_at,
            channel=channel,
            person=notice.user_id,
        )
