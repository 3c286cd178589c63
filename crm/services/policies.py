"""A manager decides how a site orders its queues and when it warns."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from crm.models import QueuePolicy, Site, User
from crm.ordering import Weights
from crm.refusals import PolicyHasChanged, ReasonTooShort
from crm.selectors.policies import policy_of
from crm.services.ordering import reorder_at
from crm.services.pulse import touch_queues

LEAST_REASON = 10  # characters


@dataclass(frozen=True, slots=True)
class NewPolicy:
    """What is to hold from now on, and why. `instead_of` is the version that the manager looked at."""

    weights: Weights
    warn_at: Mapping[str, int]
    reason: str
    instead_of: int


@transaction.atomic
def set_policy(*, site: Site, by: User, policy: NewPolicy, at: datetime) -> QueuePolicy:
    """Write down the next version and have the open leads put in order by it.

    Raises ReasonTooShort, and PolicyHasChanged when a colleague was quicker.
    """
    if len(policy.reason.strip()) < LEAST_REASON:
        raise ReasonTooShort(LEAST_REASON)
    Site.objects.select_for_update().get(pk=site.pk)
    version = policy_of(site.pk).version
    if version != policy.instead_of:
        raise PolicyHasChanged
    made = QueuePolicy.objects.create(
        site=site,
        version=version + 1,
        **asdict(policy.weights),
        warn_at=dict(policy.warn_at),
        reason=policy.reason.strip(),
        made_by=by,
        made_at=at,
    )
    reorder_at(site.pk, at)
    touch_queues()
    return made
