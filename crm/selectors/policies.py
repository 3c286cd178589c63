"""By which weights each site orders its queues, and when it warns."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from uuid import UUID

from django.db.models import QuerySet

from crm.clocks import WARN_AT
from crm.models import QueuePolicy, Site, User
from crm.ordering import Weights


@dataclass(frozen=True, slots=True)
class Policy:
    """A site's policy. Version 0 is what ships, until a manager makes another."""

    version: int = 0
    weights: Weights = field(default_factory=Weights)
    warn_at: Mapping[str, int] = field(default_factory=lambda: dict(WARN_AT))


SHIPPED = Policy()


def policy_of(site: UUID) -> Policy:
    """Return the policy in force at a site."""
    row = QueuePolicy.objects.filter(site=site).order_by("-version").first()
    return _policy(row) if row else SHIPPED


def policies_of(user: User) -> dict[UUID, Policy]:
    """Return the policies of the user's sites in one query; a site that is missing has what ships."""
    rows = QueuePolicy.objects.filter(site__memberships__user=user).order_by("site", "-version")
    return {row.site_id: _policy(row) for row in rows.distinct("site")}


def versions_of(site: Site) -> QuerySet[QueuePolicy]:
    """Return every version, the latest first."""
    return QueuePolicy.objects.filter(site=site).select_related("made_by").order_by("-version")


def _policy(row: QueuePolicy) -> Policy:
    weights = Weights(**{each.name: getattr(row, each.name) for each in fields(Weights)})
    return Policy(row.version, weights, {**WARN_AT, **row.warn_at})
