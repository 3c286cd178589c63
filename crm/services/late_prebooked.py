"""Pre-booked leads that nobody has tried to call while the promised time comes near: managers are told."""

from datetime import datetime, timedelta
from itertools import groupby

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from crm.enums import EventKind, Level, Queue
from crm.models import ContactAttempt, Lead, LeadEvent
from crm.models.lead import OPEN
from crm.services.alerts import tell_managers
from notifications.catalogue import MessageKind

MOST_AT_ONCE = 1000


@transaction.atomic
def tell_of_uncalled_leads(*, at: datetime) -> int:
    """Note it on each such lead and tell the managers of each site together, once a lead; return how many."""
    leads = _uncalled(at)
    LeadEvent.objects.bulk_create(
        LeadEvent(lead=lead, kind=EventKind.NOT_CALLED, occurred_at=at) for lead in leads
    )
    for _, of_site in groupby(leads, key=lambda lead: lead.site_id):
        first, *others = of_site
        kind = MessageKind.PREBOOKED_WAITING
        tell_managers(lead=first, key=str(first.pk), at=at, kind=kind, others=others)
    return len(leads)


def _uncalled(at: datetime) -> list[Lead]:
    """Return those that nobody was told of, by site. Set aside is not forgotten."""
    said = LeadEvent.objects.filter(lead=OuterRef("pk"), kind=EventKind.NOT_CALLED)
    tried = ContactAttempt.objects.filter(lead=OuterRef("pk"))
    aside = Q(paused_until__gt=at)
    leads = Lead.objects.filter(OPEN, _is_near(at), ~aside, ~Exists(said), ~Exists(tried), owner=None)
    locked = leads.select_related("site").order_by("due_at").select_for_update(skip_locked=True, of=("self",))
    return sorted(locked[:MOST_AT_ONCE], key=lambda lead: (str(lead.site_id), lead.due_at))


def _is_near(at: datetime) -> Q:
    near = Q()
    for level, minutes in settings.TELL_MANAGERS_BEFORE_MINUTES.items():
        near |= Q(level=Level[level], due_at__lt=at + timedelta(minutes=minutes))
    return near & Q(queue=Queue.PREBOOKED, first_contact_at=None)
