"""The rail of the desk: every page that somebody goes to by themselves, in groups, with who may open it.

This is the one list. What is reached from another page (a lead, a draft) has no entry of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.urls import reverse

from crm.enums import Role
from crm.permissions import CLINICIANS, COORDINATORS, EVERYONE, MANAGERS

EDITORS = MANAGERS | CLINICIANS


@dataclass(frozen=True, slots=True)
class Entry:
    """A page in the rail. `count` names what is counted beside it.

    `technicians`: also of whoever looks after the machine, whatever their role.
    `of_public_site`: kept up by staff of the site whose public pages these are. `covers` names addresses at
    which the entry is the current one, besides those under its own.
    """

    label: str
    name: str
    roles: frozenset[Role] = EVERYONE
    to: Mapping[str, str] = field(default_factory=dict)
    technicians: bool = False
    of_public_site: bool = False
    count: str = ""
    covers: frozenset[str] = frozenset()

    @property
    def url(self) -> str:
        return reverse(self.name, kwargs=dict(self.to))


@dataclass(frozen=True, slots=True)
class Group:
    """Entries under one heading. `is_folded`: closed until one of its pages is open."""

    title: str
    entries: tuple[Entry, ...]
    is_folded: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry as one reader sees it. `current` is the value of aria-current, or empty."""

    label: str
    url: str
    count: str
    current: str


@dataclass(frozen=True, slots=True)
class ShownGroup:
    title: str
    is_open: bool
    entries: list[Shown]


def _queue(label: str, tab: str, *covers: str) -> Entry:
    return Entry(label, "crm:queue", to={"tab": tab}, count=tab, covers=frozenset(covers))


RAIL = (
    Group(
        "Queues",
        (
            _queue("Urgent", "urgent", "crm:dashboard"),
            _queue("Pre-booked", "prebooked"),
            _queue("Not yet routed", "unrouted"),
            _queue("In review", "review"),
            _queue("Mine", "mine"),
            _queue("Set aside", "aside"),
            Entry("Levels to confirm", "crm:lowerings", CLINICIANS),
            Entry("Board", "crm:board"),
        ),
    ),
    Group(
        "Calls",
        (
            Entry("Phone enquiry", "intake:phone_enquiry"),
            Entry("Calls and texts", "crm:calls", COORDINATORS, count="phone"),
            Entry("Call-backs", "crm:call_backs"),
            Entry("What callers ask", "crm:requests", COORDINATORS),
        ),
    ),
    Group(
        "Team",
        (
            Entry("Handover", "crm:first_handover"),
            Entry("Rota", "crm:first_rota", covers=frozenset({"crm:shift"})),
            Entry("My shifts", "crm:my_shifts"),
            Entry("My alerts", "crm:my_alerts"),
        ),
    ),
    Group(
        "Reports",
        (
            Entry("Reports", "crm:reports", MANAGERS),
            Entry("Alarms", "crm:alarms", MANAGERS),
            Entry("Is it working?", "intake:working", MANAGERS, technicians=True),
            Entry("Stuck work", "crm:jobs", MANAGERS),
        ),
    ),
    Group(
        "Set-up",
        (
            Entry("Rules", "intake:rule_versions", EDITORS, of_public_site=True),
            Entry("Guides", "intake:desk_guides", EDITORS, of_public_site=True),
            Entry("What callers are told", "intake:desk_texts", EDITORS, of_public_site=True),
            Entry("Messages to callers", "intake:desk_messages", EDITORS, of_public_site=True),
            Entry("Help lines", "intake:desk_lines", MANAGERS, of_public_site=True),
            Entry("Who is alerted", "crm:alert_policies", MANAGERS),
            Entry("Order of the queues", "crm:orders", MANAGERS),
            Entry("Contact plans", "crm:first_cadences", MANAGERS),
            Entry("Tags", "crm:tags", MANAGERS),
            Entry("Your website", "intake:website", MANAGERS),
            Entry("Import leads", "intake:imports", MANAGERS),
        ),
        is_folded=True,
    ),
)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks at the rail. `public_role` is their role at the site of the public pages."""

    roles: frozenset[Role]
    public_role: Role | None
    is_technician: bool

    def may_open(self, entry: Entry) -> bool:
        """Return whether an entry is for them."""
        if entry.technicians and self.is_technician:
            return True
        return self.public_role in entry.roles if entry.of_public_site else bool(entry.roles & self.roles)


def rail_for(reader: Reader, *, path: str, name: str) -> list[ShownGroup]:
    """Return what somebody may open, while they are at `path`, an address called `name`."""
    groups = [(group, [entry for entry in group.entries if reader.may_open(entry)]) for group in RAIL]
    current = _current([entry for _, entries in groups for entry in entries], path, name)
    mark = "page" if current and (path == current.url or name == "crm:dashboard") else "true"
    return [_shown(group, entries, current, mark) for group, entries in groups if entries]


def _current(entries: list[Entry], path: str, name: str) -> Entry | None:
    """Return the entry that names the address, or else the nearest one above it."""
    named = [entry for entry in entries if name in entry.covers]
    above = [entry for entry in entries if path.startswith(entry.url)]
    return next(iter(named), None) or max(above, key=lambda entry: len(entry.url), default=None)


def _shown(group: Group, entries: list[Entry], current: Entry | None, mark: str) -> ShownGroup:
    rows = [Shown(entry.label, entry.url, entry.count, mark if entry is current else "") for entry in entries]
    return ShownGroup(group.title, not group.is_folded or current in entries, rows)
