"""What became of the latest test by each way of staff, in words."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils.timezone import localtime

from crm.enums import WayCheckKind
from crm.models import WayCheck
from notifications.enums import ChannelName

Tests = dict[
    tuple[UUID, UUID | None], WayCheck
]  # by person and way; None is the e-mail address of the account


def latest_tests(users: Iterable[UUID]) -> Tests:
    """Return the test sent last by each way that people have, answered or not, in one query."""
    known = Q(way__isnull=False) | Q(channel=ChannelName.EMAIL)  # of removed ways nothing is to be said
    sent = WayCheck.objects.filter(known, user__in=users).exclude(kind=WayCheckKind.CODE)
    rows = sent.order_by("user", "way", "-sent_at").distinct("user", "way")
    return {(each.user_id, each.way_id): each for each in rows}


def in_words(*, confirmed_at: datetime | None, latest: WayCheck | None, since: datetime, at: datetime) -> str:
    """Return how one way stands, in the current time zone. `since`: a word that is older counts no more."""
    if confirmed_at and confirmed_at >= since:
        return f"confirmed on {localtime(confirmed_at):%-d %B}"
    if latest and (confirmed_at is None or latest.sent_at > confirmed_at):
        sent = f"{localtime(latest.sent_at):%-d %B, %H:%M}"
        return (
            f"test sent {sent}, waits for an answer"
            if latest.expires_at > at
            else f"test of {sent} not confirmed"
        )
    return f"last confirmed on {localtime(confirmed_at):%-d %B}" if confirmed_at else "never tested"
