"""Telling people of leads that nobody has answered for, and writing down who was told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from crm.alert_steps import QUIET_WAYS, Plan, Slot
from crm.alert_words import (
    answer_to,
    answers_to_many,
    context_of,
    context_of_summary,
    of_repeat,
    since_in_words,
)
from crm.enums import AlertLevel, EventKind, Queue
from crm.models import Lead, LeadEvent, User
from crm.selectors.alert_history import ToldBefore, told_before
from crm.selectors.alerting import Found
from crm.selectors.lapses import Lapse, lapses
from crm.selectors.quiet import resting, with_rest
from crm.selectors.ways import Ways, addresses, usable, ways_to
from notifications.catalogue import MessageKind
from notifications.enums import ChannelName
from notifications.models import Escalation, Message
from notifications.services.outbox import Way, queue_message, recipient_token


@dataclass(frozen=True, slots=True)
class Call:
    """One lead to be told of: its alert, the moment of its plan, whom it found, and what it is told as.

    The same `tag` at the same moment tells a person once. Not `is_due`: other steps hold by
    now, and none of them is. `at_desk` are those who are on shift now. `lapse`: somebody had it before.
    `up_to`: it begins again, with so many steps at once.
    """

    chain: Escalation
    lead: Lead
    plan: Plan
    slot: Slot
    found: Found
    tag: str
    is_due: bool = True
    at_desk: frozenset[User] = frozenset()
    before: ToldBefore | None = None
    lapse: Lapse | None = None
    up_to: int = 0

    @property
    def waits_since(self) -> datetime:
        """Return since when nobody has tried to call, although people are told."""
        began = self.chain.started_at
        return min(began, self.before.since) if self.before else began

    @property
    def wakes(self) -> bool:
        """Return whether quiet hours do not count: nobody answered one round, or an answer was not kept."""
        forgotten = self.lapse is not None and self.lapse.is_unkept
        return bool(self.slot.round) or (forgotten and self.chain.level != AlertLevel.U3)

    def may_ring(self, user: User) -> bool:
        """Return whether ways that ring may stand in for quiet ones: what can wait wakes nobody."""
        return self.chain.level != AlertLevel.U3 or user in self.at_desk


def tag_of(news: str) -> str:
    """Return a short tag for what is new: keys of messages are not endless."""
    return sha256(news.encode()).hexdigest()[:16]


def tell(calls: Sequence[Call], at: datetime) -> None:
    """Queue a message for each person and channel; whoever is to be told of several leads gets a summary."""
    ways = ways_to({user for call in calls for user in call.found.told})
    before = told_before([call.lead.pk for call in calls])
    lapsed = lapses(before.keys()) if before else {}
    calls = [replace(each, before=before.get(each.lead.pk), lapse=lapsed.get(each.lead.pk)) for each in calls]
    calls = _minding_rest(calls, ways, at)
    mine: dict[User, list[Call]] = {}
    for call in calls:
        for user in call.found.told:
            mine.setdefault(user, []).append(call)
    for user, some in mine.items():
        if len(some) == 1:
            _alert(user, some[0], ways[user], at)
        else:
            _summarise(user, some, ways[user], at)
    LeadEvent.objects.bulk_create(_event(call, ways, len(calls) - 1, at) for call in calls)


def _minding_rest(calls: Sequence[Call], ways: Mapping[User, Ways], at: datetime) -> list[Call]:
    """Leave quiet hours quiet, in the first round: when nobody answered it or kept to it, all are woken."""
    rest = resting(ways, at)
    return [each if each.wakes or not rest else _with_rest(each, ways, rest) for each in calls]


def _with_rest(call: Call, ways: Mapping[User, Ways], rest: frozenset[User]) -> Call:
    return replace(call, found=replace(call.found, told=with_rest(call.found.told, ways, rest)))


def _alert(user: User, call: Call, ways: Ways, at: datetime) -> None:
    chain, slot = call.chain, call.slot
    context = context_of(call.lead) | _repeat(call, at) | answer_to(chain, user, at)
    channels = usable(call.found.told[user], ways)
    for channel, to in addresses(channels, ways):
        queue_message(
            kind=MessageKind(chain.kind),
            to=to,
            context=context,
            dedupe_key=f"alert:{chain.pk}:{slot.number}:{slot.round}:{call.tag}:{_whose(channel, to, user)}",
            about=call.lead.pk,
            at=at,
            channel=channel,
            escalation=chain,
            ways=_others(user, [call], channels, ways),
            person=user.pk,
        )


def _repeat(call: Call, at: datetime) -> dict[str, str]:
    nth = call.before.times + 1 if call.before else 1
    answered_at = call.lapse.answered_at if call.lapse else None
    return of_repeat(call.lead, nth=nth, since=call.waits_since, at=at, answered_at=answered_at)


def _summarise(user: User, calls: Sequence[Call], ways: Ways, at: datetime) -> None:
    """One summary a minute: it leads to the queue, where all of them stand, and to a page to answer each."""
    wanted = dict.fromkeys(channel for call in calls for channel in call.found.told[user])
    channels = usable(wanted, ways)
    longest = min(calls, key=lambda call: call.waits_since)
    since = since_in_words(longest.lead, longest.waits_since, at)
    said = context_of_summary(len(calls), since=since) | answers_to_many(user, at)
    for channel, to in addresses(channels, ways):
        queue_message(
            kind=MessageKind.ALERT_SUMMARY,
            to=to,
            context=said,
            dedupe_key=_key_of_summary(calls, f"summary:{at:%Y-%m-%dT%H:%M}:{_whose(channel, to, user)}", at),
            about=user.pk,
            at=at,
            channel=channel,
            ways=_others(user, calls, channels, ways),
            person=user.pk,
        )


def _others(user: User, calls: Sequence[Call], channels: Sequence[ChannelName], ways: Ways) -> list[Way]:
    """Return the ways that are left should these fail; of what can wait, those that ring nobody."""
    allowed = ways.keys() if any(call.may_ring(user) for call in calls) else QUIET_WAYS
    rest = [channel for channel in ways if channel in allowed and channel not in channels]
    return [Way(channel, to) for channel, to in addresses(rest, ways)]


def _key_of_summary(calls: Sequence[Call], key: str, at: datetime) -> str:
    """Return the key of the minute's summary; another one if there is more to say than that one said.

    That is so when all that it was about has been answered, or something more severe has come. One about
    leads that wait to be routed, and can, says nothing for any other.
    """
    earlier = Message.objects.filter(dedupe_key=key).values_list("created_at", flat=True).first()
    if earlier is None:
        return key
    known = Escalation.objects.filter(ended_at=None, told_at=earlier).exclude(
        pk__in=[call.chain.pk for call in calls]
    )
    known = known.exclude(about__in=Lead.objects.filter(queue=Queue.UNROUTED, can_wait=True).values("pk"))
    ranks = [AlertLevel(level).rank for level in known.values_list("level", flat=True)]
    worst = min(AlertLevel(call.chain.level).rank for call in calls)
    return key if ranks and min(ranks) <= worst else f"{key}:{at.isoformat()}"


def _whose(channel: ChannelName, to: str, user: User) -> str:
    """Return what tells one person's addresses apart in a key."""
    return f"{channel}:{user.pk}:{recipient_token(to)}"


def _event(call: Call, ways: Mapping[User, Ways], others: int, at: datetime) -> LeadEvent:
    """Whom by which channel, as ids: names change, and nobody's is kept here."""
    told: dict[ChannelName, list[UUID]] = {}
    for user, wanted in call.found.told.items():
        for channel in usable(wanted, ways[user]):
            told.setdefault(channel, []).append(user.pk)
    data: dict[str, object] = {
        "step": call.slot.number + 1,
        "round": call.slot.round,
        "people": len(call.found.told),
        "told": {channel: [str(each) for each in people] for channel, people in told.items()},
        "others": others,
        "only_away": call.found.only_away,
    }
    if call.up_to:
        data["up_to"] = call.up_to
    if call.found.instead is not None:
        data["instead"] = call.found.instead + 1
    return LeadEvent(lead=call.lead, kind=EventKind.ALERT_STEP, occurred_at=at, data=data)
