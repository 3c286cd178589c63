"""A manager decides how often, how soon and when in the day people of a level are tried again."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from crm.cadence import Cadence
from crm.enums import Level
from crm.models import ContactCadence, Site, User
from crm.refusals import CadenceHasChanged, ReasonTooShort
from crm.selectors.cadences import version_of

LEAST_REASON = 10  # characters


@dataclass(frozen=True, slots=True)
class NewCadence:
    """What is to hold from now on, and why. `instead_of` is the version that the manager looked at."""

    cadence: Cadence
    reason: str
    instead_of: int


@transaction.atomic
def set_cadence(*, site: Site, level: Level, by: User, wanted: NewCadence, at: datetime) -> ContactCadence:
    """Write down the next version. Calls that are set stay set; the next vain try goes by it.

    Raises ReasonTooShort, and CadenceHasChanged when a colleague was quicker.
    """
    if len(wanted.reason.strip()) < LEAST_REASON:
        raise ReasonTooShort(LEAST_REASON)
    Site.objects.select_for_update().get(pk=site.pk)
    version = version_of(site, level)
    if version != wanted.instead_of:
        raise CadenceHasChanged
    return ContactCadence.objects.create(
        site=site,
        level=level,
        version=version + 1,
        waits=list(wanted.cadence.waits),
        parts=sorted(wanted.cadence.parts),
        reason=wanted.reason.strip(),
        made_by=by,
        made_at=at,
    )
