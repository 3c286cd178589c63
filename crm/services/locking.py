"""Taking rows for oneself for the length of a transaction."""

from crm.models import Lead, User
from crm.refusals import LeadIsOver


def locked(lead: Lead) -> Lead:
    """Return the lead as it is now, locked until the transaction ends.

    One that was merged is locked together with the lead that it went into, which is returned: whatever is
    done to the one is done to the other.
    """
    fresh = locked_itself(lead)
    while fresh.merged_into_id:
        fresh = locked_itself(Lead(pk=fresh.merged_into_id))
    return fresh


def locked_itself(lead: Lead) -> Lead:
    """Return this very lead locked, merged or not."""
    return Lead.objects.select_for_update(of=("self",)).select_related("site", "owner").get(pk=lead.pk)


def locked_open(lead: Lead) -> Lead:
    """Return the lead locked. Raises LeadIsOver when it is closed or admitted."""
    fresh = locked(lead)
    if not fresh.is_open:
        raise LeadIsOver
    return fresh


def one_act_at_a_time(user: User) -> None:
    """Let nothing else give this person a lead, or take theirs away, until the transaction ends.

    Whoever locks a person and a lead locks the person first.
    """
    User.objects.select_for_update(no_key=True).only("pk").get(pk=user.pk)
