"""Keeping a tab of the dashboard with its filters under a name."""

from dataclasses import dataclass
from datetime import datetime

from crm.enums import Role
from crm.models import Membership, SavedView, Site, User
from crm.refusals import ViewIsNotYours


@dataclass(frozen=True, slots=True)
class NewView:
    """A tab and what it is narrowed to (crm.queue_filters); without a site it is its maker's alone."""

    name: str
    tab: str
    query: str
    share_at: Site | None = None


def save_view(*, view: NewView, by: User, at: datetime) -> SavedView:
    """Keep a view; one's own of the same name is replaced. Raises ViewIsNotYours: managers share views."""
    if view.share_at and not _manages(by, view.share_at):
        raise ViewIsNotYours
    kept = {"tab": view.tab, "query": view.query, "site": view.share_at, "created_at": at}
    saved, _ = SavedView.objects.update_or_create(user=by, name=" ".join(view.name.split()), defaults=kept)
    return saved


def delete_view(*, view: SavedView, by: User) -> None:
    """Delete one's own view; a manager also one that is shared at their site. Raises ViewIsNotYours."""
    if view.user_id != by.pk and not (view.site and _manages(by, view.site)):
        raise ViewIsNotYours
    view.delete()


def _manages(user: User, site: Site) -> bool:
    return Membership.objects.filter(user=user, site=site, role=Role.MANAGER).exists()
