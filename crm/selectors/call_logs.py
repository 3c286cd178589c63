"""A call log beside what we know: which calls are new, whose they are, and which nobody ever answered."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Q

from crm.csv_files import Table, read_table
from crm.enums import CallDirection, CallState
from crm.models import CallLog, Lead, Person, PhoneCall, Site
from crm.telephony.log import LoggedCall, UnreadableCall, read_call
from crm.telephony.numbers import number_search
from notifications.hooks.signatures import replay_key

SAME_MOMENT = timedelta(seconds=90)  # two clocks, and the time that it rings
MOST_PROBLEMS = 100
WITHHELD = 0  # in place of the token of a number


@dataclass(frozen=True, slots=True)
class Preview:
    """What a log would change. `becomes_work` are missed calls without a later one that was answered."""

    calls: int = 0
    known: int = 0
    of_leads: int = 0
    becomes_work: int = 0
    unreadable: int = 0
    problems: list[tuple[int, str]] = field(default_factory=list)


def calls_of(table: Table, log: CallLog, first: int = 0, last: int | None = None) -> list[LoggedCall]:
    """Return the calls of some rows, without those that cannot be read."""
    found = (_read(table, place, log) for place in range(first, last or len(table.rows)))
    return [call for call in found if isinstance(call, LoggedCall)]


def preview_of(log: CallLog) -> Preview:
    """Compare a log with our calls, in a fixed number of queries; nothing is written."""
    table = read_table(log.content or "")
    read = [(number, _read(table, place, log)) for place, (number, _) in enumerate(table.rows)]
    calls = [call for _, call in read if isinstance(call, LoggedCall)]
    problems = [(number, call) for number, call in read if isinstance(call, str)]
    ours = OurCalls.since_first_of(log.site, calls)
    new = [call for call in calls if ours.find(call) is None]
    return Preview(
        calls=len(calls),
        known=len(calls) - len(new),
        of_leads=_of_leads(log.site, calls),
        becomes_work=sum(_becomes_work(call, calls, ours) for call in new),
        unreadable=len(problems),
        problems=problems[:MOST_PROBLEMS],
    )


class OurCalls:
    """The calls of a site that a log may be about, each found by its id or by its number and moment."""

    def __init__(self, site: Site, calls: Iterable[PhoneCall]) -> None:
        self.lines = list(site.phone_lines.values_list("pk", flat=True))
        self.by_key: dict[str, PhoneCall] = {}
        self.by_token: defaultdict[int, list[PhoneCall]] = defaultdict(list)
        for call in calls:
            self.add(call)

    @classmethod
    def since_first_of(cls, site: Site, calls: Sequence[LoggedCall]) -> "OurCalls":
        """Read our calls from the log's first on: those after its last may answer its missed ones."""
        if not calls:
            return cls(site, ())
        first = min(call.started_at for call in calls) - SAME_MOMENT
        return cls(
            site, PhoneCall.objects.filter(site=site, started_at__gte=first).defer("number", "settled_note")
        )

    def add(self, call: PhoneCall) -> None:
        self.by_key[call.key] = call
        for token in call.search_tokens or [WITHHELD]:
            self.by_token[token].append(call)

    def find(self, logged: LoggedCall) -> PhoneCall | None:
        """Return the same call. One of an earlier log is known by its key alone: two short calls are two."""
        keys = [logged.key]
        if logged.news.id:
            keys += [replay_key(f"{line}:{logged.news.id}") for line in self.lines]
        by_key = next((self.by_key[key] for key in keys if key in self.by_key), None)
        return by_key or next((call for call in self.of_number(logged) if _is_near(call, logged)), None)

    def of_number(self, logged: LoggedCall) -> list[PhoneCall]:
        tokens = number_search(logged.news.number) or [WITHHELD]
        return [call for token in tokens for call in self.by_token[token]]


def _read(table: Table, place: int, log: CallLog) -> LoggedCall | str:
    try:
        return read_call(table.cells(place, log.columns), log.site, read_at=log.uploaded_at)
    except UnreadableCall as problem:
        return str(problem)


def _is_near(call: PhoneCall, logged: LoggedCall) -> bool:
    same_way = call.direction == logged.news.direction and not call.is_from_log
    return same_way and abs(call.started_at - logged.started_at) <= SAME_MOMENT


def _becomes_work(missed: LoggedCall, calls: Sequence[LoggedCall], ours: OurCalls) -> bool:
    """Return whether nobody answered it and nobody spoke with that number later."""
    if missed.news.direction != CallDirection.IN or missed.news.state != CallState.MISSED:
        return False
    if not missed.news.number:
        return True
    answers = [
        call.started_at
        for call in calls
        if call.news.number == missed.news.number and call.news.state == CallState.CONNECTED
    ]
    answers += [call.started_at for call in ours.of_number(missed) if call.state == CallState.CONNECTED]
    return not any(answer >= missed.started_at for answer in answers)


def _of_leads(site: Site, calls: Sequence[LoggedCall]) -> int:
    """Return how many of the calls are with somebody of a lead."""
    tokens = {call.key: number_search(call.news.number) for call in calls if call.news.number}
    every = sorted({token for each in tokens.values() for token in each})
    leads = Lead.objects.filter(site=site)
    people = Q(leads_as_caller__in=leads) | Q(leads_as_patient__in=leads)
    found = Person.objects.filter(people, search_tokens__overlap=every).values_list(
        "search_tokens", flat=True
    )
    known = {token for person in found for token in person}
    return sum(not known.isdisjoint(each) for each in tokens.values())
