"""What the link in an alert opens, and that in a summary of several."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from crm.ack_tokens import GOOD_FOR, Bearer, Reader, ack_token
from crm.enums import Level
from crm.models import Lead, Membership, User
from notifications.enums import Why
from notifications.models import Escalation

MOST_AT_ONCE = 500
SECOND = timedelta(seconds=1)  # a token knows no less


@dataclass(frozen=True, slots=True)
class Told:
    """An alert, the lead that it is about, and the person whom the link was sent to."""

    escalation: Escalation
    lead: Lead
    user: User

    @property
    def is_open(self) -> bool:
        return self.escalation.ended_at is None

    @property
    def level(self) -> Level:
        return Level(self.lead.level or Level.U1)


def told(bearer: Bearer, at: datetime) -> Told | None:
    """Return what a link opens; None when it has run out, or its person does not work there any more."""
    if bearer.until <= at:
        return None
    escalation = Escalation.objects.filter(pk=bearer.escalation).first()
    if escalation is None:
        return None
    members = Membership.objects.filter(user=bearer.user, site=escalation.site, user__is_active=True)
    member = members.select_related("user").first()
    lead = Lead.objects.select_related("site").filter(pk=escalation.about).first()
    return Told(escalation, lead, member.user) if member and lead else None


@dataclass(frozen=True, slots=True)
class Waiting:
    """An alert that nobody has answered, and the token by which one person does."""

    alert: Told
    token: str


@dataclass(frozen=True, slots=True)
class Together:
    """What a summary told of and still waits, and what began `later`: its link answers none of these."""

    told: list[Waiting]
    later: list[Told]


def told_together(reader: Reader, at: datetime) -> Together | None:
    """Return what waits at the sites of a summary's person, the most severe first; None when it has run out.

    Three queries.
    """
    members = Membership.objects.filter(user=reader.user, user__is_active=True).select_related("user")
    mine = {member.site_id: member.user for member in members}
    if reader.made_at + GOOD_FOR <= at or not mine:
        return None
    alerts, until = _open_alerts(mine), reader.made_at + SECOND
    told_of = [alert for alert in alerts if alert.escalation.started_at < until]
    later = [alert for alert in alerts if alert.escalation.started_at >= until]
    return Together([Waiting(alert, _token_for(alert, at)) for alert in told_of], later)


def _open_alerts(mine: Mapping[UUID, User]) -> list[Told]:
    """Return the alerts that nobody has answered at somebody's sites, the most severe first."""
    open_ = Escalation.objects.filter(ended_at=None, site__in=mine)
    some = list(open_.order_by("started_at")[:MOST_AT_ONCE])
    leads = Lead.objects.select_related("site").in_bulk(each.about for each in some)
    alerts = [Told(each, leads[each.about], mine[each.site]) for each in some if each.about in leads]
    return sorted(alerts, key=lambda alert: (alert.level.rank, alert.escalation.started_at))


def why_summary_is_over(about: UUID | None, at: datetime) -> str:
    """Return why a summary needs not go out any more: nothing waits where the person works."""
    sites = Membership.objects.filter(user=about).values("site")
    waiting = Escalation.objects.filter(ended_at=None, site__in=sites).exists()
    return "" if about is None or waiting else Why.ANSWERED


def _token_for(alert: Told, at: datetime) -> str:
    return ack_token(escalation=alert.escalation.pk, user=alert.user.pk, at=at)
