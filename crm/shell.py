"""What stands around every page of the desk: the rail, who is watching, warnings, and what comes in now.

A context processor, because the pages of the account (password, second factor) wear the desk, too.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString

from crm.enums import Role
from crm.models import Membership, PhoneCall, User
from crm.permissions import DeskRequest, coordinated_sites, lacks_second_factor, note_roles, time_of
from crm.rail import EDITORS, ShownGroup, rail_for
from crm.selectors.my_leads import my_leads
from crm.selectors.phone import MOST_POPS, live_calls
from crm.selectors.watching import watches


@dataclass(frozen=True, slots=True)
class Watching:
    """Warnings to a holder of leads, who is watching, and a name for what both show."""

    warnings: SafeString
    people: SafeString
    shown: str


class Shell:
    """Asked lazily: a page that is not the desk's, and a part that refreshes itself, ask for nothing."""

    def __init__(self, request: DeskRequest) -> None:
        self.request = request

    @cached_property
    def at(self) -> datetime:
        return time_of(self.request)

    @cached_property
    def groups(self) -> list[ShownGroup]:
        match = self.request.resolver_match
        return rail_for(
            roles=self.request.roles.values(),
            public_role=_public_role(self.request),
            path=self.request.path,
            name=match.view_name if match else "",
        )

    @cached_property
    def watch(self) -> Watching:
        return watching(self.request.user, self.at)

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


def watching(user: User, at: datetime, *, said: str = "") -> Watching:
    """Return what one person is told on every page. `said`: what came of what they have just pressed."""
    context = {"mine": my_leads(user, at), "said": said, "watches": watches(user, at), "reader": user}
    warnings = render_to_string("crm/parts/watch.html", context)
    people = render_to_string("crm/parts/watching.html", context)
    shown = hashlib.sha256((warnings + people).encode()).hexdigest()[:16]
    return Watching(SafeString(warnings.replace("SHOWN", shown)), people, shown)


def _public_role(request: DeskRequest) -> Role | None:
    """Return the reader's role at the site of the public pages; asked only if it could matter."""
    if EDITORS.isdisjoint(request.roles.values()):
        return None
    role = Membership.objects.filter(user=request.user, site__is_default=True).values_list("role", flat=True)
    found = role.first()
    return Role(found) if found else None
