"""Callers' open wishes follow a merged lead: a request to be erased has a date that the law sets."""

from datetime import datetime
from uuid import UUID

from crm.models import CallerRequest, Lead, User

GOES_ON = "Goes on with the other lead of the same episode."


def take_over_requests(survivor: Lead, duplicate: Lead, by: User, at: datetime) -> dict[str, list[str]]:
    """Move the duplicate's open requests; return their ids: those "moved", and those "settled" as the
    survivor has the same already, which then keeps the earlier date.
    """
    same = {request.kind: request for request in survivor.requests.filter(settled_at=None)}
    gone: dict[str, list[str]] = {"moved": [], "settled": []}
    for request in duplicate.requests.filter(settled_at=None):
        known = same.get(request.kind)
        gone["settled" if known else "moved"].append(str(request.pk))
        if known is None:
            CallerRequest.objects.filter(pk=request.pk).update(lead=survivor)
            continue
        _keep_earlier_date(known, request)
        CallerRequest.objects.filter(pk=request.pk).update(settled_at=at, settled_by=by, outcome=GOES_ON)
    return gone


def give_back_requests(gone: dict[str, list[str]], duplicate: Lead) -> None:
    """Put the requests back; one that somebody has settled meanwhile stays settled."""
    CallerRequest.objects.filter(pk__in=_ids(gone, "moved")).update(lead=duplicate)
    CallerRequest.objects.filter(pk__in=_ids(gone, "settled")).update(
        settled_at=None, settled_by=None, outcome=""
    )


def _ids(gone: dict[str, list[str]], what: str) -> list[UUID]:
    return [UUID(each) for each in gone.get(what, [])]


def _keep_earlier_date(known: CallerRequest, other: CallerRequest) -> None:
    dates = [request.due_date for request in (known, other) if request.due_date]
    if dates and known.due_date != min(dates):
        known.due_date = min(dates)
        known.save(update_fields=["due_date"])
