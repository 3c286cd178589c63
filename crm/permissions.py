"""Who may open which page of the desk.

404 outside one's sites, 403 outside one's role, 405 for a wrong method, in this way:

    @desk_view("POST")
    def claim(request: DeskRequest, reference: str) -> HttpResponse:
        lead = lead_or_404(request, reference)
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, resolve_url
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.views.decorators.cache import never_cache
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event
from django_htmx.middleware import HtmxDetails

from crm.enums import Role
from crm.models import Lead, User
from crm.references import parse_reference
from crm.selectors.counts import DeskCounts, desk_counts
from crm.selectors.leads import leads_visible_to, roles_of
from crm.services.presence import note_screen
from jobs.clock import database_now

P = ParamSpec("P")

MANAGERS = frozenset({Role.MANAGER})
COORDINATORS = frozenset({Role.COORDINATOR, Role.MANAGER})  # whoever answers to callers
CLINICIANS = frozenset({Role.CLINICIAN, Role.CLINICAL_LEAD})
EVERYONE = frozenset(Role)


class DeskRequest(HttpRequest):
    """A request of a signed-in member of staff.

    `roles` maps each of their sites to their role there; a technician, who may use the technical admin, can
    be without any. `desk_tag` is what crm.views.freshness says,
    `desk_at` when the request came (time_of); `counts` says what stands where, and is asked for only where
    it is shown. `lead_state` is that of the lead whose page it is (crm.lead_now).
    """

    user: User
    roles: dict[UUID, Role]
    is_manager: bool
    is_coordinator: bool
    is_clinician: bool
    is_technician: bool
    counts: DeskCounts
    desk_tag: str
    desk_at: datetime
    lead_state: str
    htmx: HtmxDetails


View = Callable[Concatenate[DeskRequest, P], HttpResponse]
PublicView = Callable[Concatenate[HttpRequest, P], HttpResponse]


def desk_view(
    *methods: str, roles: frozenset[Role] = EVERYONE, technicians: bool = False, is_beside: bool = False
) -> Callable[[View[P]], PublicView[P]]:
    """Make a view one of the desk's: for staff who have signed in and have one of the roles somewhere.

    `technicians`: also for whoever looks after the machine, with whatever role or none.
    Browsers and proxies keep nothing of it. A view about one lead also calls lead_or_404. What stands beside
    somebody's work and refreshes itself there (`is_beside`) tells whoever is signed out by now that they are,
    rather than take the page with that work away.
    """

    allowed = methods or ("GET",)

    def decorate(view: View[P]) -> PublicView[P]:
        @never_cache
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method not in allowed:
                return _not_so(request, allowed)
            if not request.user.is_authenticated:
                return _to_sign_in(request, allowed, is_beside=is_beside)
            if lacks_second_factor(request.user):
                return redirect("mfa_index")
            staff = _as_staff(request, roles, technicians=technicians)
            if not asks_by_itself(staff):
                seen_at = note_screen(user=staff.user, acted=True)
                staff.desk_at = getattr(staff, "desk_at", None) or seen_at
            return view(staff, *args, **kwargs)

        return guarded

    return decorate


def lead_or_404(request: DeskRequest, reference: str, roles: frozenset[Role] = EVERYONE) -> Lead:
    """Return the lead, by any reference that it was ever given; one that was merged, as what it went into.

    Raises Http404 outside the user's sites, PermissionDenied when their role at the lead's site is not one
    of `roles`.
    """
    lead = lead_itself_or_404(request, reference, roles)
    while lead.merged_into_id:  # into a lead of the same site, so nothing else is to be checked
        lead = _visible(request).get(pk=lead.merged_into_id)
    return lead


def lead_itself_or_404(request: DeskRequest, reference: str, roles: frozenset[Role] = EVERYONE) -> Lead:
    """Return the very lead that has the reference, merged or not. Raises as lead_or_404 does."""
    lead = get_object_or_404(_visible(request), references__reference=parse_reference(reference) or "")
    if request.roles[lead.site_id] not in roles:
        raise PermissionDenied
    return lead


def _visible(request: DeskRequest) -> QuerySet[Lead]:
    return leads_visible_to(request.user).select_related("caller", "patient", "site", "owner")


def coordinated_sites(request: DeskRequest) -> list[UUID]:
    """Return the sites at which the user answers to callers."""
    return [site for site, role in request.roles.items() if role in COORDINATORS]


def lacks_second_factor(user: User) -> bool:
    """Return whether the clinic asks for a second factor and this member of staff has none."""
    if not settings.MFA_REQUIRED:
        return False
    factors = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return not Authenticator.objects.filter(user=user, type__in=factors).exists()


def note_roles(request: HttpRequest) -> DeskRequest:
    """Write on the request who its member of staff is at which site; what waits is asked only when shown."""
    staff = cast("DeskRequest", request)
    if hasattr(staff, "roles"):
        return staff
    staff.roles = roles_of(staff.user)
    staff.is_coordinator = not COORDINATORS.isdisjoint(staff.roles.values())
    staff.is_manager = Role.MANAGER in staff.roles.values()
    staff.is_clinician = not CLINICIANS.isdisjoint(staff.roles.values())
    staff.is_technician = staff.user.is_staff
    staff.counts = cast("DeskCounts", SimpleLazyObject(lambda: counts_for(staff, time_of(staff))))
    return staff


def time_of(staff: DeskRequest) -> datetime:
    """Return the database's time at which the request came, asking for it only if nothing has yet."""
    return getattr(staff, "desk_at", None) or database_now()


