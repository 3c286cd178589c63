"""What stands on a lead as promised is the soonest call that its caller was told of before a contact."""

from datetime import datetime, timedelta

from crm.enums import EventKind, PromiseState
from crm.models import Lead, LeadEvent, Site
from crm.selectors.lead_record import lead_record
from tests.factories import LeadFactory

MINUTE = timedelta(minutes=1)


def told(lead: Lead, kind: EventKind, *, after: int, within: int) -> datetime:
    """Note that the caller was told, so many minutes after the enquiry, of a call `within` as many."""
    at = lead.received_at + after * MINUTE
    call_by = lead.received_at + within * MINUTE
    LeadEvent.objects.create(lead=lead, kind=kind, occurred_at=at, data={"call_by": call_by.isoformat()})
    return call_by


def test_what_is_added_may_make_it_sooner_and_never_later(site: Site) -> None:
    lead = LeadFactory(site=site)
    told(lead, EventKind.ENQUIRY_RECEIVED, after=0, within=30)
    sooner = told(lead, EventKind.ANSWERED_MORE, after=2, within=15)
    told(lead, EventKind.REPEAT_ENQUIRY, after=3, within=240)
    promised = lead_record(lead, lead.received_at + 20 * MINUTE).promised
    assert promised
    assert (promised.call_by, promised.state) == (sooner, PromiseState.BROKEN)


def test_what_is_told_after_the_first_contact_is_another_promise(site: Site) -> None:
    lead = LeadFactory(site=site, contacted=True)
    kept = told(lead, EventKind.ENQUIRY_RECEIVED, after=0, within=30)
    lead.first_contact_at = lead.received_at + 10 * MINUTE
    told(lead, EventKind.ANSWERED_MORE, after=12, within=14)
    promised = lead_record(lead, lead.received_at + 20 * MINUTE).promised
    assert promised
    assert (promised.call_by, promised.state) == (kept, PromiseState.KEPT)


def test_where_nothing_was_told_nothing_was_promised(site: Site) -> None:
    lead = LeadFactory(site=site)
    assert lead_record(lead, lead.received_at).promised is None
