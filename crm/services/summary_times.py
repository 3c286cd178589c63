"""A manager decides when the managers of a site get its daily summary, change by change."""

from dataclasses import dataclass
from datetime import datetime, time

from django.db import transaction

from crm.models import Site, SummaryTime, User
from crm.refusals import ReasonTooShort, SummaryTimeHasChanged
from crm.selectors.summary_times import summary_version

LEAST_REASON = 10  # characters


@dataclass(frozen=True, slots=True)
class NewSummaryTime:
    """What is to hold from now on, by the site's clock (None: no summary), and why.

    `instead_of` is the version that the manager looked at.
    """

    clock: time | None
    reason: str
    instead_of: int


@transaction.atomic
def set_summary_time(*, site: Site, by: User, new: NewSummaryTime, at: datetime) -> SummaryTime:
    """Write the change down; from then on it holds. A site that had no summary gets none for days before.

    Raises ReasonTooShort, and SummaryTimeHasChanged when a colleague was quicker.
    """
    if len(new.reason.strip()) < LEAST_REASON:
        raise ReasonTooShort(LEAST_REASON)
    site = Site.objects.select_for_update(no_key=True).get(pk=site.pk)
    version = summary_version(site.pk)
    if version != new.instead_of:
        raise SummaryTimeHasChanged
    if site.day_summary_at is None:
        site.day_summary_since = at
    site.day_summary_at = new.clock
    site.save(update_fields=["day_summary_at", "day_summary_since"])
    return SummaryTime.objects.create(
        site=site,
        version=version + 1,
        clock=new.clock,
        reason=new.reason.strip(),
        made_by=by,
        made_at=at,
    )