def counts_for(staff: DeskRequest, at: datetime, seen: datetime | None = None) -> DeskCounts:
    """Return what stands where at the user's sites, in one query. `seen`: when they were last shown it."""
    answered = coordinated_sites(staff)
    return desk_counts(user=staff.user, at=at, seen=seen, sites=list(staff.roles), coordinated=answered)


def _as_staff(request: HttpRequest, roles: frozenset[Role], *, technicians: bool) -> DeskRequest:
    staff = note_roles(request)
    may = technicians and staff.is_technician
    if not may and not roles.intersection(staff.roles.values()):
        raise PermissionDenied
    return staff


def is_from_outbox(request: HttpRequest) -> bool:
    """Return whether a page sends what it kept while it had no connection: a status is all that it reads."""
    return "X-Desk-Outbox" in request.headers


def asks_by_itself(request: HttpRequest) -> bool:
    """Return whether a part of a page refreshes itself, and nobody did anything."""
    return request.method == "GET" and bool(request.headers.get("HX-Request"))


def _to_sign_in(request: HttpRequest, methods: tuple[str, ...], *, is_beside: bool) -> HttpResponse:
    """A page that refreshes itself goes to the sign-in as a whole, not with the part that it asked for."""
    if is_from_outbox(request):
        return HttpResponse(status=401)
    if is_beside and asks_by_itself(request):
        return trigger_client_event(HttpResponse(status=204), "desk:signed-out")
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(resolve_url(settings.LOGIN_URL))
    return redirect_to_login(_page_of(request, methods))


def _not_so(request: HttpRequest, methods: tuple[str, ...]) -> HttpResponse:
    """Answer 405; to staff who opened a form's address (a phone does that by itself), with the way back."""
    words = ""
    if request.method == "GET" and request.user.is_authenticated:
        page = _page_of(request, methods)
        up = "../" * request.path.removeprefix(page).count("/")  # names nothing: anybody may open an address
        about_lead = page != reverse("crm:dashboard")
        words = render_to_string("desk/405.html", {"up": up, "about_lead": about_lead}, request)
    return HttpResponseNotAllowed(methods, words)


def _page_of(request: HttpRequest, methods: tuple[str, ...]) -> str:
    """Return the page to come back to: of a form's own address, which cannot be opened, the one it was on."""
    if "GET" in methods:
        return request.get_full_path()
    match = request.resolver_match
    if match and "reference" in match.kwargs:
        return reverse("crm:lead", args=[match.kwargs["reference"]])
    return reverse("crm:dashboard")
