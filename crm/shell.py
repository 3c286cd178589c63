"""What stands around every page of the desk: the rail, who is watching, warnings, and what comes in now.

A context processor, because the pages of the account (password, second factor) wear the desk, too.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString

from crm.alarm_words import ShownAlarm, shown_alarms
from crm.enums import Role
from crm.models import Membership, PhoneCall, User
from crm.permissions import DeskRequest, coordinated_sites, lacks_second_factor, note_roles, time_of
from crm.rail import EDITORS, Reader, ShownGroup, rail_for
from crm.selectors.my_leads import my_leads
from crm.selectors.phone import MOST_POPS, live_calls
from crm.selectors.red_screen import StandingAlarm, WrongNow, wrong_now
from crm.selectors.watching import watches

PARTS = ("watch", "red_screen", "waiting_alerts", "alarms", "watching")
MARK = "TOKEN"  # of the forms: another one in each answer, which is no news


@dataclass(frozen=True, slots=True)
class Watching:
    """Warnings to a holder of leads, alerts nobody answered or has answered yet, alarms, who is watching; and
    a name for all of it. `notices`: how many there are besides the alerts."""

    warnings: SafeString
    red: SafeString
    waiting: SafeString
    alarms: SafeString
    people: SafeString
    shown: str
    notices: int


class Shell:
    """Asked lazily: a page that is not the desk's, and a part that refreshes itself, ask for nothing."""

    def __init__(self, request: DeskRequest) -> None:
        self.request = request

    @cached_property
    def at(self) -> datetime:
        return time_of(self.request)

    @cached_property
    def groups(self) -> list[ShownGroup]:
        request, match = self.request, self.request.resolver_match
        held = frozenset(request.roles.values())
        reader = Reader(held, _public_role(request), is_technician=request.is_technician)
        return rail_for(reader, path=request.path, name=match.view_name if match else "")

    @cached_property
    def watch(self) -> Watching:
        return watching(self.request, self.at, lead_state=getattr(self.request, "lead_state", ""))

    @cached_property
    def live_calls(self) -> list[PhoneCall]:
        """Return who rings, or is talked to, now; nearly always the counts say that it is nobody."""
        if not self.request.counts.live_calls:
            return []
        return list(live_calls(coordinated_sites(self.request), self.at)[:MOST_POPS])

    @cached_property
    def seen(self) -> str:
        """Return the headers with which the page asks for what has come in since it was drawn."""
        return json.dumps({"X-Desk-Seen": self.at.isoformat()})


def shell(request: HttpRequest) -> dict[str, object]:
    """Offer `shell` to every template; it is None for whoever is not let in yet."""
    return {"shell": SimpleLazyObject(lambda: shell_of(request))}


def shell_of(request: HttpRequest) -> Shell | None:
    """Return the shell for staff with a role, once they have signed in with all that is asked for."""
    if not getattr(request, "user", None) or not isinstance(request.user, User):
        return None
    if not hasattr(request, "roles") and lacks_second_factor(request.user):
        return None
    staff = note_roles(request)
    return Shell(staff) if staff.roles else None


def watching(request: DeskRequest, at: datetime, *, said: str = "", lead_state: str = "") -> Watching:
    """Return what one person is told on every page. `said`: what came of what they have just pressed.

    `lead_state`: of the lead whose page it is, so that its changes are news, too (crm.lead_now).
    """
    user = request.user
    mine, wrong = my_leads(user, at), wrong_now(list(request.roles), at)
    context = {"mine": mine, "said": said, "watches": watches(user, at), "reader": user}
    context |= {"red": wrong.red, "waiting": wrong.waiting, "csrf_token": MARK}
    context |= {"alarms": _alarms(request, wrong.alarms, at), "is_manager": request.is_manager}
    parts = {part: render_to_string(f"crm/parts/{part}.html", context) for part in PARTS}
    first, red = _red_before_amber(parts, wrong)
    shown = hashlib.sha256("".join([*parts.values(), lead_state]).encode()).hexdigest()[:16]
    return Watching(
        warnings=SafeString(parts["watch"].replace("SHOWN", shown)),
        red=_with_token(red, request),
        waiting=_with_token(first, request),
        alarms=parts["alarms"],
        people=parts["watching"],
        shown=shown,
        notices=mine.notices + len(wrong.alarms) + bool(said),
    )


def _red_before_amber(parts: Mapping[str, SafeString], wrong: WrongNow) -> tuple[SafeString, SafeString]:
    """Return what stands first on a page, and the red screen; an amber line stands below that one."""
    if wrong.red and not wrong.waiting.is_emergency:
        return SafeString(), parts["red_screen"] + parts["waiting_alerts"]
    return parts["waiting_alerts"], parts["red_screen"]


def _alarms(request: DeskRequest, alarms: list[StandingAlarm], at: datetime) -> list[ShownAlarm]:
    return shown_alarms(alarms, at, is_manager=request.is_manager) if alarms else []


def _with_token(part: SafeString, request: DeskRequest) -> SafeString:
    return SafeString(part.replace(MARK, get_token(request))) if MARK in part else part


def _public_role(request: DeskRequest) -> Role | None:
    """Return the reader's role at the site of the public pages; asked only if it could matter."""
    if EDITORS.isdisjoint(request.roles.values()):
        return None
    role = Membership.objects.filter(user=request.user, site__is_default=True).values_list("role", flat=True)
    found = role.first()
    return Role(found) if found else None
