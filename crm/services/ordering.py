"""Keeping each lead where the weights put it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from crm.models import Lead, Site
from crm.models.lead import OPEN
from crm.selectors.policies import policy_of
from crm.selectors.standing import moved_by, shift_by
from crm.services.pulse import touch_queues
from jobs.services.enqueue import enqueue_job

AT_ONCE = 2000


def stand_anew(lead: Lead) -> None:
    """Move a lead to where it stands now, after what the weights look at has changed and was saved.

    Call it last: it writes `shift` behind the object's back.
    """
    Lead.objects.filter(pk=lead.pk).update(shift=shift_by(policy_of(lead.site_id).weights))


@transaction.atomic
def reorder_some(*, site: UUID) -> bool:
    """Move up to 2,000 open leads of a site to where its policy puts them; return whether there are more.

    Leads that somebody works on at the moment are passed over and left for the next time.
    """
    weights, astray = policy_of(site).weights, _astray(site)
    locked = astray.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True)
    ids = list(locked[:AT_ONCE])
    Lead.objects.filter(pk__in=ids).update(shift=shift_by(weights))
    if ids:
        touch_queues()
    return astray.exists()


@transaction.atomic
def reorder_everywhere(*, at: datetime) -> int:
    """Arrange that each site with a lead in a wrong place is put in order; return how many there are.

    Services move a lead as it changes, so there should be none: this is for what nobody thought of.
    """
    sites = list(Site.objects.values_list("pk", flat=True))
    astray = [site for site in sites if _astray(site).exists()]
    for site in astray:
        reorder_at(site, at)
    return len(astray)


def reorder_at(site: UUID, at: datetime) -> None:
    """Put a site's open leads in order soon, in the caller's transaction."""
    key = f"reorder:{site}:{at.isoformat()}"
    enqueue_job(kind="crm.tasks.reorder_site", subject=site, due_at=at, dedupe_key=key)


def _astray(site: UUID) -> QuerySet[Lead]:
    return moved_by(Lead.objects.filter(OPEN, site=site), policy_of(site).weights)
