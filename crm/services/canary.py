"""What the desk has of the canary: its site, its leads, and how they go."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from crm.canary import CANARY_SITE
from crm.enums import Disposition, EventKind, Stage
from crm.models import Lead, LeadEvent, LeadReference, Person, Placement, Site
from crm.services.acknowledging import end_alert
from crm.services.locking import locked
from notifications.enums import EscalationEnd
from notifications.models import Escalation, Message


def canary_site() -> Site:
    """Return the canary's site, making it the first time."""
    made_up = {"slug": "canary", "name": "Canary: nobody works here", "phone": ""}
    return Site.objects.get_or_create(pk=CANARY_SITE, defaults=made_up)[0]


@transaction.atomic
def put_away(*, lead: Lead, at: datetime) -> None:
    """End a canary's lead and its alert, however far it came."""
    lead = locked(lead)
    if lead.site_id != CANARY_SITE or not lead.is_open:
        return
    lead.stage, lead.closed_at, lead.disposition = Stage.CLOSED, at, Disposition.NOT_AN_ENQUIRY
    lead.save(update_fields=["stage", "closed_at", "disposition"])
    LeadEvent.objects.create(lead=lead, kind=EventKind.CLOSED, occurred_at=at, data={"canary": True})
    end_alert(lead=lead, why=EscalationEnd.OVER, at=at)


def delete_canary_leads(leads: Collection[UUID]) -> None:
    """Delete leads of the canary with all that hangs on them; the database refuses it for any other lead."""
    people = Lead.objects.filter(pk__in=leads).values_list("caller", "patient")
    gone = {person for pair in people for person in pair}
    Message.objects.filter(about__in=leads).delete()
    Escalation.objects.filter(about__in=leads).delete()
    for history in (LeadEvent, Placement):
        history._default_manager.filter(lead__in=leads).delete()
    LeadReference.objects.filter(lead__in=leads).delete()
    Lead.objects.filter(pk__in=leads, site=CANARY_SITE).delete()
    Person.objects.filter(pk__in=gone).delete()
