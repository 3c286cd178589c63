"""Which leads a member of staff may see, and the record of one of them."""

from collections.abc import Collection
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Q, QuerySet

from crm.enums import EventKind, Role, Stage
from crm.models import ContactAttempt, Lead, LeadEvent, LeadMerge, Membership, Placement, User
from crm.selectors.prepared import IsAnyOf, Who

# Whatever says anew how urgent a lead is makes an older request to lower it void.
SETTLES_A_LOWERING = (
    EventKind.PLACED,
    EventKind.LEVEL_RAISED,
    EventKind.LEVEL_LOWERED,
    EventKind.REPEAT_ENQUIRY,
    EventKind.CLOSED,
)


def leads_visible_to(user: Who) -> QuerySet[Lead]:
    """Return the leads of the sites that the user is a member of. Being a superuser shows nothing more.

    The sites are an array, which PostgreSQL reads once: as a subquery they would be one more table to join,
    in every plan that it makes.
    """
    sites = ArraySubquery(Membership.objects.filter(user=user).values("site"))
    return Lead.objects.filter(IsAnyOf("site", sites))


def roles_of(user: User) -> dict[UUID, Role]:
    """Return the user's role at each of their sites."""
    memberships = Membership.objects.filter(user=user).values_list("site_id", "role")
    return {site: Role(role) for site, role in memberships}


def has_role_at(user: User, lead: Lead, roles: Collection[Role]) -> bool:
    """Return whether the user has one of the roles at the lead's site."""
    return Membership.objects.filter(user=user, site=lead.site_id, role__in=roles).exists()


def events_of(lead: Lead) -> QuerySet[LeadEvent]:
    """Return what happened to the lead, latest first."""
    return lead.events.select_related("by").order_by("-occurred_at", "-id")


def attempts_on(lead: Lead) -> QuerySet[ContactAttempt]:
    """Return every try to reach somebody, latest first."""
    return lead.attempts.select_related("by", "person").order_by("-attempted_at", "-id")


def placements_of(lead: Lead) -> QuerySet[Placement]:
    """Return every decision on the lead's level, latest first."""
    return lead.placements.select_related("decided_by", "confirmed_by").order_by("-decided_at", "-id")


def latest_placement(lead: Lead) -> Placement | None:
    return lead.placements.order_by("-decided_at", "-id").first()


def latest_of_its_own(lead: Lead) -> Placement | None:
    """Return the latest decision that was not brought by a lead that has been parted from this one since."""
    parted = LeadMerge.objects.filter(survivor=lead, undone_at__isnull=False).values_list("pk", flat=True)
    own = lead.placements.exclude(decision_key__in=[f"merge:{pk}" for pk in parted])
    return own.order_by("-decided_at", "-id").first()


def move_to_take_back(lead: Lead) -> LeadEvent | None:
    """Return the move that brought the lead to its stage; None where a contact or a closing did."""
    if lead.stage in {Stage.NEW, Stage.CONTACTED, Stage.CLOSED}:
        return None
    moves = lead.events.filter(kind=EventKind.STAGE_MOVED, data__to=lead.stage)
    return moves.order_by("-occurred_at", "-id").first()


def says_so_of_a_lowering() -> Q:
    """Return the condition of an event that asks to lower an emergency, or makes such a request void."""
    kinds = (EventKind.LOWERING_ASKED, *SETTLES_A_LOWERING)
    return Q(kind__in=kinds) | Q(kind=EventKind.NOTE_ADDED, data__has_key="lowering_declined")


def pending_lowering(lead: Lead) -> LeadEvent | None:
    """Return the request to lower an emergency that waits for a clinical lead: neither declined nor void."""
    latest = (
        lead.events.filter(says_so_of_a_lowering())
        .select_related("by")
        .order_by("-occurred_at", "-id")
        .first()
    )
    return latest if latest and latest.kind == EventKind.LOWERING_ASKED else None
