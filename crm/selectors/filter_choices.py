"""What a queue page can be narrowed to."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from crm.answer_labels import label
from crm.models import Lead, Membership, SavedView, Tag, User
from crm.models.lead import OPEN
from crm.selectors.leads import leads_visible_to

RECENT = 1000  # open leads whose sources and substances are offered: as many cost the same on every desk


@dataclass(frozen=True, slots=True)
class FilterChoices:
    owners: list[tuple[str, str]]
    tags: list[Tag]
    sources: list[tuple[str, str]]
    substances: list[tuple[str, str]]


def filter_choices(user: User) -> FilterChoices:
    """Return what the user's queues can be narrowed to, in four queries."""
    recent = leads_visible_to(user).filter(OPEN).order_by("-pk")
    found = set(recent.values_list("source", "main_substance")[:RECENT])
    return FilterChoices(
        owners=[(str(each.pk), str(each)) for each in colleagues_of(user)],
        tags=list(tags_for(user)),
        sources=sorted((source, label(source)) for source in {source for source, _ in found} if source),
        substances=sorted(
            ((code, label(code)) for code in {code for _, code in found} if code), key=lambda pair: pair[1]
        ),
    )


def colleagues_of(user: User) -> QuerySet[User]:
    """Return who works at one of the user's sites, by name."""
    here = User.objects.filter(is_active=True, memberships__site__in=_sites(user))
    return here.only("full_name", "email").distinct().order_by("full_name", "email")


def tags_for(user: User) -> QuerySet[Tag]:
    """Return the words of the user's sites that are offered."""
    return Tag.objects.filter(site__in=_sites(user), retired_at=None).select_related("site").order_by("name")


def saved_views_for(user: User) -> QuerySet[SavedView]:
    """Return the user's own views, and those that are shared at their sites."""
    mine_or_shared = Q(user=user) | Q(site__in=_sites(user))
    return SavedView.objects.filter(mine_or_shared).order_by("name", "pk")


def tags_of(lead: Lead) -> dict[str, list[Tag]]:
    """Return the tags "on" a lead, and those of its site that are "offered" besides."""
    on = [each.tag for each in lead.tagged.select_related("tag").order_by("tagged_at", "pk")]
    ids = {tag.pk for tag in on}
    known = Tag.objects.filter(site=lead.site_id, retired_at=None).order_by("name")
    return {"on": on, "offered": [tag for tag in known if tag.pk not in ids]}


def leads_ticked(user: User, ids: list[UUID]) -> list[Lead]:
    """Return the leads that were ticked and that the user may see, in the order of their references."""
    return list(leads_visible_to(user).filter(pk__in=ids).order_by("reference"))


def _sites(user: User) -> QuerySet[Membership, UUID]:
    return user.memberships.values_list("site", flat=True)
