"""The clock of the first response: a new promise makes it end sooner, and nothing makes it end later."""

from datetime import datetime, timedelta

from crm.models import Lead


def hold_to(lead: Lead, promise: datetime, *, stood: timedelta = timedelta()) -> None:
    """Let a locked lead's clock end by another promise, too, if that is sooner.

    For how long the lead's clock stood counts for its own promise and not for this one, whose clock has
    `stood` for a time of its own. The lead is not set aside, and is saved by the caller.
    """
    ends = min(lead.clock_ends_at, promise + stood)
    lead.respond_by = min(lead.respond_by, promise)
    lead.clock_stopped_for = ends - lead.respond_by
