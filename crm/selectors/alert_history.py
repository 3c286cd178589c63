"""Who was told in each step of an alert, by name, for the timeline; and how often people were told by now."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, Min, OuterRef

from crm.enums import EventKind
from crm.models import ContactAttempt, LeadEvent, User
from notifications.enums import ChannelName


@dataclass(frozen=True, slots=True)
class ToldBefore:
    """How often people were told of a lead since anybody last tried to call, and when for the first time."""

    times: int
    since: datetime


def told_before(leads: Collection[UUID]) -> dict[UUID, ToldBefore]:
    """Return of each lead of which anybody was told how often that was. One query."""
    tried = ContactAttempt.objects.filter(lead=OuterRef("lead"), attempted_at__gte=OuterRef("occurred_at"))
    steps = LeadEvent.objects.filter(~Exists(tried), lead__in=leads, kind=EventKind.ALERT_STEP)
    told = steps.exclude(data__people=0).order_by().values("lead")
    found = told.annotate(times=Count("pk"), since=Min("occurred_at"))
    return {each["lead"]: ToldBefore(each["times"], each["since"]) for each in found}


def names_told(events: Iterable[LeadEvent]) -> dict[str, str]:
    """Return the names of everybody whom the events name by id, in one query; in none without such events."""
    steps = [event.data.get("told", {}) for event in events if event.kind == EventKind.ALERT_STEP]
    ids = {UUID(each) for told in steps for people in told.values() for each in people}
    return {str(user.pk): str(user) for user in User.objects.filter(pk__in=ids)} if ids else {}


def told_in_words(event: LeadEvent, names: Mapping[str, str]) -> list[str]:
    """Return whom a step told, by channel."""
    told = event.data.get("told", {}) if event.kind == EventKind.ALERT_STEP else {}
    return [
        f"{ChannelName(channel).label}: {', '.join(names.get(each, 'somebody') for each in people)}."
        for channel, people in told.items()
    ]
