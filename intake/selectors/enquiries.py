"""Enquiries and unsent answers."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from crm.selectors.open_leads import goes_on_as
from intake.draft_keys import hash_of
from intake.models import Draft, Enquiry
from intake.tokens import GOOD_FOR, enquiry_id_of
from jobs.clock import database_now

STRANDED_AFTER = timedelta(seconds=60)  # as for a lead that is not placed


def enquiry_by_token(token: str, at: datetime) -> Enquiry | None:
    """Return the enquiry of a caller's page, or None for one that is not ours, too old or closed.

    One whose lead was merged comes with the lead that goes on, like one that had joined it.
    """
    enquiry_id = enquiry_id_of(token)
    related = ("site", "adds_to", "lead__caller", "lead__site")
    enquiry = enquiry_id and Enquiry.objects.select_related(*related).filter(pk=enquiry_id).first()
    if not enquiry or at - enquiry.received_at >= GOOD_FOR or _is_closed(enquiry):
        return None
    enquiry.lead = enquiry.lead and goes_on_as(enquiry.lead)
    return None if _is_closed(enquiry) else enquiry


def _is_closed(enquiry: Enquiry) -> bool:
    """Return whether the page was closed after the enquiry had come."""
    closed_at = enquiry.lead.pages_closed_at if enquiry.lead else None
    return closed_at is not None and enquiry.received_at <= closed_at


def said_so_far(enquiry: Enquiry) -> list[Enquiry]:
    """Return the caller's first enquiry and all that they added to it, in order."""
    first = enquiry.adds_to or enquiry
    return [first, *Enquiry.objects.filter(adds_to=first).order_by("received_at", "pk")]


def stranded_enquiries(sites: Iterable[UUID]) -> list[Enquiry]:
    """Return the first 100 enquiries of these sites that are on no lead after a minute, oldest first."""
    late = Enquiry.objects.filter(lead=None, received_at__lt=database_now() - STRANDED_AFTER)
    return list(late.filter(site__in=list(sites)).order_by("received_at")[:100])


def open_draft(key: str, at: datetime) -> Draft | None:
    """Return the unsent answers that a browser's key opens, also just after they were sent."""
    draft = Draft.objects.select_related("sent_as").filter(key_hash=hash_of(key), open_until__gt=at).first()
    return draft if draft and draft.expires_at > at else None
